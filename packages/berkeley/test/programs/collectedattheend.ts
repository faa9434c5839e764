/**
 * For `deno test`: loses much of what is given back when it is collected, and has it collected in the very last
 * moment.
 */
import { test } from "node:test";
import { AF_INET, allocNative, DatagramBatch, socketpair } from "../../src/index.js";
import { epoll } from "../../src/select/index.js";

test("ends with garbage", () => {
	for (let count = 0; count < 200; count++) {
		allocNative(64);
		new DatagramBatch(AF_INET, 1, 64);
		epoll();
		socketpair();
	}
	globalThis.gc?.();
});
