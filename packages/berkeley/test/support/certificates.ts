/**
 * Keys and certificates for tests, made by the machine's openssl.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why a test that needs openssl skips; false when it need not. */
export const noOpenssl: string | false =
	spawnSync("openssl", ["version"]).status === 0 ? false : "there is no openssl";

/** A key and its certificate, as text and as files. */
export interface Identity {
	key: string;
	cert: string;
	keyFile: string;
	certFile: string;
}

/** A directory with an authority and who it vouches for. Removed by `remove()`. */
export class Authority {
	readonly directory: string = mkdtempSync(join(tmpdir(), "berkeley-tls-"));
	/** The authority's own certificate. */
	readonly ca: string;
	readonly caFile: string;

	constructor(name = "Test Authority") {
		const { certFile } = this.#make("ca", [
			"-subj",
			`/CN=${name}`,
			"-addext",
			"basicConstraints=critical,CA:TRUE",
		]);
		this.caFile = certFile;
		this.ca = readFileSync(certFile, "utf8");
	}

	/** A key and a certificate signed by the authority, for DNS names and addresses: "DNS:localhost,IP:::1". */
	issue(name: string, subjectAltName: string): Identity {
		const files = this.#make(
			name,
			[
				"-subj",
				`/CN=${name}`,
				"-addext",
				`subjectAltName=${subjectAltName}`,
				"-addext",
				"basicConstraints=CA:FALSE",
			],
			["-CA", this.caFile, "-CAkey", join(this.directory, "ca.key")],
		);
		return {
			...files,
			key: readFileSync(files.keyFile, "utf8"),
			cert: readFileSync(files.certFile, "utf8"),
		};
	}

	remove(): void {
		rmSync(this.directory, { recursive: true });
	}

	#make(name: string, subject: string[], signer: string[] = []): { keyFile: string; certFile: string } {
		const keyFile = join(this.directory, `${name}.key`);
		const certFile = join(this.directory, `${name}.pem`);
		const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
		const result = spawnSync(
			"openssl",
			["req", "-x509", ...curve, "-keyout", keyFile, "-out", certFile, "-days", "2", ...subject, ...signer],
			{ encoding: "utf8" },
		);
		if (result.status !== 0) throw new Error(`openssl failed: ${result.stderr}`);
		return { keyFile, certFile };
	}
}
