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
    /** The changes by slot: values, and outcomes of children. What is behind those of slots says nothing. */
    readonly values: readonly unknown[],
    /** The params as they were read. */
    readonly captured: readonly unknown[],
    /** Whether it is of a new record. */
    readonly isNew: boolean,
  ) {}

  get action(): string | null {
    return this.level.action;
  }

  get changes(): Result["changes"] {
    return (this.#changes ??= this.#list());
  }

  /** The relations that change, with what was made of their children. */
  get related(): readonly (readonly [string, Outcome | readonly Outcome[] | null])[] {
    const { level, values } = this;
    return level.related.flatMap((slot) => (values[slot] === NONE ? [] : [[(level.slots[slot] as FieldDescription).name, values[slot] as Outcome]]));
  }

  /** The new record with its changes; undefined if its level makes none. */
  apply(): Record<string, unknown> | undefined {
    const { level, values } = this;
    const record = level.fresh?.();
    if (record === undefined) return undefined;
    for (let slot = 0; slot < level.slots.length; slot++) {
      const value = values[slot];
      if (value === NONE) continue;
      const { name } = level.slots[slot] as FieldDescription;
      if (level.children[slot] === undefined || value === null) record[name] = value;
      else if (value instanceof Outcome) record[name] = value.apply();
      else record[name] = (value as readonly Outcome[]).map((child) => child.apply());
    }
    return record;
  }

  #list(): Result["changes"] {
    const { level, order, values } = this;
    const changes: (readonly [FieldDescription, unknown])[] = [];
    const length = order?.length ?? level.slots.length;
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
