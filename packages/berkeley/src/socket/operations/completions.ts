/**
 * MSG_ZEROCOPY as the kernel tells of it (Documentation/networking/msg_zerocopy.rst): it counts the successful
 * calls on a socket, and reports through the error queue which of them it is through with, in ranges of numbers.
 */
import { decodeControl } from "../../sys/cmsg.js";
import { SO_EE_CODE_ZEROCOPY_COPIED, SO_EE_ORIGIN_ZEROCOPY } from "../../sys/linux/constants/errqueue.js";
import { IP_RECVERR } from "../../sys/linux/constants/ip.js";
import { IPV6_RECVERR } from "../../sys/linux/constants/ipv6.js";
import { SOL_IP, SOL_IPV6 } from "../../sys/linux/constants/levels.js";
import { MSG_DONTWAIT, MSG_ERRQUEUE } from "../../sys/linux/constants/msg.js";
import { MessageHeader } from "../../sys/msghdr.js";
import { lendPages, returnPages } from "../../sys/pages.js";
import { recvmsg } from "../../sys/transfer.js";
import { decodeExtendedError, type ExtendedError } from "../ancillary/extended-error.js";

const header = new MessageHeader(1, 256);

/** The calls that sent one piece of memory, and how many of them the kernel is not through with. */
export class Loan {
	/** The number of the first call. */
	first = 0;
	/** How many calls there were. */
	calls = 0;
	/** How many of them the kernel still uses the memory for. */
	outstanding = 0;
	/** Whether all calls were made. */
	whole = false;
	/** Whether the kernel copied some of it. */
	copied = false;
	readonly #memory: Uint8Array;

	constructor(memory: Uint8Array) {
		this.#memory = memory;
	}

	/** Whether the memory may be used again. */
	get over(): boolean {
		return this.whole && this.outstanding === 0;
	}

	/** Counts a call. */
	call(number: number): void {
		if (this.calls++ === 0) this.first = number;
		if (this.outstanding++ === 0) lendPages(this.#memory);
	}

	/** Takes note that the kernel is through with `count` calls from number `from` on. */
	settle(from: number, count: number, copied: boolean): void {
		// The numbers have 32 bits and begin again at 0.
		const start = (from - this.first) | 0;
		const settled = Math.min(start + count, this.calls) - Math.max(start, 0);
		if (settled <= 0) return;
		this.outstanding -= settled;
		if (copied) this.copied = true;
		if (this.outstanding === 0) returnPages(this.#memory);
	}
}

/** The loans of one socket. */
export class Completions {
	/** Whether SO_ZEROCOPY has been set. */
	enabled = false;
	readonly #loans = new Set<Loan>();
	#next = 0;
	/** What the kernel calls our number 0; undefined until its first report. */
	#base: number | undefined;

	/** A loan of this memory, whose calls come next. */
	open(memory: Uint8Array): Loan {
		const loan = new Loan(memory);
		this.#loans.add(loan);
		return loan;
	}

	/** Counts a successful call for a loan. */
	call(loan: Loan): void {
		loan.call(this.#next);
		this.#next = (this.#next + 1) >>> 0;
	}

	/** Says that a loan has no more calls. */
	close(loan: Loan): void {
		loan.whole = true;
		if (loan.over) this.#loans.delete(loan);
	}

	/** Whether the kernel's numbers are known, or there is none yet. */
	get numbered(): boolean {
		return this.#base !== undefined || this.#next === 0;
	}

	/** Reads the reports that are there; how many. */
	reap(fd: number): number {
		for (let reports = 0; ; reports++) {
			header.setName(0);
			header.setIovCount(0);
			header.setControl(256);
			header.setFlags(0);
			if (recvmsg(fd, header.address, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) return reports;
			for (const { level, type, data } of decodeControl(header.control, header.controlLength)) {
				if (!isExtendedError(level, type)) continue;
				const report = decodeExtendedError(data);
				if (report?.origin === SO_EE_ORIGIN_ZEROCOPY && report.errno === 0) this.#settle(report);
			}
		}
	}

	#settle({ info: low, data: high, subcode }: ExtendedError): void {
		this.#base ??= low;
		const from = (low - this.#base) >>> 0;
		const count = ((high - low) >>> 0) + 1;
		for (const loan of this.#loans) {
			loan.settle(from, count, (subcode & SO_EE_CODE_ZEROCOPY_COPIED) !== 0);
			if (loan.over) this.#loans.delete(loan);
		}
	}
}

function isExtendedError(level: number, type: number): boolean {
	return (level === SOL_IP && type === IP_RECVERR) || (level === SOL_IPV6 && type === IPV6_RECVERR);
}
