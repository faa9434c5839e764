/**
 * Byte order: the network sends the most significant byte first, most machines keep it last.
 *
 *     node examples/dist/classic/byte-order.js [number]
 */
import { endianness } from "node:os";
import { htonl, htons, ntohl, ntohs } from "berkeley";

const long = Number(process.argv[2] ?? 305_419_896);
const short = long % 0x10000;

const hex = (value: number, digits: number) => `0x${value.toString(16).padStart(digits, "0")}`;
console.log("this machine:", endianness() === "LE" ? "little" : "big", "endian");
console.log("long, host order:", hex(long, 8), "network order:", hex(htonl(long), 8));
console.log("short, host order:", hex(short, 4), "network order:", hex(htons(short), 4));
console.log("there and back:", ntohl(htonl(long)) === long && ntohs(htons(short)) === short);
