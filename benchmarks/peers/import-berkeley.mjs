// @ts-check
/** Imports the library. */
import "berkeley";
