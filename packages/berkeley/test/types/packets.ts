/**
 * What build() takes: the values of all protocols, as literals too, and what is only known to be some layer.
 */
import * as packet from "../../src/packet/index.js";
import { holds, type Same } from "./support.js";

const { build, ethernet, icmpv4, toJson } = packet;

/** The values of the protocols that are exported. */
type Exported<Module> = {
	[Name in keyof Module]: Module[Name] extends packet.Protocol<infer Value, infer _View> ? Value : never;
}[keyof Module];

holds<Same<Exported<typeof packet>, packet.KnownLayerValue>>();

const frame = ethernet({ destination: "02:00:00:00:00:01", source: "02:00:00:00:00:02" });

export function literals(values: readonly packet.LayerValue[], value: packet.KnownLayerValue): void {
	build({ ...frame, type: 5 }, "data");
	build({ layer: "ipv4", source: "192.0.2.1", destination: "192.0.2.2", ttl: 3 }, new Uint8Array(3));
	build(icmpv4({ type: 11, extension: { objects: [{ kind: "mplsLabelStack", labels: [{ label: 16 }] }] } }));
	build(...values, value);
	toJson([{ ...frame, type: 5 }]);
	toJson(values);
	// @ts-expect-error a field of another layer
	build({ ...frame, ttl: 5 });
	// @ts-expect-error a number is not what a field of text is
	build({ ...frame, source: 5 });
	// @ts-expect-error no such layer
	build({ layer: "ipv5", ttl: 5 });
	// @ts-expect-error no layer at all
	build({ ttl: 5 });
	// @ts-expect-error a label is a number
	icmpv4({ type: 11, extension: { objects: [{ kind: "mplsLabelStack", labels: [16] }] } });
}
