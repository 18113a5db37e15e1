import { EctomorphError } from "./errors.js";
import type { ReadParams } from "./result.js";
import { isMap, setOwn } from "./values.js";

/** Untrusted input: an object (of JSON, say), a form, or the text of one. `undefined` is a form not sent yet. */
export type Params = object | string | undefined;

/**
 * Params that are invalid as a whole, such as a body that is no JSON: the changeset is invalid, without errors.
 *
 * @example
 * const changeset = registration(User.build(), isObject(body) ? body : INVALID);
 */
export const INVALID: object = /* @__PURE__ */ Object.freeze({});

/** How much of a form is read before it is refused. */
export interface Limits {
  /** UTF-16 units of names and text together; 8,000,000. */
  readonly bytes?: number;
  /** Maps and lists within each other; 32, and never more than 127. */
  readonly depth?: number;
  /** Keys and list elements together; 10,000. */
  readonly entries?: number;
}

const NONE: ReadParams = Object.freeze({});

/** Params of any form as a map; null for those that are invalid as a whole. */
export function readParams(params: unknown): ReadParams {
  if (isLiteral(params) && params !== INVALID) return params as ReadParams;
  if (params === undefined) return NONE;
  if (typeof params === "string" || isForm(params)) return decodeForm(params);
  if (params === INVALID) return null;
  if (isParams(params)) return params as ReadParams;
  const named = Object.prototype.toString.call(params).slice(8, -1);
  const kind = params === null ? "null" : Array.isArray(params) ? "a list" : `a ${typeof params === "object" ? named : typeof params}`;
  throw new EctomorphError(`params must be an object or a form, not ${kind}; give INVALID for a body that is neither`);
}

/**
 * The params of a form: names nest as in Phoenix. `user[name]` is a key within a key, `tags[]` an element of a list,
 * `lines[0][qty]` a child by its index. Files stay as they are.
 *
 * @example
 * decodeForm("post[title]=Hello&post[tags][]=rust"); // { post: { title: "Hello", tags: ["rust"] } }
 * registration(User.build(), decodeForm(new FormData(form)).user);
 *
 * @throws EctomorphError when a limit is exceeded, or text is not UTF-8.
 */
export function decodeForm(
  form: string | FormData | URLSearchParams,
  limits: Limits = {},
): { readonly [name: string]: unknown } {
  const fields = new FormFields(limits);
  if (typeof form === "string") {
    fields.weigh(form.length);
    for (const pair of form.split("&")) {
      if (pair === "") continue;
      const equals = pair.indexOf("=");
      if (equals < 0) fields.put(unescape(pair), "");
      else fields.put(unescape(pair.slice(0, equals)), unescape(pair.slice(equals + 1)));
    }
  } else {
    form.forEach((value: unknown, name: string) => {
      fields.weigh(name.length + (typeof value === "string" ? value.length : 0));
      fields.put(name, value);
    });
  }
  return fields.finish();
}

/** A place with places below it: a map or a list, depending on how it was last added to. */
interface Node {
  readonly named: Map<string, Slot>;
  readonly items: Slot[];
  /** The node that all names through `[]` share: `a[][b]=1&a[][c]=2` is one element. */
  itemNode: Node | undefined;
  isList: boolean;
}

/** What stands at a key or in a list. The node stays when a value takes its place: it is opened only once. */
interface Slot {
  value: unknown;
  hasValue: boolean;
  node: Node | undefined;
}

/** Puts the fields of a form together. Where they contradict each other the outcome is Plug's: the last one decides. */
class FormFields {
  readonly #root = node();
  readonly #bytes: number;
  readonly #depth: number;
  readonly #entries: number;
  #weight = 0;
  #count = 0;

  constructor({ bytes = 8_000_000, depth = 32, entries = 10_000 }: Limits) {
    this.#bytes = bytes;
    this.#depth = Math.min(depth, 127);
    this.#entries = entries;
  }

  weigh(bytes: number): void {
    this.#weight += bytes;
    if (this.#weight > this.#bytes) throw refused(`longer than the limit of ${this.#bytes}; send less, or raise \`bytes\``);
  }

  put(name: string, value: unknown): void {
    const steps = stepsOf(name);
    if (steps.length > this.#depth) {
      throw refused(`nested deeper than the limit of ${this.#depth}; send flatter data, or raise \`depth\``);
    }
    let place = this.#root;
    for (let index = 0; index < steps.length - 1; index++) place = this.#descend(place, steps[index] as string);
    const last = steps.at(-1) as string;
    // At the root an empty name is a key like any other; below it, it says "the next element".
    if (last === "" && place !== this.#root) {
      this.#add();
      place.items.push({ value, hasValue: true, node: undefined });
      place.isList = true;
    } else {
      const slot = this.#slot(place, last);
      slot.value = value;
      slot.hasValue = true;
      place.isList = false;
    }
  }

  finish(): { readonly [name: string]: unknown } {
    return mapOf(this.#root);
  }

  #descend(parent: Node, step: string): Node {
    if (step === "" && parent !== this.#root) {
      if (parent.itemNode === undefined) {
        this.#add();
        parent.itemNode = node();
        parent.items.push({ value: undefined, hasValue: false, node: parent.itemNode });
        parent.isList = true;
      }
      return parent.itemNode;
    }
    const slot = this.#slot(parent, step);
    if (slot.node === undefined) {
      slot.node = node();
      slot.hasValue = false;
      slot.value = undefined;
      parent.isList = false;
    }
    return slot.node;
  }

  #slot(parent: Node, key: string): Slot {
    let slot = parent.named.get(key);
    if (slot === undefined) {
      this.#add();
      slot = { value: undefined, hasValue: false, node: undefined };
      parent.named.set(key, slot);
    }
    return slot;
  }

  #add(): void {
    if (++this.#count > this.#entries) {
      throw refused(`more keys and list elements than the limit of ${this.#entries}; send fewer, or raise \`entries\``);
    }
  }
}

function node(): Node {
  return { named: new Map(), items: [], itemNode: undefined, isList: false };
}

function mapOf({ named }: Node): { readonly [name: string]: unknown } {
  const map = {};
  for (const [key, slot] of named) setOwn(map, key, valueOf(slot));
  return map;
}

function valueOf({ value, hasValue, node }: Slot): unknown {
  if (hasValue) return value;
  if (node === undefined) return null;
  return node.isList ? node.items.map(valueOf) : mapOf(node);
}

/**
 * The steps of a name: `a[b][]` leads through `a`, `b` and the empty step. As in Plug, brackets count only if the name
 * ends in one and does not start with one, and a step ends only at `][`: in `a[b]c]` the second step is `b]c`.
 */
function stepsOf(name: string): string[] {
  const open = name.indexOf("[");
  if (open <= 0 || !name.endsWith("]")) return [name];
  return [name.slice(0, open), ...name.slice(open + 1, -1).split("][")];
}

/** A `%` that two hexadecimal digits do not follow is a percent sign, as in browsers. */
function unescape(text: string): string {
  const spaced = text.replaceAll("+", " ");
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced.replace(/%(?![0-9a-fA-F]{2})/g, "%25"));
  } catch {
    throw refused("the text is not UTF-8; send the form in UTF-8");
  }
}

/** Whether an object is seen at once to be a literal's or JSON's. */
function isLiteral(value: unknown): boolean {
  return typeof value === "object" && value !== null && value.constructor === Object;
}

/** Whether an object has properties that are params. A Map or a Promise has entries, or will have, that are none. */
function isParams(value: unknown): boolean {
  return isMap(value) && (value.constructor === Object || !(Symbol.toStringTag in value));
}

/** Whether a value can be read as params. */
export function readable(value: unknown): value is object | string {
  return isLiteral(value) || typeof value === "string" || isForm(value) || isParams(value);
}

function isForm(params: unknown): params is FormData | URLSearchParams {
  return (
    // Node loads FormData, and all of `fetch` with it, when it is first named: not for a plain object.
    (params as object | null)?.constructor !== Object &&
    ((typeof FormData === "function" && params instanceof FormData) ||
      (typeof URLSearchParams === "function" && params instanceof URLSearchParams))
  );
}

function refused(why: string): EctomorphError {
  return new EctomorphError(`invalid params: ${why}`);
}
