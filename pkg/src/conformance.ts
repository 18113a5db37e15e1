/**
 * What the runner of the conformance vectors needs beside the public package. Not exported by it.
 *
 * @module
 */
export * from "./index.js";
export { Reader } from "./unpack.js";
export { Tagged, TAG, Writer } from "./pack.js";
export { ask } from "./accessors.js";
export { setState } from "./schema.js";
export { askPacked, typeCall } from "./vectors.js";
