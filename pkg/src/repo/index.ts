/**
 * Queries and migrations, as Ecto has them.
 *
 * @module
 */
export * from "../query/index.js";
export * from "../migration/index.js";
