/**
 * What the threads of threading-server.ts do.
 */
import { threadId } from "node:worker_threads";
import type { Socket } from "berkeley";
import { BaseRequestHandler } from "berkeley/server";

/** Sends back in upper case what comes, and says which thread it is. */
export class UpperCase extends BaseRequestHandler<Socket> {
	override handle() {
		for (;;) {
			const data = this.request.recvSync(1024);
			if (data.length === 0) return;
			this.request.sendallSync(`thread ${threadId}: ${data}`.toUpperCase());
		}
	}
}
