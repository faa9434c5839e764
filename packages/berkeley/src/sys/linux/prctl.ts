/**
 * prctl(2).
 */
import { declare, resultOf } from "../ffi.js";

type Operation = (option: number, argument: number, third: number, fourth: number, fifth: number) => number;

const c = {
	prctl: declare<Operation>("prctl", "int", ["int", "size_t", "size_t", "size_t", "size_t"]),
};

/** prctl(2) with one argument, such as a signal. */
export function prctl(option: number, argument: number): number {
	return resultOf(c.prctl(option, argument, 0, 0, 0));
}
