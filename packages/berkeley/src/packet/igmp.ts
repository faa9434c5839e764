/**
 * IGMP: which multicast groups are wanted. RFC 1112 appendix I (version 1), RFC 2236 (2), RFC 3376 (3).
 */
import { put8, put16, u8, u16 } from "./bytes.js";
import { checksum } from "./checksum.js";
import {
	bitsField,
	checkMembers,
	flagField,
	inet4Field,
	type Message,
	MessageView,
	message,
	numberField,
	writeField,
} from "./fields.js";
import {
	type GroupRecord,
	measureRecords,
	readAddresses,
	readRecords,
	recordsEnd,
	wholeRecords,
	writeAddresses,
	writeRecords,
} from "./grouprecords.js";
import {
	type FaultSink,
	type Layer,
	type LayerValue,
	type Mark,
	marksOf,
	type Protocol,
	protocol,
} from "./layer.js";

/** A router asks who is in a group, or in any. */
export const IGMP_MEMBERSHIP_QUERY = 0x11;
/** A host is in a group, version 1. */
export const IGMP_V1_MEMBERSHIP_REPORT = 0x12;
/** A host is in a group, version 2. */
export const IGMP_V2_MEMBERSHIP_REPORT = 0x16;
/** A host leaves a group, version 2. */
export const IGMP_V2_LEAVE_GROUP = 0x17;
/** What a host wants of its groups, version 3. */
export const IGMP_V3_MEMBERSHIP_REPORT = 0x22;

const smallest = 8;
const common = new Set(["layer", "trailer", "type", "maxRespCode", "checksum"]);
const plain = message("versions 1 and 2", 8, [inet4Field("group", 4)]);
const queryFields = [
	inet4Field("group", 4),
	bitsField("reserved", 8, 1, 4, 4),
	flagField("suppress", 8, 3),
	bitsField("robustness", 8, 1, 0, 3),
	numberField("queryIntervalCode", 9, 1),
	numberField("numberOfSources", 10, 2),
];
const query = message("a query of version 3", 12, queryFields, ["sources"]);
const reportFields = [numberField("reserved", 4, 2), numberField("numberOfRecords", 6, 2)];
const report = message("a report of version 3", 8, reportFields, ["records"]);

/** An IGMP message. Which fields there are depends on the type and version. */
export interface Igmp extends LayerValue {
	/** "igmp". */
	readonly layer: "igmp";
	/** IGMP_MEMBERSHIP_QUERY … */
	readonly type: number;
	/**
	 * Queries: how long hosts may take to answer, in tenths of a second, from 128 on as RFC 3376 section 4.1.1 says; 0 in
	 * version 1. No use in reports. 0 when left out.
	 */
	readonly maxRespCode?: number;
	/** Computed when left out. */
	readonly checksum?: number;
	/** All but reports of version 3: the group; 0.0.0.0, in queries for any, when left out. */
	readonly group?: string;
	/** Version 3: four bits of a query, 16 of a report, which must be 0. */
	readonly reserved?: number;
	/** Queries of version 3: whether routers shall leave their timers; false when left out. */
	readonly suppress?: boolean;
	/** Queries of version 3: how many losses are provided for, 3 bits; 0 when left out. */
	readonly robustness?: number;
	/** Queries of version 3: how often is asked, in seconds, from 128 on as RFC 3376 section 4.1.7 says; 0 when left out. */
	readonly queryIntervalCode?: number;
	/** Queries of version 3: computed when left out. */
	readonly numberOfSources?: number;
	/** Queries of version 3, which is what it makes them: the senders that are asked about. */
	readonly sources?: readonly string[];
	/** Reports of version 3: computed when left out. */
	readonly numberOfRecords?: number;
	/** Reports of version 3: what is wanted of each group. */
	readonly records?: readonly GroupRecord[];
}

/** An IGMP message in a packet. */
export class IgmpView extends MessageView<Igmp> {
	/** "igmp". */
	get layer(): "igmp" {
		return "igmp";
	}

	protected get message(): Message {
		if (this.type === IGMP_V3_MEMBERSHIP_REPORT) return report;
		return this.type === IGMP_MEMBERSHIP_QUERY && this.headerLength > smallest ? query : plain;
	}

	/** IGMP_MEMBERSHIP_QUERY … */
	get type(): number {
		return u8(this.bytes, this.start);
	}

	/** Queries: how long hosts may take to answer, as a code. */
	get maxRespCode(): number {
		return u8(this.bytes, this.start + 1);
	}

	/** The checksum, as it stands there. */
	get checksum(): number {
		return u16(this.bytes, this.start + 2);
	}

	/** Whether the checksum is right; undefined where not all of the message is there. */
	get checksumIsRight(): boolean | undefined {
		return this.whole ? checksum(this.bytes, this.start, this.end) === 0 : undefined;
	}

	/** All but reports of version 3: the group. */
	get group(): string | undefined {
		return this.address("group");
	}

	/** Version 3: bits that must be 0. */
	get reserved(): number | undefined {
		return this.number("reserved");
	}

	/** Queries of version 3: whether routers shall leave their timers. */
	get suppress(): boolean | undefined {
		return this.flag("suppress");
	}

	/** Queries of version 3: how many losses are provided for. */
	get robustness(): number | undefined {
		return this.number("robustness");
	}

	/** Queries of version 3: how often is asked, as a code. */
	get queryIntervalCode(): number | undefined {
		return this.number("queryIntervalCode");
	}

	/** Queries of version 3: how many sources there are, as it says. */
	get numberOfSources(): number | undefined {
		return this.number("numberOfSources");
	}

	/** Queries of version 3: the senders that are asked about. */
	get sources(): string[] | undefined {
		return this.message === query
			? readAddresses(this.bytes, this.start + query.size, this.payloadStart, 4)
			: undefined;
	}

	/** Reports of version 3: how many records there are, as it says. */
	get numberOfRecords(): number | undefined {
		return this.number("numberOfRecords");
	}

	/** Reports of version 3: what is wanted of each group. */
	get records(): GroupRecord[] | undefined {
		return this.message === report
			? readRecords(this.bytes, this.start + report.size, this.payloadStart, 4)
			: undefined;
	}

	/** All fields as a plain value. */
	toValue(): Igmp {
		const { type, maxRespCode, sources, records } = this;
		const value = { layer: "igmp" as const, type, maxRespCode, checksum: this.checksum };
		this.addFields(value);
		if (sources !== undefined) return { ...value, sources };
		return records === undefined ? value : { ...value, records };
	}

	/** One line. */
	summary(): string {
		const { type, group, records } = this;
		switch (type) {
			case IGMP_MEMBERSHIP_QUERY:
				return `query ${group}`;
			case IGMP_V1_MEMBERSHIP_REPORT:
			case IGMP_V2_MEMBERSHIP_REPORT:
				return `report ${group}`;
			case IGMP_V2_LEAVE_GROUP:
				return `leave ${group}`;
		}
		if (records === undefined) return `type 0x${type.toString(16)}`;
		return `report ${records.map(({ multicastAddress }) => multicastAddress).join(", ")}`;
	}

	/** Where the fields stand. */
	marks(): readonly Mark[] {
		const head: [string, number][] = [
			["type", 1],
			["maxRespCode", 1],
			["checksum", 2],
		];
		const { message: table, start, payloadStart: end } = this;
		const list = start + table.size;
		const rest = list < end ? [{ field: table === query ? "sources" : "records", start: list, end }] : [];
		return [...marksOf(start, head), ...this.fieldMarks(), ...rest];
	}
}

const queryMembers = [...query.members].filter((name) => name !== "group") as (keyof Igmp)[];

function tableOf(value: Igmp): Message {
	if (value.type === IGMP_V3_MEMBERSHIP_REPORT) return report;
	const isVersion3 =
		value.type === IGMP_MEMBERSHIP_QUERY && queryMembers.some((name) => value[name] !== undefined);
	return isVersion3 ? query : plain;
}

/** IGMP, versions 1 to 3. */
export const igmp: Protocol<Igmp, IgmpView> = protocol({
	layer: "igmp",
	computed: ["checksum", "numberOfSources", "numberOfRecords"],
	open(bytes: Uint8Array, start: number, end: number, outer: Layer | undefined, faults: FaultSink) {
		const there = end - start;
		if (there < smallest) {
			faults.fault("igmp", "type", start, `a message has at least ${smallest} bytes, and ${there} are there`);
			return undefined;
		}
		const type = u8(bytes, start);
		let payloadStart = start + smallest;
		if (type === IGMP_V3_MEMBERSHIP_REPORT) {
			const count = u16(bytes, start + 6);
			const whole = wholeRecords(bytes, payloadStart, end, count, 4);
			payloadStart = recordsEnd(bytes, payloadStart, whole, 4);
			if (whole < count) {
				const problem = `it says ${count} records, and ${whole} are there`;
				faults.fault("igmp", "numberOfRecords", start + 6, problem);
			}
		} else if (type === IGMP_MEMBERSHIP_QUERY && there >= query.size) {
			const count = u16(bytes, start + 10);
			const fitting = Math.floor((there - query.size) / 4);
			payloadStart = start + query.size + Math.min(count, fitting) * 4;
			if (count > fitting) {
				const problem = `it says ${count} sources, and ${fitting} are there`;
				faults.fault("igmp", "numberOfSources", start + 10, problem);
			}
		}
		return new IgmpView(bytes, start, payloadStart, end, outer);
	},
	measure(value) {
		const { size } = tableOf(value);
		if (value.records !== undefined) return size + measureRecords(value.records, 4, "igmp");
		return size + (value.sources?.length ?? 0) * 4;
	},
	write(value, { bytes, start }) {
		const table = tableOf(value);
		checkMembers("igmp", value, common, table);
		put8(bytes, start, value.type, "igmp.type");
		put8(bytes, start + 1, value.maxRespCode ?? 0, "igmp.maxRespCode");
		for (const field of table.fields) {
			writeField(field, value[field.name as keyof Igmp], bytes, start, "igmp");
		}
		const { sources = [], records = [] } = value;
		if (table === query) {
			put16(bytes, start + 10, value.numberOfSources ?? sources.length, "igmp.numberOfSources");
			writeAddresses(sources, bytes, start + query.size, 4, "igmp.sources");
		} else if (table === report) {
			put16(bytes, start + 6, value.numberOfRecords ?? records.length, "igmp.numberOfRecords");
			writeRecords(records, bytes, start + report.size, 4, "igmp");
		}
	},
	seal(value, { bytes, start, end }) {
		put16(bytes, start + 2, value.checksum ?? checksum(bytes, start, end), "igmp.checksum");
	},
});
