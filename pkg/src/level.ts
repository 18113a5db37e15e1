import type { FieldDescription } from "./describe.js";
import type { FieldError } from "./result.js";

/**
 * What a look at a text can tell: that it is a change as it is, and that no rule can find fault with it. Such a text need
 * not be copied; what a look can't tell is told by the engine.
 */
export interface Glance {
  /** So many characters at its start must be ASCII's that can be seen: it is not blank, and not too short. */
  readonly lead: number;
  /** The most UTF-16 units. */
  readonly max: number;
  /** What a new record holds: the same is no change. */
  readonly held: string | null;
  readonly patterns: readonly RegExp[];
  /** Lists that it must be in, and that it must not be in. */
  readonly among: readonly ReadonlySet<unknown>[];
  readonly notAmong: readonly ReadonlySet<unknown>[];
  /** The param that must be the same, and whether it must be there. */
  readonly confirming: number;
  readonly confirmed: boolean;
}

/** What JavaScript keeps of the rules of one record: names and fields, where the small engine has numbers. */
export interface Level {
  /** The params that are read, by number; those of slots first, undefined for a slot that no param is cast to. */
  readonly params: readonly (string | undefined)[];
  /** Of the params of relations, the levels of their children. */
  readonly children: readonly (Level | undefined)[];
  /** Whether a map in the place of such a param holds children by their indexes. */
  readonly many: readonly boolean[];
  /** Of the params of texts, what a look at one can tell. */
  readonly glances: readonly (Glance | undefined)[];
  /** The steps, as the plan has them. */
  readonly ops: readonly (readonly unknown[])[];
  /** Nothing, for every param. */
  readonly nothing: readonly undefined[];
  /** The keys of the params that came last, and the params they are, or -1; and those that they lack. */
  keys: readonly string[];
  places: readonly number[];
  lacking: readonly number[];
  /** How many params the whole engine counts against its limit. */
  readonly counted: number;
  /** The fields that rules touch. */
  readonly slots: readonly FieldDescription[];
  /** The slots of relations. */
  readonly related: readonly number[];
  /** Makes a new record; undefined where changes do more to it than take their places. */
  readonly fresh: (() => Record<string, unknown>) | undefined;
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
