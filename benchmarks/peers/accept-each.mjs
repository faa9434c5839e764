// @ts-check
/** Accepts and closes, by acceptEach(). */
import { listener, ready } from "./listener.mjs";

const server = listener();
const { ended } = server.acceptEach((connection) => connection.close());
ready(server);
await ended;
