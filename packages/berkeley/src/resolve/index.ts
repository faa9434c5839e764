/**
 * Names and services: what of this folder is public.
 */
export {
	type AddressInfo,
	type AsyncGetaddrinfoOptions,
	type GetaddrinfoOptions,
	getaddrinfo,
	getaddrinfoSync,
	type InternetFamily,
	type ResolvedFamily,
} from "./getaddrinfo.js";
export { getnameinfo, getnameinfoSync, type LookupOptions, type NameInfo } from "./getnameinfo.js";
export { gethostname, sethostname } from "./hostname.js";
export {
	getfqdn,
	getfqdnSync,
	gethostbyaddr,
	gethostbyaddrSync,
	gethostbyname,
	gethostbynameEx,
	gethostbynameExSync,
	gethostbynameSync,
	type HostInfo,
} from "./hosts.js";
export { ifIndextoname, ifNameindex, ifNametoindex } from "./interfaces.js";
export { getprotobyname, getservbyname, getservbyport } from "./services.js";
