/**
 * Ecto's migrations: values that say how the tables of a database change.
 *
 * @module
 */
export {
  type ColumnOptions, type ColumnType, type Default, type ModifyOptions, type OnDelete, type Reference, type ReferenceOptions,
  references, type TypeName,
} from "./column.js";
export type { Changes, Columns, TimestampsOptions } from "./columns.js";
export {
  type Migration, type MigrationBody, type MigrationDocument, type MigrationOptions, migration, type Recording,
} from "./migration.js";
export type {
  ConstraintOptions, DropOptions, IndexColumn, IndexOptions, Migrator, TableOptions, TablePlace,
} from "./recorder.js";
