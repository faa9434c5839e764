/**
 * What the tests know of the runtime that they run on.
 */

/** Whether this is Deno. */
export const isDeno: boolean = "deno" in process.versions;

/** What stands before a program's file when the runtime is started again by process.execPath. */
export const runtimeArguments: string[] = isDeno ? ["run", "--allow-all"] : [];
