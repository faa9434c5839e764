/**
 * Gets files from file-server: of `get NAME`, typed, it makes NAME.new in this folder, and compares the MD5.
 * `q` ends it; the exit code is 1 when a file did not come as it should.
 *
 *     node examples/dist/classic/file-client.js [port]
 */
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import { createConnection, MSG_WAITALL } from "berkeley";

using socket = await createConnection({ host: "127.0.0.1", port: Number(process.argv[2] ?? 9999) });
socket.settimeout(30_000);

/** Receives `size` bytes into a file and shows how far it is; whether the MD5 that follows is that of the bytes. */
async function receive(path: string, size: number): Promise<boolean> {
	await using file = await open(path, "w");
	const md5 = createHash("md5");
	const buffer = Buffer.alloc(256 * 1024);
	let shown = -1;
	for (let received = 0; received < size; ) {
		// No more than what is left of the file: the MD5 comes right behind it.
		const count = await socket.recvInto(buffer.subarray(0, size - received));
		if (count === 0) throw new Error(`the connection has ended after ${received} of ${size} bytes`);
		const data = buffer.subarray(0, count);
		md5.update(data);
		await file.writeFile(data);
		received += count;
		const percent = Math.floor((received / size) * 100);
		if (percent !== shown) process.stdout.write(`\r${percent} %`);
		shown = percent;
	}
	process.stdout.write("\r");
	return `${await socket.recv(32, MSG_WAITALL)}` === md5.digest("hex");
}

const keyboard = createInterface({ input: process.stdin });
console.log("type get NAME, or q to leave");
for await (const line of keyboard) {
	const [, name] = line.trim().match(/^get +(.+)$/) ?? [];
	if (line === "q") break;
	if (name === undefined) continue;
	await socket.sendall(`get ${name}`);
	const answer = `${await socket.recv(1024)}`;
	if (answer === "") throw new Error("the server has hung up");
	if (!/^\d+$/.test(answer)) {
		console.log(answer);
		process.exitCode = 1;
		continue;
	}
	await socket.sendall("ready");
	const path = `${basename(name)}.new`;
	const right = await receive(path, Number(answer));
	console.log(`${path}: ${answer} bytes, the MD5 ${right ? "is right" : "IS WRONG"}`);
	if (!right) process.exitCode = 1;
}
keyboard.close();
process.stdin.destroy(); // A terminal would keep the program waiting.
