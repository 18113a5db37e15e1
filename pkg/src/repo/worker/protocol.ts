import type { Config, Findings } from "../database.js";
import type { RepoErrorDetails } from "../errors.js";
import type { RepoEvent } from "../open.js";

/** Where the bytes of a database are in a page. */
export interface Place {
  readonly name: string;
  readonly storage: "auto" | "memory" | "opfs" | "indexeddb";
  /** Whether raw SQL is there, which is in an artifact of its own. */
  readonly sql: boolean;
  /** Whether one tab keeps the database for all. */
  readonly shared: boolean;
  /** With `shared`: for how many milliseconds a transaction may ask nothing while other tabs wait. */
  readonly transactionIdle: number;
}

/**
 * What a page asks of the worker of its database, one or several in a message. Questions are answered in their order; buffers are handed
 * over, not copied.
 */
export type Call =
  /** The worker holds the lock named `life` for as long as it lives. */
  | { readonly id: number; readonly op: "open"; readonly place: Place; readonly config: Config; readonly life: string }
  | { readonly id: number; readonly op: "compile"; readonly document: object; readonly names: readonly string[] }
  /** `epoch`: who kept the database when the request was written, by number. */
  | {
    readonly id: number; readonly op: "request"; readonly epoch: number; readonly bytes: Uint8Array<ArrayBuffer>;
    readonly validators: Validated | undefined;
  }
  | { readonly id: number; readonly op: "close" }
  /** Asks whether the worker is there. What is sent before it is may be lost. */
  | { readonly op: "hello" }
  /** Forgets compiled rules. */
  | { readonly op: "release"; readonly epoch: number; readonly handle: number };

/** What is asked of who keeps a database. */
export type Question = Exclude<Call, { readonly op: "open" | "release" | "hello" }>;

/** What the validators of a changeset found in the page, and how many there are. */
export interface Validated {
  readonly count: number;
  readonly findings: Findings;
}

/** What a question is answered with: a status, and bytes that belong to nobody else. */
export interface Answer {
  readonly status: number;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What the worker says: that it is there, how a question was answered, how it failed, or what happened. */
export type Reply =
  | { readonly ready: true }
  | ({ readonly id: number } & Answer)
  | { readonly id: number; readonly error: ErrorForm }
  | { readonly event: RepoEvent }
  /** Somebody else keeps the database: the how manieth that is, and why it is nobody, if so. */
  | { readonly epoch: number; readonly gone?: ErrorForm };

/** What a message holds: one thing, or several that were said at once. */
export function several<T extends object>(data: T | readonly T[]): readonly T[] {
  return Array.isArray(data) ? data : [data as T];
}

/** An error on its way between threads: what it is, and what is known of it. */
export type ErrorForm =
  | { readonly kind: "repo"; readonly details: RepoErrorDetails }
  | { readonly kind: "ectomorph"; readonly message: string; readonly schema: string | undefined; readonly field: string | undefined }
  | { readonly kind: "other"; readonly name: string; readonly message: string };

/** A worker, or one end of a channel to one. */
export interface Port {
  postMessage(message: unknown, transfer: ArrayBuffer[]): void;
  addEventListener(type: "message", listener: (event: { readonly data: unknown }) => void): void;
}
