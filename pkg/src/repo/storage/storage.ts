/**
 * What keeps the bytes of a database: five areas, by number, each like a file. Everything answers at once and throws when
 * it fails; an error whose `name` is `QuotaExceededError` or whose `code` is `ENOSPC` says that there is no more room.
 */
export interface Storage {
  /** For people: `file`, `opfs`. */
  readonly name: string;
  /** All bytes of an area; none if there is no such area yet. */
  read(area: number): Uint8Array;
  /** Writes bytes, which are only lent, at a place, at the end at most. */
  write(area: number, at: number, bytes: Uint8Array): void;
  /** Makes an area shorter. */
  truncate(area: number, length: number): void;
  /**
   * Makes durable what was written and truncated in an area. False if that takes its time: it is asked again when
   * `settled` is, and then says how it went.
   */
  flush(area: number): boolean | void;
  /** When flushes that take their time are over, however they went; only where there are such. */
  settled?(): Promise<void>;
  /** Gives everything up. */
  close(): void | Promise<void>;
}

/** The names of the areas, where they are files. */
export const AREAS = ["header", "snapshot-0", "snapshot-1", "journal-0", "journal-1"] as const;

/** Whether a storage failed since there is no more room. */
export function isFull(error: unknown): boolean {
  const { name, code } = error as { name?: string; code?: string };
  return name === "QuotaExceededError" || code === "ENOSPC" || code === "EDQUOT";
}
