// @ts-check
/** With `--import`: writes the milliseconds of CPU time that the process took to descriptor 3 when it ends. */
import { writeSync } from "node:fs";

process.on("exit", () => {
	const { userCPUTime, systemCPUTime } = process.resourceUsage();
	writeSync(3, String((userCPUTime + systemCPUTime) / 1000));
});
