/**
 * The examples that need raw and packet sockets, between two hosts, each with its twin in Python.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { fileURLToPath } from "node:url";
import { fileOf } from "../support/example.js";
import { makeNetwork, noNetwork } from "../support/network.js";
import { type Language, noPython } from "../support/twins.js";

type Network = Awaited<ReturnType<typeof makeNetwork>>;

const onDeno = "deno" in process.versions;

/** The command line of an example, or of its twin. */
function command(language: Language, name: string): string[] {
	if (language === "TypeScript") {
		return [process.execPath, ...(onDeno ? ["run", "--allow-all"] : []), fileOf(`packets/${name}`)];
	}
	const twin = new URL(`../../test/python/${name.replaceAll("-", "_")}.py`, import.meta.url);
	return ["python3", "-u", fileURLToPath(twin)];
}

describe("the examples of raw and packet sockets", { skip: noNetwork }, () => {
	let net: Network;
	let listener: ReturnType<Network["start"]>;
	let port = "";
	before(async () => {
		net = await makeNetwork({ hosts: ["a", "b"], links: [["a", "b"]] });
		const program = `
			import { createServer } from "berkeley";
			const listener = createServer({ host: "", port: 0 });
			console.log(listener.getsockname().port);
			await listener.accept();`;
		listener = net.start("b", [
			process.execPath,
			...(onDeno ? ["eval", program] : ["--input-type=module", "-e", program]),
		]);
		[, port = ""] = await listener.printed(/(\d+)\n/);
	});
	after(async () => {
		await listener.stop();
		await net.close();
	});

	for (const language of ["TypeScript", "Python"] as const) {
		const skip = language === "Python" && noPython;
		test(`raw-tcp-syn has its SYN answered by a listener, and by none, in ${language}`, {
			skip,
		}, async () => {
			const [a, b] = [net.ipv4("a"), net.ipv4("b")];
			const open = await net.output("a", command(language, "raw-tcp-syn"), { args: [b, port, "20000"] });
			assert.equal(
				open,
				`sent: ${a} > ${b}:${port} SYN seq 454\nreceived: ${b}:${port} > ${a} ack 455 SYN,ACK: open\n`,
			);
			const closed = await net.output("a", command(language, "raw-tcp-syn"), { args: [b, "1", "20000"] });
			assert.match(closed, /^received: .* ack 455 RST,ACK: closed$/m);
		});
	}

	for (const [sender, receiver] of [
		["TypeScript", "TypeScript"],
		["TypeScript", "Python"],
		["Python", "TypeScript"],
	] as const) {
		const skip = (sender === "Python" || receiver === "Python") && noPython;
		test(`raw-ethernet-frame goes from ${sender} to ${receiver}`, { skip }, async () => {
			const [a, b] = [net.end("a"), net.end("b")];
			const receiving = net.start("b", command(receiver, "raw-ethernet-frame"), {
				args: ["receive", b.name],
			});
			await receiving.printed(/waiting at eth0/);
			const sent = await net.output("a", command(sender, "raw-ethernet-frame"), {
				args: ["send", a.name, b.mac, "hello frame"],
			});
			assert.equal(sent, `sent 25 bytes from ${a.mac}\n`);
			const { stdout, stderr } = await receiving.ended;
			assert.equal(stderr, "");
			assert.equal(stdout, `waiting at eth0\n${a.mac} > ${b.mac} type 0x88b5\nhello frame\n`);
		});
	}
});
