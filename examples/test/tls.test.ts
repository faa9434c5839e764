/**
 * The example of TLS runs, and does what it says.
 */
import "../support/leaks.js";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createConnection } from "berkeley";
import { buildProxyHeader } from "berkeley/server";
import { wrapTls } from "berkeley/stream";
import { Example } from "../support/example.js";

const noOpenssl = spawnSync("openssl", ["version"]).status === 0 ? false : "there is no openssl";

test("tls-echo-server answers over TLS, believes its proxies, and takes a new certificate", {
	// The example serves there too.
	skip: noOpenssl,
}, async () => {
	const folder = mkdtempSync(join(tmpdir(), "berkeley-tls-example-"));
	const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
	const renew = (): void => {
		const kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
		const name = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
		const files = ["-keyout", key, "-out", cert];
		const { status, stderr } = spawnSync("openssl", ["req", "-x509", ...kind, ...name, ...files]);
		assert.equal(status, 0, `${stderr}`);
	};
	try {
		renew();
		const server = new Example("tls-echo-server", key, cert, "0", "127.0.0.0/8");
		const port = Number(await server.printed(/listening on port (\d+)/));
		for (const host of ["192.0.2.1", "192.0.2.2"]) {
			const socket = await createConnection({ host: "127.0.0.1", port });
			const ends = { source: { host, port: 5 }, destination: { host: "192.0.2.9", port: 443 } };
			await socket.sendall(buildProxyHeader(ends));
			const client = await wrapTls(socket, { servername: "localhost", ca: readFileSync(cert) });
			await client.sendall("hello\n");
			assert.equal(`${await client.recv(100)}`, "HELLO\n");
			client.close();
			await server.printed(new RegExp(`^${host}:5 has come, asking for localhost$`, "m"));
			renew();
			server.output = "";
			server.kill("SIGHUP");
			await server.printed(/the certificate was read again/);
		}
		server.kill("SIGTERM");
		assert.equal(await server.ended, 0);
	} finally {
		rmSync(folder, { recursive: true });
	}
});
