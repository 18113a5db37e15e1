import type { Source } from "../changeset.js";
import type { Core, Validator } from "../core.js";
import { EctomorphError } from "../errors.js";
import type { Packet } from "../packet.js";
import type { Writer } from "../whole/pack.js";
import type { Shape } from "../whole/shape.js";
import { Reader } from "../whole/unpack.js";
import type { Direct } from "./direct.js";
import { RepoError, type RepoErrorDetails } from "./errors.js";

/** What the engine answers with: whether it did something, and if not, why. */
export const STATUS = { done: 0, mistake: 1, failed: 2, invalid: 3, waits: 4 } as const;

/** Rules that were compiled: their handle, and the params they read. */
export interface CompiledRules {
  readonly handle: number;
  readonly shape: Shape;
  /** The fields of its records in their order, and what they are in a new one. */
  readonly fields: readonly (readonly [string, unknown])[];
}

/** What the validators of a changeset found, in the order in which they were asked: whose number it was, and its packed findings. */
export type Findings = readonly (readonly [number, Uint8Array])[];

/** Validators of the user's own: themselves where the engine is, what they found where it is in another thread. */
export type Validators = readonly Validator[] | Findings;

/** What a request needs beside what is written. */
export interface Written {
  readonly validators?: Validators | undefined;
  readonly files?: readonly Blob[] | undefined;
  /** Drops the request, unless it is under way. */
  readonly signal?: AbortSignal | undefined;
}

/** An answer: packed, or the result of an invalid changeset. */
export interface Answered {
  readonly invalid: boolean;
  readonly packet: Packet;
}

/** How a database is opened, apart from where its bytes are. */
export interface Config {
  readonly schemas: readonly object[];
  readonly durability: "strict" | "relaxed";
}

/** A database that is open, in this thread or another. It does one request at a time, in their order. */
export interface Database {
  /** Goes up whenever somebody else keeps the database, who knows nothing of transactions, rules and shapes of records before. */
  readonly epoch: number;
  /** The short way to one row, where there is one. */
  readonly direct: Direct | undefined;
  /** Does what is written, which is only lent; so is the answer, if it is there at once. */
  request(request: Writer, written: Written): Answered | Promise<Answered>;
  /** Rules as they are known there, compiled when they are first needed. */
  rules(core: Core): CompiledRules | Promise<CompiledRules>;
  /** The validators of a changeset, as a request takes them. */
  validators(source: Source, own: readonly Validator[]): Validators | Promise<Validators>;
  /** Makes durable what is written, and gives the storage up. */
  close(): Promise<void>;
}

/** The answer of the engine, unless it says what went wrong. */
export function answered(status: number, packet: Packet): Answered {
  if (status !== STATUS.done && status !== STATUS.invalid) throw failure(status, packet);
  return { invalid: status === STATUS.invalid, packet };
}

/** What went wrong, as the engine says it. */
export function failure(status: number, packet: Packet): EctomorphError {
  const read = new Reader(packet).value();
  if (status === STATUS.mistake) return new RepoError({ kind: "mistake", name: "ArgumentError", message: String(read) });
  return new RepoError(read as RepoErrorDetails);
}
