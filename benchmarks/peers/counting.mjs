// @ts-check
/** For programs that count what they move: answers each line of input with how many it were so far, and the time. */

/** What was counted. */
export const counter = { messages: 0 };

/** Says that the program is ready, and where: 0 where it has no port. @param {number} [port] */
export function startCounting(port = 0) {
	process.stdin.on("data", () => {
		const time = Math.round(performance.now() * 1e6);
		console.log(JSON.stringify({ messages: counter.messages, time }));
	});
	process.stdin.on("end", () => process.exit());
	console.log(JSON.stringify({ port }));
}
