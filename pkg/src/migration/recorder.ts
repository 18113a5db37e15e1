import { EctomorphError } from "../errors.js";
import { Ordered } from "../query/order.js";
import { Term } from "../query/term.js";
import { type ColumnOptions, type ColumnType, given, optionsDocument, sqlOf, typeDocument, type Written } from "./column.js";
import { Changes, Columns } from "./columns.js";

/** The options of a table. */
export interface TableOptions {
  /** `false`: no key but columns that say so. An object: a key in place of `id` of type `bigserial`. */
  readonly primaryKey?: boolean | ({ readonly name?: string; readonly type?: ColumnType } & ColumnOptions);
  /** The database schema (or prefix). */
  readonly prefix?: string;
  readonly comment?: string;
  readonly engine?: string;
  /** SQL after the definition. */
  readonly options?: string;
  /** SQL between `CREATE` and `TABLE`. */
  readonly modifiers?: string;
}

/** What of a table is not its name. */
export interface TablePlace {
  readonly prefix?: string;
}

/** How a table, an index or a constraint is dropped. */
export interface DropOptions extends TablePlace {
  /** `"cascade"`: with what depends on it. */
  readonly mode?: "restrict" | "cascade";
}

/** A column of an index: a name, SQL (`"lower(email)"`), or one of these with a direction: `desc("inserted_at")`. */
export type IndexColumn = string | Ordered | Term<unknown, "any">;

/** One column of an index, or several. */
export type IndexColumns = IndexColumn | readonly IndexColumn[];

/** The options of an index. */
export interface IndexOptions {
  /** Its name; `<table>_<columns>_index`, if nothing is said. */
  readonly name?: string;
  readonly prefix?: string;
  readonly unique?: boolean;
  /** Only rows for which this holds, in SQL. */
  readonly where?: string;
  readonly using?: string;
  /** Built while the table is in use; the migration then needs `disableDdlTransaction`. */
  readonly concurrently?: boolean;
  /** Further columns that are stored with it. */
  readonly include?: readonly string[];
  /** Of unique indexes: whether nulls differ from each other. */
  readonly nullsDistinct?: boolean;
  readonly only?: boolean;
  readonly comment?: string;
  readonly options?: string;
}

/** The options of a constraint: one of `check` and `exclude`. */
export interface ConstraintOptions {
  /** What holds for each row, in SQL. */
  readonly check?: string;
  readonly exclude?: string;
  readonly prefix?: string;
  /** Whether rows that are there already are looked at. */
  readonly validate?: boolean;
  readonly comment?: string;
}

/** Records the commands of a migration; `m` in the examples. Nothing runs while they are recorded. */
export class Migrator {
  readonly #commands: Written[] = [];

  /**
   * A table: its key, and the columns of the block.
   *
   * @example
   * m.create("users", (t) => t.add("name", "string").timestamps());
   */
  create(table: string, block?: (t: Columns) => unknown, options: TableOptions = {}): this {
    return this.#create("create", table, block, options);
  }

  /** The same, unless there is one of its name. */
  createIfNotExists(table: string, block?: (t: Columns) => unknown, options: TableOptions = {}): this {
    return this.#create("create_if_not_exists", table, block, options);
  }

  /** Other columns for a table. */
  alter(table: string, block: (t: Changes) => unknown, place: TablePlace = {}): this {
    return this.#command("alter", { table: tableDocument(table, place), columns: Columns.of(new Changes(), block) });
  }

  /** Drops a table. It can't be undone. */
  drop(table: string, options: DropOptions = {}): this {
    return this.#drop("drop", { table: tableDocument(table, options) }, options);
  }

  /** Drops a table if there is one. It can't be undone. */
  dropIfExists(table: string, options: DropOptions = {}): this {
    return this.#drop("drop_if_exists", { table: tableDocument(table, options) }, options);
  }

  /** Another name for a table. */
  rename(table: string, to: string, place: TablePlace = {}): this {
    return this.#command("rename", { table: tableDocument(table, place), to: tableDocument(to, place) });
  }

  /** Another name for a column. */
  renameColumn(table: string, column: string, to: string, place: TablePlace = {}): this {
    return this.#command("rename_column", { table: tableDocument(table, place), column, to });
  }

  /**
   * An index.
   *
   * @example
   * m.createIndex("users", ["email"], { unique: true, where: "active" }).createIndex("posts", [desc("inserted_at")]);
   */
  createIndex(table: string, columns: IndexColumns, options: IndexOptions = {}): this {
    return this.#command("create", { index: indexDocument(table, columns, options) });
  }

  /** An index in which no two rows are the same. */
  createUniqueIndex(table: string, columns: IndexColumns, options: IndexOptions = {}): this {
    return this.createIndex(table, columns, { ...options, unique: true });
  }

  /** An index, unless there is one of its name. */
  createIndexIfNotExists(table: string, columns: IndexColumns, options: IndexOptions = {}): this {
    return this.#command("create_if_not_exists", { index: indexDocument(table, columns, options) });
  }

  /** Drops an index. */
  dropIndex(table: string, columns: IndexColumns, options: IndexOptions & DropOptions = {}): this {
    return this.#drop("drop", { index: indexDocument(table, columns, options) }, options);
  }

  /** Drops an index if there is one. */
  dropIndexIfExists(table: string, columns: IndexColumns, options: IndexOptions & DropOptions = {}): this {
    return this.#drop("drop_if_exists", { index: indexDocument(table, columns, options) }, options);
  }

  /** Another name for an index. */
  renameIndex(table: string, columns: IndexColumns, to: string, options: IndexOptions = {}): this {
    return this.#command("rename_index", { index: indexDocument(table, columns, options), to });
  }

  /**
   * A constraint.
   *
   * @example
   * m.createConstraint("products", "price_positive", { check: "price > 0" });
   */
  createConstraint(table: string, name: string, options: ConstraintOptions): this {
    if ((options.check === undefined) === (options.exclude === undefined)) {
      throw new EctomorphError(`the constraint \`${name}\` needs a check or an exclude: { check: "price > 0" }`);
    }
    return this.#command("create", { constraint: constraintDocument(table, name, options) });
  }

  /** Drops a constraint. It can't be undone, unless its check or exclude is given. */
  dropConstraint(table: string, name: string, options: ConstraintOptions & DropOptions = {}): this {
    return this.#drop("drop", { constraint: constraintDocument(table, name, options) }, options);
  }

  /** Drops a constraint if there is one. It can't be undone. */
  dropConstraintIfExists(table: string, name: string, options: ConstraintOptions & DropOptions = {}): this {
    return this.#drop("drop_if_exists", { constraint: constraintDocument(table, name, options) }, options);
  }

  /** Runs SQL; when the migration is undone, other SQL. An empty text runs nothing. */
  execute(up: string, down?: string): this {
    return this.#command("execute", given({ up, down }));
  }

  /** A place before which everything must have run. A `change` with it can't be undone. */
  flush(): this {
    return this.#command("flush", {});
  }

  #create(command: string, name: string, block: ((t: Columns) => unknown) | undefined, options: TableOptions): this {
    const columns = Columns.of(new Columns(), block);
    return this.#command(command, { table: tableDocument(name, options), columns: [...keyColumns(options), ...columns] });
  }

  #drop(command: string, what: Written, { mode = "restrict" }: DropOptions): this {
    return this.#command(command, { ...what, mode });
  }

  #command(command: string, parts: Written): this {
    this.#commands.push({ command, ...parts });
    return this;
  }

  /** What a function recorded. @internal */
  static commands(record: (m: Migrator) => unknown): readonly Written[] {
    const migrator = new Migrator();
    record(migrator);
    return migrator.#commands;
  }
}

/** The key that a table has without being told. */
function keyColumns({ primaryKey = true }: TableOptions): readonly Written[] {
  if (primaryKey === false) return [];
  const { name = "id", type = "bigserial", ...options } = primaryKey === true ? {} : primaryKey;
  return [{ op: "add", name, type: typeDocument(type), opts: optionsDocument({ ...options, primaryKey: true }) }];
}

function tableDocument(name: string, { primaryKey = true, ...of }: TableOptions): Written {
  const { prefix, comment, engine, options, modifiers } = of;
  return given({ name, primary_key: keyDocument(primaryKey), prefix, comment, engine, options, modifiers });
}

function keyDocument(key: boolean | { readonly name?: string; readonly type?: ColumnType }): unknown {
  if (typeof key === "boolean") return key || undefined;
  const { name, type, ...options } = key;
  return { ...given({ name, type: type === undefined ? undefined : typeDocument(type) }), ...optionsDocument(options) };
}

function indexDocument(table: string, columns: IndexColumns, options: IndexOptions): Written {
  const listed = Array.isArray(columns) ? (columns as readonly IndexColumn[]) : [columns as IndexColumn];
  if (listed.length === 0) throw new EctomorphError(`an index of \`${table}\` needs at least one column`);
  const { name = defaultName(table, listed), prefix, unique, where, using, concurrently, include, nullsDistinct } = options;
  return given({
    table,
    columns: listed.map(indexColumn),
    name,
    prefix,
    unique: unique || undefined,
    where,
    using,
    concurrently: concurrently || undefined,
    include,
    nulls_distinct: nullsDistinct,
    only: options.only || undefined,
    comment: options.comment,
    options: options.options,
  });
}

function indexColumn(column: IndexColumn): unknown {
  if (typeof column === "string") return column;
  if (column instanceof Term) return { expression: sqlOf(column) };
  return { [column.direction]: column.by instanceof Term ? { expression: sqlOf(column.by) } : column.by };
}

/** `<table>_<columns>_index`, with `_` for what is no letter, digit or `_`. */
function defaultName(table: string, columns: readonly IndexColumn[]): string {
  const text = (column: IndexColumn | Term): string =>
    typeof column === "string" ? column : column instanceof Ordered ? text(column.by as IndexColumn) : sqlOf(column);
  const word = (part: string) => part.replace(/[^\w]/g, "_").replace(/_+$/, "");
  return [table, ...columns.map(text)].map(word).concat("index").join("_");
}

function constraintDocument(table: string, name: string, options: ConstraintOptions): Written {
  const { check, exclude, prefix, validate = true, comment } = options;
  return given({ table, name, check, exclude, prefix, validate, comment });
}
