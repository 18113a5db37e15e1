import type { FieldDescription } from "./describe.js";
import { NONE } from "./fast.js";
import type { Level } from "./level.js";
import { Captured, ownValue } from "./own.js";
import { Child, type FieldError, type Result } from "./result.js";
import type { StandardIssue } from "./standard.js";

/** What the small engine says of a record beside its values: of records with the same facts it is the same. */
export class Answer {
  /** The errors as a page shows them, in English; made when somebody looks. */
  shown: { readonly [field: string]: readonly string[] } | undefined = undefined;
  /** The same for Standard Schema. */
  issues: readonly StandardIssue[] | undefined = undefined;

  constructor(
    readonly valid: boolean,
    readonly force: boolean,
    readonly errors: readonly FieldError[],
    /** The slots that change, if they do so in another order than their own. */
    readonly order: readonly number[] | undefined,
    /** Where it is remembered, of each slot what it changes to whatever its param; undefined if none does. */
    readonly constants: readonly unknown[] | undefined,
  ) {}
}

/** What the small engine made of a record. */
export class Outcome implements Result {
  #changes: Result["changes"] | undefined;
  #captured: readonly unknown[] | undefined;

  constructor(
    readonly level: Level,
    readonly answer: Answer,
    /** The changes by slot: values, and outcomes of children. What is behind those of slots says nothing. */
    readonly values: readonly unknown[],
    /** The params as they were read, or a copy of those that are to be. */
    readonly params: readonly unknown[] | object,
    /** Whether it is of a new record. */
    readonly isNew: boolean,
  ) {}

  /** The params as they were read. */
  get captured(): readonly unknown[] {
    return (this.#captured ??= Array.isArray(this.params) ? this.params : this.#read(this.params));
  }

  get valid(): boolean {
    return this.answer.valid;
  }

  get force(): boolean {
    return this.answer.force;
  }

  get errors(): readonly FieldError[] {
    return this.answer.errors;
  }

  get action(): string | null {
    return this.level.action;
  }

  get changes(): Result["changes"] {
    return (this.#changes ??= this.#list());
  }

  get outcome(): Outcome {
    return this;
  }

  /** Calls a function with each relation that changes, and what was made of its children. */
  eachRelated(call: (field: string, change: Outcome | readonly Outcome[] | null) => void): void {
    const { answer, level, values } = this;
    if (level.related.length === 0) return;
    const slots = answer.order?.filter((slot) => level.related.includes(slot)) ?? level.related;
    for (const slot of slots) if (values[slot] !== NONE) call((level.slots[slot] as FieldDescription).name, values[slot] as Outcome);
  }

  /** The new record with its changes; undefined if its level makes none. */
  apply(): Record<string, unknown> | undefined {
    const { level, values } = this;
    const { make, related } = level;
    if (make === undefined || related.length === 0) return make?.(values);
    const cells = values.slice();
    for (const slot of related) {
      const value = values[slot];
      if (value !== NONE && value !== null) cells[slot] = applied(value as Outcome);
    }
    return make(cells);
  }

  #read(params: object): readonly unknown[] {
    const { level, values } = this;
    return level.params.map((name, index) => {
      const value = name === undefined ? undefined : ownValue(params, name);
      if (value === undefined || level.children[index] === undefined) return value;
      const change = values[index] as Outcome | readonly Outcome[];
      return change instanceof Outcome ? new Captured(true, undefined, [change.captured]) : new Captured(false, undefined, change.map((child) => child.captured));
    });
  }

  #list(): Result["changes"] {
    const { answer, level, values } = this;
    const { order } = answer;
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

function applied(change: Outcome | readonly Outcome[]): unknown {
  if (change instanceof Outcome) return change.apply();
  const records: unknown[] = [];
  for (let index = 0; index < change.length; index++) records.push((change[index] as Outcome).apply());
  return records;
}

function change(value: unknown): unknown {
  if (value instanceof Outcome) return new Child(value, value.level.record);
  return Array.isArray(value) && value[0] instanceof Outcome ? value.map(change) : value;
}
