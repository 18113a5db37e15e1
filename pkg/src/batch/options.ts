/** How far a batch is. */
export interface Progress {
  /** The rows read so far, valid or not. */
  readonly rows: number;
  /** How many of them are invalid. */
  readonly invalid: number;
  /** The bytes read so far; 0 for a list of objects. */
  readonly bytes: number;
  /** How many rows there are, or bytes of a CSV, where that is known. */
  readonly total: number | undefined;
}

/** How many rows are read, and what is told on the way. */
export interface BatchOptions {
  /** The rows that are cast before progress is told, and that a stream gives at once; 1,000. */
  readonly chunkRows?: number;
  /** The most errors that are kept, of all rows together; 10,000. Rows are counted all the same. */
  readonly maxErrors?: number;
  /** The most rows; what comes behind them is not read, and an error says so. No limit. */
  readonly maxRows?: number;
  /** Called after each chunk. */
  readonly onProgress?: (progress: Progress) => void;
  /** Ends the reading: its reason is thrown before the next chunk, or in the midst of one that takes long. */
  readonly signal?: AbortSignal;
}

/** How a CSV is read. */
export interface CsvOptions extends BatchOptions {
  /** The first record names the columns (`true`), or these are their names and the first record is a row. */
  readonly header?: true | readonly string[];
  /** What is between two cells, one ASCII character: a comma. */
  readonly delimiter?: string;
  /**
   * The params that columns go to, where those have another name than the columns: `{ "E-mail": "email" }`. Null: the
   * column is not read.
   */
  readonly columns?: { readonly [column: string]: string | null };
  /** The most bytes of all; reading stops there, and an error says so. No limit. */
  readonly maxBytes?: number;
  /** The most bytes of one record, a quote that never ends included; 1,048,576. */
  readonly maxRecordBytes?: number;
}

export const CHUNK_ROWS = 1000;
export const MAX_ERRORS = 10_000;
export const MAX_RECORD_BYTES = 1 << 20;
