/**
 * The file that worker threads of a server begin with.
 */
import { serveInThread } from "./inthread.js";

await serveInThread();
