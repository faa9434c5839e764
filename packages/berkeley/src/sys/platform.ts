/**
 * Refuses platforms that the library does not know, before anything is loaded, with one clear sentence.
 */
const supported = new Set(["linux x64", "linux arm64"]);

if (!supported.has(`${process.platform} ${process.arch}`)) {
	throw new Error(`berkeley runs on Linux on x64 and arm64; this is ${process.platform} on ${process.arch}.`);
}
