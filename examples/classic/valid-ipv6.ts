/**
 * Is this text a valid IPv6 address? Who can turn it into its sixteen bytes knows.
 *
 *     node examples/dist/classic/valid-ipv6.js [text...]
 */
import { AF_INET6, inetPton } from "berkeley";

const examples = ["::1", "2001:db8::8a2e:370:7334", "::ffff:192.0.2.1", "1:2:3:4:5:6:7:8", "::"];
const others = [
	"192.0.2.1",
	"1::2::3",
	"2001:db8::g",
	"fe80::1%eth0",
	"12345::",
	"",
	":",
	"1:2:3:4:5:6:7:8:9",
];
const given = process.argv.slice(2);

function isIpv6(text: string): boolean {
	try {
		inetPton(AF_INET6, text);
		return true;
	} catch {
		return false;
	}
}

for (const text of given.length > 0 ? given : [...examples, ...others]) {
	console.log(JSON.stringify(text), isIpv6(text) ? "is an IPv6 address" : "is none");
}
