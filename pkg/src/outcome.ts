import type { FieldDescription } from "./describe.js";
import { NONE } from "./fast.js";
import type { Level } from "./level.js";
import { Child, type FieldError, type Result } from "./result.js";

/** What the small engine made of a record. */
export class Outcome implements Result {
  #changes: Result["changes"] | undefined;

  constructor(
    readonly level: Level,
    readonly valid: boolean,
    readonly force: boolean,
    readonly errors: readonly FieldError[],
    /** The slots that change, if they do so in another order than their own. */
    readonly order: readonly number[] | undefined,
    /** The changes by slot: values, and outcomes of children. */
    readonly values: readonly unknown[],
    /** The params as they were read. */
    readonly captured: readonly unknown[],
  ) {}

  get action(): string | null {
    return this.level.action;
  }

  get changes(): Result["changes"] {
    return (this.#changes ??= this.#list());
  }

  #list(): Result["changes"] {
    const { level, order, values } = this;
    const changes: (readonly [FieldDescription, unknown])[] = [];
    const length = order?.length ?? values.length;
    for (let index = 0; index < length; index++) {
      const slot = order === undefined ? index : (order[index] as number);
      const value = values[slot];
      if (value !== NONE) changes.push([level.slots[slot] as FieldDescription, change(value)]);
    }
    return changes;
  }
}

function change(value: unknown): unknown {
  if (value instanceof Outcome) return new Child(value, value.level.record);
  return Array.isArray(value) && value[0] instanceof Outcome ? value.map(change) : value;
}
