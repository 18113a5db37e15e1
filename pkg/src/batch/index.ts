/**
 * Many rows at once: lists of objects and CSV, through the rules that a single record goes through, with the errors of
 * all rows by row and column.
 *
 * @module
 */
export { castAll, castAllStream } from "./all.js";
export { Batch, type RowError, type RowResult } from "./batch.js";
export { castCsv, castCsvStream, type CsvChunks, type CsvText } from "./csv.js";
export type { BatchOptions, CsvOptions, Progress } from "./options.js";
