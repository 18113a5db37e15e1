/**
 * Queries, migrations and the repo, as Ecto has them.
 *
 * @module
 */
export * from "../query/index.js";
export * from "../migration/index.js";
export type { LogEntry } from "./connection.js";
export { RepoError, type RepoErrorDetails, type RepoErrorKind } from "./errors.js";
export { type Given, type Multi, type MultiResult, multi, type Ran } from "./multi.js";
export { type Here, openRepo, type RepoEvent, type RepoOptions } from "./open.js";
export type { Cancellable, InsertAllOptions, InsertOptions, OnConflict, ReadOptions, StreamOptions, UniqueOptions, WriteOptions } from "./options.js";
export {
  type Counted, type Explanation, force, type Id, type MigrationStatus, type MigrationTarget, type Readable, type Repo, type ResultOfReadable,
  type TransactionResult, type WriteResult,
} from "./repo.js";
export type { Storage } from "./storage/storage.js";
export { placeholder } from "./write.js";
