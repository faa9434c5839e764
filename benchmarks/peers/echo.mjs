// @ts-check
/** Echo with this library: `echo.mjs await|callback [PATH [seqpacket]]`. */
import { listener, ready } from "./listener.mjs";
import { serveAll } from "./serve.mjs";

const [style, ...where] = process.argv.slice(2);
const server = listener(...where);
const served = serveAll(server, style);
ready(server);
await served;
