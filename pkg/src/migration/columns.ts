import {
  type ColumnOptions, type ColumnType, type Default, given, type ModifyOptions, optionsDocument, typeDocument, type Written,
} from "./column.js";

/** The options of `timestamps`. */
export interface TimestampsOptions {
  /** The name of `inserted_at`; `false`: without it. */
  readonly insertedAt?: string | false;
  /** The name of `updated_at`; `false`: without it. */
  readonly updatedAt?: string | false;
  /** `naive_datetime`, if nothing is said. */
  readonly type?: ColumnType;
  /** Whether they may be null; they may not, if nothing is said. */
  readonly null?: boolean;
  readonly default?: Default;
  readonly precision?: number;
}

/** What a block of `create` holds; `t` in the examples. */
export class Columns {
  protected readonly written: Written[] = [];

  /**
   * A column.
   *
   * @example
   * m.create("users", (t) => t.add("name", "string", { null: false }).add("tags", { array: "string" }));
   */
  add(name: string, type: ColumnType, options: ColumnOptions = {}): this {
    return this.column("add", name, type, options);
  }

  /** `inserted_at` and `updated_at`, never null. */
  timestamps(options: TimestampsOptions = {}): this {
    const { insertedAt = "inserted_at", updatedAt = "updated_at", type = "naive_datetime" } = options;
    const { default: value, precision, null: nullable = false } = options;
    const both = given({ null: nullable, default: value, precision }) as ColumnOptions;
    for (const name of [insertedAt, updatedAt]) if (name !== false) this.add(name, type, both);
    return this;
  }

  protected column(op: string, name: string, type?: ColumnType, options?: ColumnOptions & ModifyOptions): this {
    const opts = type === undefined || options === undefined ? undefined : optionsDocument(options);
    this.written.push(given({ op, name, type: type === undefined ? undefined : typeDocument(type), opts }));
    return this;
  }

  /** The columns of a block. @internal */
  static of<T extends Columns>(columns: T, block: ((t: T) => unknown) | undefined): readonly Written[] {
    block?.(columns);
    return columns.written;
  }
}

/** What a block of `alter` holds; `t` in the examples. */
export class Changes extends Columns {
  /** A column, unless there is one of its name. */
  addIfNotExists(name: string, type: ColumnType, options: ColumnOptions = {}): this {
    return this.column("add_if_not_exists", name, type, options);
  }

  /**
   * Another type, default or nullability. With `from`, it can be undone.
   *
   * @example
   * m.alter("users", (t) => t.modify("name", "text", { from: ["string", { null: true }], null: false }));
   */
  modify(name: string, type: ColumnType, options: ModifyOptions = {}): this {
    return this.column("modify", name, type, options);
  }

  /** Drops a column. It can be undone when the type is given, with which it is added again. */
  remove(name: string, type?: ColumnType, options: ColumnOptions = {}): this {
    return this.column("remove", name, type, options);
  }

  /** Drops a column if there is one. Its foreign key is found by its type. */
  removeIfExists(name: string, type?: ColumnType): this {
    return this.column("remove_if_exists", name, type);
  }
}
