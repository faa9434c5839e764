/**
 * The servers that handle requests in this thread.
 */
import "./support/leaks.js";
import { kinds } from "./support/servers.js";
import { testServers } from "./support/serversuite.js";

testServers(kinds);
