/**
 * How a live capture is asked for, checked before anything is touched.
 */
import { checkInteger, checkText, kindOf } from "../../address/bytes.js";
import * as C from "../../sys/linux/constants/packet.js";
import type { Instruction } from "../bpf/instruction.js";
import { checkProgram } from "../bpf/interpreter.js";

/** How the members of a group share packets. packet(7). */
export type FanoutMode = "hash" | "lb" | "cpu" | "rollover" | "rnd" | "qm";

/** A group of captures that share the packets of an interface. */
export interface CaptureFanout {
	/** The group's number in its network namespace, 0 to 65535. A new group gets a free one when it is left out. */
	id?: number;
	/**
	 * `hash` keeps a flow, both ways of it, with one member; `lb` gives to one after another; `cpu` goes by the CPU
	 * that the packet came to; `rollover` fills one member before it goes to the next; `rnd` is at random; `qm` goes
	 * by the card's queue. PACKET_FANOUT_HASH and so on.
	 */
	mode: FanoutMode;
	/** Puts IPv4 fragments together first, so that all of a flow has the same hash. PACKET_FANOUT_FLAG_DEFRAG. */
	defragment?: boolean;
	/** Gives to another member what one has no room for. PACKET_FANOUT_FLAG_ROLLOVER. */
	rollover?: boolean;
}

/** What is captured, and how. */
export interface CaptureOptions {
	/** The interface's name, or its index; "any" for all of them, with cooked headers as tcpdump has it. */
	interface: string | number;
	/** What to capture: an expression as tcpdump's, or a program of compileFilter() with `live`. All when left out. */
	filter?: string | readonly Instruction[];
	/** How many bytes of a packet are kept, 1 to 1048576; 262144 when left out. */
	snaplen?: number;
	/** Whether to see what is sent to other machines too. False when left out; not with "any". */
	promiscuous?: boolean;
	/** Only what comes in, or only what goes out; both when left out. Loopback packets count as coming in, once. */
	direction?: "in" | "out";
	/**
	 * `true` requires the ring, `false` does without. When left out there is a ring where the kernel gives one, and
	 * otherwise a call for each packet.
	 */
	ring?: boolean;
	/** Hands each packet over at once, which a ring cannot: it does without. False when left out. */
	immediate?: boolean;
	/** Bytes of memory for packets that were not read yet, which the kernel locks; 16 MiB when left out. */
	bufferSize?: number;
	/** Of a ring: the bytes of a block, a power of two from 4096. Longer packets are cut. 256 KiB when left out. */
	blockSize?: number;
	/** Of a ring: after how many milliseconds a block that is not full is handed over, 1 to 60000; 10 when left out. */
	blockTimeout?: number;
	/** The header that is made where an interface has none of a known kind; "sll2" when left out. */
	cooked?: "sll" | "sll2";
	/** Whether a VLAN tag that the kernel keeps beside a packet is put back into its bytes. True when left out. */
	vlanInBytes?: boolean;
	/** Shares the packets with other captures: in other workers, or in other processes. */
	fanout?: CaptureFanout;
	/** Closes the capture; what waits rejects with the signal's reason. */
	signal?: AbortSignal;
}

/** All options, each with a value or undefined. */
export interface CheckedOptions {
	interface: string | number;
	filter: string | readonly Instruction[] | undefined;
	snaplen: number;
	promiscuous: boolean;
	direction: "in" | "out" | undefined;
	ring: boolean | undefined;
	bufferSize: number;
	blockSize: number;
	blockTimeout: number;
	cooked: "sll" | "sll2";
	vlanInBytes: boolean;
	fanout: { id: number; type: number; flags: number; mode: FanoutMode } | undefined;
	signal: AbortSignal | undefined;
}

const modes: Readonly<Record<FanoutMode, number>> = {
	hash: C.PACKET_FANOUT_HASH,
	lb: C.PACKET_FANOUT_LB,
	cpu: C.PACKET_FANOUT_CPU,
	rollover: C.PACKET_FANOUT_ROLLOVER,
	rnd: C.PACKET_FANOUT_RND,
	qm: C.PACKET_FANOUT_QM,
};

const known: ReadonlySet<string> = new Set([
	"interface",
	"filter",
	"snaplen",
	"promiscuous",
	"direction",
	"ring",
	"immediate",
	"bufferSize",
	"blockSize",
	"blockTimeout",
	"cooked",
	"vlanInBytes",
	"fanout",
	"signal",
]);

const directions = ["in", "out"] as const;
const mebibyte = 1024 * 1024;

/** @throws TypeError or RangeError that says what is allowed */
export function checkOptions(options: CaptureOptions): CheckedOptions {
	if (typeof options !== "object" || options === null) {
		throw new TypeError(`capture takes { interface, filter, … }, not ${kindOf(options)}`);
	}
	const stranger = Object.keys(options).find((name) => !known.has(name));
	if (stranger !== undefined) throw new TypeError(`capture has no option ${stranger}`);
	const { immediate = false } = options;
	checkFlag("immediate", immediate);
	if (options.ring !== undefined) checkFlag("ring", options.ring);
	if (immediate && options.ring === true) {
		throw new TypeError("a ring hands packets over block by block: immediate is for a capture without");
	}
	const ring = immediate ? false : options.ring;
	for (const name of ["blockSize", "blockTimeout"] as const) {
		if (ring === false && options[name] !== undefined)
			throw new TypeError(`${name} is for a ring, and there is to be none`);
	}
	const blockSize = checkInteger(options.blockSize ?? mebibyte / 4, 4096, 64 * mebibyte, "blockSize");
	if ((blockSize & (blockSize - 1)) !== 0)
		throw new RangeError(`blockSize must be a power of two, not ${blockSize}`);
	const bufferSize = checkInteger(options.bufferSize ?? 16 * mebibyte, 65536, 2 ** 31 - 1, "bufferSize");
	if (ring !== false && bufferSize < 2 * blockSize) {
		throw new RangeError(
			`bufferSize must have room for two blocks of ${blockSize}, and not be ${bufferSize}`,
		);
	}
	const { promiscuous = false, vlanInBytes = true } = options;
	checkFlag("promiscuous", promiscuous);
	checkFlag("vlanInBytes", vlanInBytes);
	const where = checkInterface(options.interface);
	if (promiscuous && where === "any") {
		throw new TypeError('promiscuous is for one interface, and not for "any"');
	}
	return {
		interface: where,
		filter: checkFilter(options.filter),
		snaplen: checkInteger(options.snaplen ?? 262144, 1, mebibyte, "snaplen"),
		promiscuous,
		direction:
			options.direction === undefined ? undefined : oneOf("direction", options.direction, directions),
		ring,
		bufferSize,
		blockSize,
		blockTimeout: checkInteger(options.blockTimeout ?? 10, 1, 60_000, "blockTimeout"),
		cooked: oneOf("cooked", options.cooked ?? "sll2", ["sll", "sll2"]),
		vlanInBytes,
		fanout: options.fanout === undefined ? undefined : checkFanout(options.fanout),
		signal: checkSignal(options.signal),
	};
}

function checkFlag(name: string, value: unknown): void {
	if (typeof value !== "boolean") throw new TypeError(`${name} must be true or false, not ${kindOf(value)}`);
}

function oneOf<T extends string>(name: string, value: T, allowed: readonly T[]): T {
	if (allowed.includes(value)) return value;
	throw new TypeError(`${name} must be ${allowed.join(" or ")}, not ${String(value)}`);
}

function checkInterface(value: string | number): string | number {
	if (typeof value === "number") return checkInteger(value, 1, 2 ** 31 - 1, "interface");
	if (typeof value === "string" && value !== "" && !value.includes("\0")) return value;
	throw new TypeError(`interface must be an interface's name, its index or "any", not ${kindOf(value)}`);
}

function checkFilter(filter: CaptureOptions["filter"]): string | readonly Instruction[] | undefined {
	if (filter === undefined) return undefined;
	if (Array.isArray(filter)) {
		checkProgram(filter);
		return filter;
	}
	checkText(filter as string, "a filter");
	return filter;
}

function checkFanout(fanout: CaptureFanout): NonNullable<CheckedOptions["fanout"]> {
	if (typeof fanout !== "object" || fanout === null) {
		throw new TypeError(`fanout must be { id, mode }, not ${kindOf(fanout)}`);
	}
	const { id, mode, defragment = false, rollover = false } = fanout;
	checkFlag("fanout: defragment", defragment);
	checkFlag("fanout: rollover", rollover);
	if (!Object.hasOwn(modes, mode)) {
		throw new TypeError(`fanout: mode must be ${Object.keys(modes).join(", ")}, not ${String(mode)}`);
	}
	const flags =
		(id === undefined ? C.PACKET_FANOUT_FLAG_UNIQUEID : 0) |
		(defragment ? C.PACKET_FANOUT_FLAG_DEFRAG : 0) |
		(rollover ? C.PACKET_FANOUT_FLAG_ROLLOVER : 0);
	return { id: checkInteger(id ?? 0, 0, 65535, "fanout: id"), type: modes[mode], flags, mode };
}

function checkSignal(signal: AbortSignal | undefined): AbortSignal | undefined {
	if (signal === undefined) return undefined;
	if (typeof signal !== "object" || signal === null || typeof signal.throwIfAborted !== "function") {
		throw new TypeError(`signal must be an AbortSignal, not ${kindOf(signal)}`);
	}
	return signal;
}
