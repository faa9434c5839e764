// @ts-check
/** Imports the library with its streams. */
import "berkeley/stream";
