/**
 * berkeley/interfaces: what this machine knows of its network: interfaces, addresses, routes and neighbours, by
 * rtnetlink; and the offloads of devices.
 */
export type { InterfaceAddress } from "./addresses.js";
export { interfaceOf, interfaceOfSync, interfaces, interfacesSync } from "./interfaces.js";
export type { NetworkInterface } from "./links.js";
export type { InterfaceReference } from "./names.js";
export { type Neighbour, type NeighboursOptions, neighbours, neighboursSync } from "./neighbours.js";
export type {
	AddressFlag,
	HardwareType,
	InterfaceFlag,
	NeighbourFlag,
	NeighbourState,
	NexthopFlag,
	OperationalState,
	RouteProtocol,
	RouteType,
	Scope,
} from "./numbers.js";
export {
	type Offload,
	type OffloadChange,
	type OffloadFeature,
	type OffloadName,
	type OffloadWishes,
	offload,
	setOffload,
} from "./offload.js";
export type { Nexthop, Route } from "./routemessage.js";
export { type RoutesOptions, routes, routesSync } from "./routes.js";
export { type RouteTo, type RouteToOptions, routeTo, routeToSync } from "./routeto.js";
export type { InterfaceStatistics } from "./statistics.js";
