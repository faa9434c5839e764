/**
 * What the views of ICMP and ICMPv6 have in common: behind the packet that an error quotes there may be an extension.
 */
import { MessageView } from "./fields.js";
import {
	extensionChecksumIsRight,
	extensionMarks,
	extensionStart,
	type IcmpExtension,
	readIcmpExtension,
} from "./icmpextension.js";
import type { LayerValue, Mark } from "./layer.js";

/** A view of messages of which some are errors, with an extension. RFC 4884. */
export abstract class IcmpMessageView<Value extends LayerValue> extends MessageView<Value> {
	/** How many bytes it says that its quotation has; 0 where it does not. */
	protected abstract get quotedBytes(): number;

	/** What follows the quotation, decoded; undefined where `length` tells of nothing there. */
	get extension(): IcmpExtension | undefined {
		const { payloadEnd, end } = this;
		return payloadEnd < end ? readIcmpExtension(this.bytes, payloadEnd, end) : undefined;
	}

	/** Whether the extension's own checksum is right; undefined where there is none. */
	get extensionChecksumIsRight(): boolean | undefined {
		const { payloadEnd, end } = this;
		return payloadEnd < end ? extensionChecksumIsRight(this.bytes, payloadEnd, end) : undefined;
	}

	/** Behind the quotation: where the extension begins, if there is one. */
	override get payloadEnd(): number {
		return extensionStart(this.payloadStart, this.quotedBytes, this.end);
	}

	/** Where the fields of the extension stand. */
	override tailMarks(): readonly Mark[] {
		const { payloadEnd, end } = this;
		return payloadEnd < end ? extensionMarks(this.bytes, payloadEnd, end) : [];
	}
}
