/**
 * Who talks to whom at an interface, and how much: captures by a filter, and shows the flows of most bytes when so many
 * packets were seen, or at Ctrl-C. Each thread captures its share of the flows.
 *
 *   node flows.js eth0 2 1000 "tcp or udp"      interface, threads, packets, filter
 */
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type CaptureFanout, capture } from "berkeley/capture";
import { dissect, ipv4, ipv6, tcp, udp } from "berkeley/packet";

interface Share {
	interface: string;
	filter: string;
	fanout?: CaptureFanout;
}

/** Captures, and tells the other threads' first which group to join; gives the bytes by flow when it is asked. */
function count(share: Share, told: (fanout: CaptureFanout | undefined, seen: () => Report) => void): void {
	const packets = capture({ ...share, snaplen: 128 });
	const flows = new Map<string, number>();
	packets.recvEach((packet) => {
		// Valid within this call only, as is all that is read from it here.
		const layers = dissect(packet.bytes, { link: packet.link });
		const ip = layers.get(ipv4) ?? layers.get(ipv6);
		if (ip === undefined) return;
		const ports = layers.get(tcp) ?? layers.get(udp);
		const ends = [
			[ip.source, ports?.sourcePort ?? ""],
			[ip.destination, ports?.destinationPort ?? ""],
		].map((end) => end.join(" "));
		const flow = ends.sort().join(" - ");
		flows.set(flow, (flows.get(flow) ?? 0) + packet.length);
	});
	told(packets.fanout, () => ({ flows: [...flows], ...packets.statistics() }));
}

interface Report {
	flows: [name: string, bytes: number][];
	captured: number;
	dropped: number;
}

if (isMainThread) {
	const [name = "lo", threads = "1", most = "100", filter = "tcp or udp"] = process.argv.slice(2);
	const share: Share = { interface: name, filter, fanout: { mode: "hash" } };
	count(share, (fanout, seen) => {
		const workers = Array.from(
			{ length: Number(threads) - 1 },
			() => new Worker(new URL(import.meta.url), { workerData: { ...share, fanout } }),
		);
		const reports = new Map<Worker, Report>();
		let ready = 0;
		const begin = (): void => console.log(`capturing at ${name} in ${threads} threads`);
		for (const worker of workers) {
			worker.on("message", (report: Report) => {
				reports.set(worker, report);
				if (++ready === workers.length) begin();
			});
		}
		if (workers.length === 0) begin();
		const all = (): Report[] => [seen(), ...reports.values()];
		const end = (): void => {
			const totals = all().flatMap(({ flows }) => flows);
			for (const [flow, bytes] of totals.sort((one, other) => other[1] - one[1]).slice(0, 10)) {
				console.log(`${String(bytes).padStart(10)}  ${flow}`);
			}
			const sum = (what: "captured" | "dropped"): number =>
				all().reduce((total, report) => total + report[what], 0);
			console.log(`${sum("captured")} packets captured, ${sum("dropped")} dropped`);
			process.exit();
		};
		process.once("SIGINT", end);
		setInterval(() => {
			if (all().reduce((total, { captured }) => total + captured, 0) >= Number(most)) end();
		}, 50);
	});
} else {
	count(workerData as Share, (_, seen) => {
		setInterval(() => parentPort?.postMessage(seen()), 50);
	});
}
