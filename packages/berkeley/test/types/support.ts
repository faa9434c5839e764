/**
 * Equality of types. The files of this folder are only compiled: a line that must not compile and does, fails
 * the build, and so does a type that is not what it is said to be.
 */

/** Whether two types are the same, `any` being the same as nothing else. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Says that something is true of types: `holds<Same<A, B>>()`. */
export function holds<_Claim extends true>(): void {}
