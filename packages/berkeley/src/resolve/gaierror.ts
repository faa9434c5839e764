/**
 * The errors of name resolution: the EAI_* codes of getaddrinfo(3) with their texts and advice. The h_errno
 * of the older functions is put into the same codes, so that one kind of error is left to handle.
 */
import type { Address } from "../address/types.js";
import { GaiError } from "../errors.js";
import {
	EAI_ADDRFAMILY,
	EAI_AGAIN,
	EAI_BADFLAGS,
	EAI_FAIL,
	EAI_FAMILY,
	EAI_MEMORY,
	EAI_NODATA,
	EAI_NONAME,
	EAI_OVERFLOW,
	EAI_SERVICE,
	EAI_SOCKTYPE,
	EAI_SYSTEM,
} from "../sys/linux/constants/index.js";

const table: Record<number, readonly [code: string, text: string, advice?: string]> = {
	[EAI_BADFLAGS]: [
		"EAI_BADFLAGS",
		"bad value for the flags",
		"a flag is unknown, or AI_CANONNAME came without a host",
	],
	[EAI_NONAME]: ["EAI_NONAME", "name or service not known"],
	[EAI_AGAIN]: [
		"EAI_AGAIN",
		"temporary failure in name resolution",
		"no name server answered; try again later",
	],
	[EAI_FAIL]: [
		"EAI_FAIL",
		"failure in name resolution that will last",
		"the name server refused the question",
	],
	[EAI_NODATA]: [
		"EAI_NODATA",
		"no address for this name",
		"the name exists, but has no address of the family",
	],
	[EAI_FAMILY]: ["EAI_FAMILY", "family not supported", "it must be AF_UNSPEC, AF_INET or AF_INET6"],
	[EAI_SOCKTYPE]: ["EAI_SOCKTYPE", "socket type not supported", "the type and the protocol do not fit"],
	[EAI_SERVICE]: [
		"EAI_SERVICE",
		"service not known for this socket type",
		"give a number, or a name in /etc/services",
	],
	[EAI_ADDRFAMILY]: [
		"EAI_ADDRFAMILY",
		"no address of this family",
		"the host has addresses of another family only",
	],
	[EAI_MEMORY]: ["EAI_MEMORY", "out of memory"],
	[EAI_SYSTEM]: ["EAI_SYSTEM", "a system call failed", "the process may be out of descriptors"],
	[EAI_OVERFLOW]: ["EAI_OVERFLOW", "the name is longer than the buffer for it"],
};

/** What a GaiError tells beside its code. */
export interface GaiContext {
	/** What was looked up, as a person writes it. */
	subject?: string | undefined;
	/** What the error gives as `address` and `port`. */
	address?: Address | undefined;
	/** What to say instead of the table's advice. */
	advice?: string | undefined;
}

/**
 * The error for a negative EAI_*.
 * @param syscall what was tried, as the user knows it
 */
export function gaiError(syscall: string, status: number, context: GaiContext = {}): GaiError {
	const [code, text, help] = table[status] ?? [`EAI_${-status}`, "unknown error in name resolution"];
	const subject = context.subject === undefined ? syscall : `${syscall} ${context.subject}`;
	const advice = context.advice ?? help;
	const message = `${subject}: ${text} (${code})${advice === undefined ? "" : `: ${advice}`}`;
	return new GaiError(message, code, status, syscall, context.address);
}

/** By h_errno. */
const statuses = [EAI_FAIL, EAI_NONAME, EAI_AGAIN, EAI_FAIL, EAI_NODATA];

/** The EAI_* of an h_errno, of which Python makes a herror: HOST_NOT_FOUND, TRY_AGAIN, NO_RECOVERY, NO_DATA. */
export function statusOfHerrno(herrno: number): number {
	return statuses[herrno] ?? EAI_FAIL;
}
