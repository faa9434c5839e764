// @ts-check
/** Accepts and closes, by acceptEach(). */
import { listener, ready, requireMethods } from "./listener.mjs";

requireMethods("acceptEach");
const server = /** @type {any} */ (listener());
server.acceptEach((/** @type {import("berkeley").Socket} */ connection) => connection.close());
ready(server);
