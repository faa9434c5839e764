/**
 * Names and numbers: this machine, a host, services and protocols.
 *
 *     node examples/dist/classic/look-ups.js [host]
 */
import {
	describeAddress,
	getaddrinfoSync,
	gethostbynameSync,
	gethostname,
	getprotobyname,
	getservbyname,
	getservbyport,
	SOCK_STREAM,
} from "berkeley";

const host = process.argv[2] ?? "localhost";

console.log("this machine:", gethostname());
console.log(`${host}:`, gethostbynameSync(host)); // One IPv4 address.
for (const { address } of getaddrinfoSync(host, 80, { type: SOCK_STREAM })) {
	console.log(`${host}, port 80:`, describeAddress(address)); // All addresses, ready to connect to.
}
for (const port of [22, 25, 80, 443]) console.log(`port ${port}/tcp:`, getservbyport(port, "tcp"));
console.log("domain/udp: port", getservbyname("domain", "udp"));
for (const name of ["icmp", "tcp", "udp"]) console.log(`protocol ${name}:`, getprotobyname(name));
