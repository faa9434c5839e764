/**
 * The example that captures, in a network namespace.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { fileOf } from "../support/example.js";
import { makeNetwork, noNetwork } from "../support/network.js";

const onDeno = "deno" in process.versions;
const node = [process.execPath, ...(onDeno ? ["run", "--allow-all"] : [])];

describe("flows", { skip: noNetwork }, () => {
	for (const threads of ["1", "3"]) {
		test(`tells who talks to whom, in ${threads} threads`, async () => {
			const net = await makeNetwork({ hosts: ["a"] });
			try {
				const program = net.start("a", [...node, fileOf("packets/flows"), "lo", threads, "60", "udp"]);
				await program.printed(/capturing at lo/);
				const script = `
					import { AF_INET, SOCK_DGRAM, Socket } from "berkeley";
					const receiver = new Socket(AF_INET, SOCK_DGRAM);
					receiver.bind({ host: "127.0.0.1", port: 5000 });
					for (let flow = 0; flow < 6; flow++) {
						const sender = new Socket(AF_INET, SOCK_DGRAM);
						sender.bind({ host: "127.0.0.1", port: 6000 + flow });
						for (let count = 0; count < 10; count++) {
							sender.sendtoSync("x".repeat(flow * 10), { host: "127.0.0.1", port: 5000 });
						}
						sender.close();
					}
					receiver.close();`;
				await net.output("a", [
					process.execPath,
					...(onDeno ? ["eval", script] : ["--input-type=module", "-e", script]),
				]);
				const { code, stdout, stderr } = await program.ended;
				assert.equal(code, 0, stderr);
				const lines = stdout.trimEnd().split("\n").slice(1);
				// 42 bytes of headers and the data, ten times.
				const expected = [5, 4, 3, 2, 1, 0].map(
					(flow) => `${(42 + flow * 10) * 10}  127.0.0.1 5000 - 127.0.0.1 ${6000 + flow}`,
				);
				assert.deepEqual(
					lines.map((line) => line.trimStart()),
					[...expected, "60 packets captured, 0 dropped"],
				);
			} finally {
				await net.close();
			}
		});
	}
});
