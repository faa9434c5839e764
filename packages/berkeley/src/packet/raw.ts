/**
 * Bytes of no protocol that is known here: what the last layer carries.
 */

import { checkBytes } from "../address/bytes.js";
import { copyOf } from "./bytes.js";
import { type FaultSink, Layer, type LayerValue, type Mark, type Protocol, protocol } from "./layer.js";

/** Bytes as they are. */
export interface Raw extends LayerValue {
	/** "raw". */
	readonly layer: "raw";
	/** The bytes. */
	readonly data: Uint8Array;
}

/** Bytes in a packet. */
export class RawView extends Layer<Raw> {
	/** "raw". */
	get layer(): "raw" {
		return "raw";
	}

	/** The bytes, not copied. */
	get data(): Uint8Array {
		return this.header;
	}

	/** The value, with a copy of the bytes. */
	toValue(): Raw {
		return { layer: "raw", data: copyOf(this.header) };
	}

	/** How many bytes there are. */
	summary(): string {
		const { headerLength } = this;
		return headerLength === 1 ? "1 byte" : `${headerLength} bytes`;
	}

	/** One field. */
	marks(): readonly Mark[] {
		return [{ field: "data", start: this.start, end: this.payloadStart }];
	}
}

/** A payload as it is. */
export const raw: Protocol<Raw, RawView> = protocol({
	layer: "raw",
	computed: [],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, _faults: FaultSink): RawView {
		return new RawView(bytes, start, end, end, outer);
	},
	measure: ({ data }) => {
		checkBytes(data, "raw.data");
		return data.length;
	},
	write: ({ data }, { bytes, start }) => bytes.set(data, start),
});
