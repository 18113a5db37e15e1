import type { Level } from "./level.js";
import { type Look, out } from "./look.js";
import type { Answer } from "./outcome.js";
import { type Answers, answerTo, changed, keep, sight } from "./recall.js";

// V8 notes at each place in the code which names and shapes come by there, and makes fast what sees one. So this module is bundled
// several times (`seers.ts`), for levels to have code of their own, with a place for each of their first params.

/** What a level is, as far as a look at its params goes. */
export interface Seen {
  /** The fields of slots and the other params, and how those that are theirs are looked at. */
  readonly keys: readonly string[];
  readonly looks: readonly Look[];
  /** The facts of the params that came last. */
  readonly facts: Uint8Array;
  readonly answers: Answers;
  /** A new record, which of its fields hold lists, and how many slots there are. */
  readonly template: object;
  readonly lists: readonly string[];
  readonly slots: number;
}

/** What looks at the params of a level, and makes its records. */
export interface Seer {
  /**
   * The answer to params, if it is known. In `out` is left, for a level, their outcome, with what a record holds by slot or with
   * nothing; else a new record with their changes, unless something is wrong.
   */
  see(params: object, level: Level | undefined, data?: readonly unknown[]): Answer | undefined;
  /** A new record with what slots change to. */
  make(values: readonly unknown[]): Record<string, unknown>;
}

type Params = { readonly [name: string]: unknown };
type Eight<T> = [T, T, T, T, T, T, T, T];

/** Looks at the params of a level, and makes its records. */
export function seer({ keys, looks, facts, answers, template, lists, slots }: Seen): Seer {
  const { length } = keys;
  const [k0, k1, k2, k3, k4, k5, k6, k7] = keys as Eight<string>;
  const [l0, l1, l2, l3, l4, l5, l6, l7] = looks as Eight<Look>;
  const make = (values: readonly unknown[]): Record<string, unknown> => {
    const record: Record<string, unknown> = { ...template };
    for (let index = 0; index < lists.length; index++) record[lists[index] as string] = [];
    if (slots > 0 && values[0] !== undefined) record[k0] = values[0];
    if (slots > 1 && values[1] !== undefined) record[k1] = values[1];
    if (slots > 2 && values[2] !== undefined) record[k2] = values[2];
    if (slots > 3 && values[3] !== undefined) record[k3] = values[3];
    if (slots > 4 && values[4] !== undefined) record[k4] = values[4];
    if (slots > 5 && values[5] !== undefined) record[k5] = values[5];
    if (slots > 6 && values[6] !== undefined) record[k6] = values[6];
    if (slots > 7 && values[7] !== undefined) record[k7] = values[7];
    for (let slot = 8; slot < slots; slot++) if (values[slot] !== undefined) record[keys[slot] as string] = values[slot];
    return record;
  };
  const see = (params: object, level: Level | undefined, data?: readonly unknown[]): Answer | undefined => {
    let c0 = (params as Params)[k0];
    // V8 knows the shape by now.
    if (Object.getPrototypeOf(params) !== Object.prototype) return undefined;
    let all = (facts[0] = l0.facts(l0, c0, params));
    if (l0.casts) c0 = out[0];
    let c1, c2, c3, c4, c5, c6, c7;
    if (length > 1) {
      c1 = (params as Params)[k1];
      all |= facts[1] = l1.facts(l1, c1, params);
      if (l1.casts) c1 = out[0];
    }
    if (length > 2) {
      c2 = (params as Params)[k2];
      all |= facts[2] = l2.facts(l2, c2, params);
      if (l2.casts) c2 = out[0];
    }
    if (length > 3) {
      c3 = (params as Params)[k3];
      all |= facts[3] = l3.facts(l3, c3, params);
      if (l3.casts) c3 = out[0];
    }
    if (length > 4) {
      c4 = (params as Params)[k4];
      all |= facts[4] = l4.facts(l4, c4, params);
      if (l4.casts) c4 = out[0];
    }
    if (length > 5) {
      c5 = (params as Params)[k5];
      all |= facts[5] = l5.facts(l5, c5, params);
      if (l5.casts) c5 = out[0];
    }
    if (length > 6) {
      c6 = (params as Params)[k6];
      all |= facts[6] = l6.facts(l6, c6, params);
      if (l6.casts) c6 = out[0];
    }
    if (length > 7) {
      c7 = (params as Params)[k7];
      all |= facts[7] = l7.facts(l7, c7, params);
      if (l7.casts) c7 = out[0];
    }
    const values: unknown[] = [c0, c1, c2, c3, c4, c5, c6, c7];
    for (let index = 8; index < length; index++) {
      const look = looks[index] as Look;
      const value = (params as Params)[keys[index] as string];
      all |= facts[index] = look.facts(look, value, params);
      values.push(look.casts ? out[0] : value);
    }
    if (level !== undefined) return keep(level, facts, all, { ...params }, values, data);
    const answer = answerTo(answers, facts, all);
    if (answer === undefined) return undefined;
    if (!answer.valid) sight.isClear = false;
    else if (sight.isClear) out[0] = make(changed(values, answer));
    return answer;
  };
  return { see, make };
}
