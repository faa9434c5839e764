/**
 * Runs the commands that it is sent by the shell, and sends their output: its length in bytes as decimal text,
 * and, when the client has acknowledged that with anything at all, the output.
 *
 * NOBODY MAY EXPOSE THIS. It knows no password and encrypts nothing: who can connect can do whatever you can
 * do, on your files and in your name. So it serves 127.0.0.1 or ::1 and refuses every other address; even there
 * each user of this machine is such a client, so do not leave it running. Forwarding the port, by ssh or a
 * container, exposes it too. What does this job for others, with keys and encryption, is ssh.
 *
 *     node examples/dist/classic/remote-command-server.js [port] [127.0.0.1 or ::1]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Cidr, describeAddress } from "berkeley";
import { serve } from "berkeley/server";

const [port = "8000", host = "127.0.0.1"] = process.argv.slice(2);
if (host !== "127.0.0.1" && host !== "::1") {
	console.error(`remote-command-server serves 127.0.0.1 or ::1 alone, not ${host}: who connects commands`);
	process.exit(1);
}

/** What the command writes to its standard output. What it has to say on standard error is shown here. */
async function run(command: string): Promise<Buffer> {
	const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "inherit"] });
	const output: Buffer[] = [];
	child.stdout.on("data", (chunk: Buffer) => output.push(chunk));
	await once(child, "close");
	return Buffer.concat(output);
}

const server = serve(
	{ host, port: Number(port) },
	async (connection, { clientAddress }) => {
		for (;;) {
			const request = await connection.recv(65536);
			const command = `${request}`.trim();
			// One line is a command. More of them may be the request that a web page has had a browser send.
			if (command === "" || /[\r\n]/.test(command)) return;
			console.log(`${describeAddress(clientAddress)} runs: ${command}`);
			let output = await run(command);
			if (output.length === 0) output = Buffer.from("cmd has no output...");
			await connection.sendall(`${output.length}`); // Bytes: a character may be several.
			// Without this the first bytes of the output could arrive together with the length, as more digits.
			if ((await connection.recv(1024)).length === 0) return;
			await connection.sendall(output);
		}
	},
	{ allow: [new Cidr("127.0.0.0/8"), new Cidr("::1")], onError: (error) => console.log(`${error}`) },
);
console.log(`listening on port ${server.serverAddress.port}`);
