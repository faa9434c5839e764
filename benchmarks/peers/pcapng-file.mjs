// @ts-check
/** Makes a capture to be read: pcapng-file.mjs PATH SIZE-OF-PACKETS MEGABYTES */
import { createCaptureSync } from "berkeley/capture";

const [path = "", size = "64", megabytes = "1"] = process.argv.slice(2);
const bytes = new Uint8Array(Number(size)).fill(0x61);
const writer = createCaptureSync(path);
const place = { index: 1, name: "eth0" };
for (let number = 0; writer.bytes < Number(megabytes) * 1e6; number++) {
	const time = { seconds: 1763726400 + Math.floor(number / 1e6), nanoseconds: (number % 1e6) * 1000 };
	writer.write({ bytes, length: bytes.length, link: "ethernet", interface: place, ...time });
}
writer.closeSync();
console.log(JSON.stringify({ made: path }));
