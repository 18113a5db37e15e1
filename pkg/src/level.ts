import type { FieldDescription } from "./describe.js";
import type { Look } from "./look.js";
import type { Answers } from "./recall.js";
import type { FieldError } from "./result.js";
import type { Seer } from "./see.js";

/** What JavaScript keeps of the rules of one record: names and fields, where the small engine has numbers. */
export interface Level {
  /** The params that are read, by number; those of slots first, undefined for a slot that no param is cast to. */
  readonly params: readonly (string | undefined)[];
  /** Of the params of relations, the levels of their children. */
  readonly children: readonly (Level | undefined)[];
  /** Whether a map in the place of such a param holds children by their indexes. */
  readonly many: readonly boolean[];
  /** How params are looked at, where a look can tell what rules see of them. */
  readonly looks: readonly (Look | undefined)[];
  /** What the engine answered so far; undefined where answers depend on more than facts of params. */
  readonly answers: Answers | undefined;
  /** Whether that goes for records that hold something, too. */
  readonly besideData: boolean;
  /** Nothing, for every param. */
  readonly nothing: readonly undefined[];
  /** How many params the whole engine counts against its limit. */
  readonly counted: number;
  /** The fields that rules touch. */
  readonly slots: readonly FieldDescription[];
  /** The slots of relations. */
  readonly related: readonly number[];
  /** Looks at params straight; undefined where that can't tell all. */
  readonly see: Seer["see"] | undefined;
  /** Makes a new record of what slots change to; undefined where changes do more to it than take their places. */
  readonly make: Seer["make"] | undefined;
  /** One of those: a shape that no object has is collected, and the code with it that was compiled for it. */
  readonly kept: object | undefined;
  /** What the steps set. */
  readonly action: string | null;
  /** What the record of a new child has beside the defaults of its schema. */
  readonly record: { readonly [field: string]: unknown };
}

/** A rule of the user's own: which validator it calls, on which field, and the slots of its level by name. */
export interface CustomRule {
  readonly validator: number;
  readonly field: string;
  readonly slots: ReadonlyMap<string, number>;
}

/** What a plan says by number. */
export interface Tables {
  readonly root: Level;
  readonly errors: readonly FieldError[];
  /** What is thrown for input that a rule was never meant for. */
  readonly mistakes: readonly string[];
  readonly rules: readonly CustomRule[];
}
