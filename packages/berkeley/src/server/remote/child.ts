/**
 * The file that child processes of a server begin with.
 */
import { serveInChild } from "./inchild.js";

await serveInChild();
