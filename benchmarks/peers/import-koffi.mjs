// @ts-check
/** Imports what the library calls C with. */
import "koffi";
