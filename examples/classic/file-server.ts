/**
 * Sends the files of a folder to who asks `get NAME`: the size in bytes as decimal text; when the client has
 * acknowledged that, the bytes; and then their MD5 as 32 hexadecimal digits. What is no file of the folder is
 * answered by a sentence in the place of the size.
 *
 *     node examples/dist/classic/file-server.js [port] [folder]
 */
import { createHash } from "node:crypto";
import { constants, type FileHandle, open, realpath } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { describeAddress, type Socket } from "berkeley";
import { serve } from "berkeley/server";

const [port = "9999", folder = "."] = process.argv.slice(2);
const root = join(await realpath(folder), "/");

/** Opens a file by its name; undefined when that is none of the folder's: `..` and links may lead out of it. */
async function openServed(name: string): Promise<FileHandle | undefined> {
	const path = await realpath(join(root, name)).catch(() => "");
	if (isAbsolute(name) || !path.startsWith(root)) return undefined;
	const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants; // A pipe would keep it waiting for a writer.
	const file = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK).catch(() => undefined);
	if ((await file?.stat())?.isFile()) return file;
	await file?.close();
	return undefined;
}

async function send(connection: Socket, file: FileHandle): Promise<void> {
	const { size } = await file.stat();
	await connection.sendall(`${size}`);
	if ((await connection.recv(1024)).length === 0) return;
	const md5 = createHash("md5");
	const buffer = Buffer.alloc(256 * 1024);
	for (let left = size; left > 0; ) {
		const { bytesRead } = await file.read(buffer, 0, Math.min(left, buffer.length));
		if (bytesRead === 0) throw new Error("the file has become shorter meanwhile");
		const data = buffer.subarray(0, bytesRead);
		md5.update(data);
		await connection.sendall(data);
		left -= bytesRead;
	}
	await connection.sendall(md5.digest("hex"));
}

const server = serve(
	{ host: "127.0.0.1", port: Number(port) },
	async (connection, { clientAddress }) => {
		for (;;) {
			const request = await connection.recv(4096);
			if (request.length === 0) return;
			const [, name] = `${request}`.trim().match(/^get +(.+)$/) ?? [];
			const file = name === undefined ? undefined : await openServed(name);
			console.log(`${describeAddress(clientAddress)}: ${file ? "gets" : "is refused"} ${name}`);
			if (file === undefined) {
				await connection.sendall(name === undefined ? "say: get NAME" : `no such file is served: ${name}`);
				continue;
			}
			await send(connection, file).finally(() => file.close());
		}
	},
	{ onError: (error) => console.log(`${error}`) },
);
console.log(`listening on port ${server.serverAddress.port}`);
