// Patterns as automata, for those that mean the same everywhere: ASCII's classes, and `^` and `$` at the ends alone.

/** A part of a pattern. */
type Node =
  | { readonly set: Set }
  | { readonly all: readonly Node[] }
  | { readonly any: readonly Node[] }
  | { readonly node: Node; readonly min: number; readonly max: number };

/** Which of the 128 ASCII characters are in it, and, last, whether all others are. */
type Set = Uint8Array;

const SYMBOLS = 129;
const MAX_STATES = 2000;
const MAX_PARTS = 2000;
const MAX_LENGTH = 4096;
/** How many choices of a pattern may multiply: of a text of 64 characters there are a few thousand ways then. */
const MAX_CHOICES = 3;

/** Thrown where a pattern is not understood, or needs too many states. */
const BEYOND = {};

/** A pattern that the small engine can run. */
export interface Automaton {
  /** The table of states, in the form of `src/fast/automaton.rs`. */
  readonly table: Uint8Array;
  /** The same for short texts, if no backtracking of it can take long. */
  readonly quick: RegExp | undefined;
}

/** The automaton of a pattern; undefined for patterns that only the whole engine can run. */
export function automatonOf(source: string, flags: string): Automaton | undefined {
  if (!/^[is]*$/.test(flags) || source.length > MAX_LENGTH) return undefined;
  try {
    return new Builder(source, flags).build();
  } catch (error) {
    if (error !== BEYOND) throw error;
    return undefined;
  }
}

class Builder {
  #at = 0;
  #depth = 0;
  readonly #source: string;
  readonly #caseless: boolean;
  readonly #dotAll: boolean;
  /** The sets of the places in the pattern, and of each the places that may come next. */
  readonly #sets: Set[] = [];
  readonly #next: number[][] = [];

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#caseless = flags.includes("i");
    this.#dotAll = flags.includes("s");
  }

  build(): Automaton {
    const source = this.#source;
    // A `$` that ends alternatives belongs to the last of them.
    const starts = source.startsWith("^");
    if (starts) this.#at = 1;
    const node = this.#alternatives();
    const ends = source[this.#at] === "$";
    if (ends) this.#at++;
    if (this.#at < source.length) throw BEYOND;
    if ((starts || ends) && "any" in node) throw BEYOND;
    const choices = choicesOf(node, false) + (starts ? 0 : 1);
    const quick = choices > MAX_CHOICES ? undefined : new RegExp(`${starts ? "^" : ""}${write(node)}${ends ? "$" : ""}`, "u");
    return { table: this.#determine(this.#place(node), starts, ends), quick };
  }

  #alternatives(): Node {
    if (++this.#depth > 20) throw BEYOND;
    const any = [this.#sequence()];
    while (this.#eat("|")) any.push(this.#sequence());
    this.#depth--;
    return any.length === 1 ? (any[0] as Node) : { any };
  }

  #sequence(): Node {
    const all: Node[] = [];
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined || char === "|" || char === ")" || char === "$") return { all };
      all.push(this.#repeated(this.#atom()));
    }
  }

  #repeated(node: Node): Node {
    const counted = /^(?:([*+?])|\{(\d{1,3})(,(\d{1,3})?)?\})\??/.exec(this.#source.slice(this.#at));
    if (counted === null) return node;
    this.#at += counted[0].length;
    if (/^[*+?{]/.test(this.#source.slice(this.#at))) throw BEYOND;
    const [, sign, least, comma, most] = counted;
    if (sign !== undefined) return { node, min: sign === "+" ? 1 : 0, max: sign === "?" ? 1 : Infinity };
    const min = Number(least);
    const max = comma === undefined ? min : most === undefined ? Infinity : Number(most);
    if (max < min) throw BEYOND;
    return { node, min, max };
  }

  #atom(): Node {
    const char = this.#source[this.#at++] as string;
    if (char === "(") {
      if (this.#eat("?") && !this.#eat(":")) throw BEYOND;
      const node = this.#alternatives();
      if (!this.#eat(")")) throw BEYOND;
      return node;
    }
    if (char === ".") return { set: this.#dotAll ? not(new Uint8Array(SYMBOLS)) : not(range(10, 10)) };
    if (char === "[") return { set: this.#class() };
    if (char === "\\") return { set: this.#escape() };
    if ("^*+?{}])".includes(char)) throw BEYOND;
    return { set: this.#fold(one(char)) };
  }

  #class(): Set {
    const negated = this.#eat("^");
    const set = new Uint8Array(SYMBOLS);
    let first = true;
    for (; !this.#eat("]"); first = false) {
      const char = this.#source[this.#at++];
      if (char === undefined || char === "[" || (first && char === "-" && this.#source[this.#at] !== "]")) throw BEYOND;
      if (/^[&~-]$/.test(char) && this.#source[this.#at] === char) throw BEYOND;
      let low = char === "\\" ? this.#escape() : one(char);
      if (this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]") {
        this.#at++;
        const last = this.#source[this.#at++];
        if (last === undefined || last === "[" || last === "]" || last === "-") throw BEYOND;
        const high = last === "\\" ? this.#escape() : one(last);
        low = range(only(low), only(high));
      }
      low.forEach((is, symbol) => {
        if (is === 1) set[symbol] = 1;
      });
    }
    if (first) throw BEYOND;
    const folded = this.#fold(set);
    return negated ? not(folded) : folded;
  }

  #escape(): Set {
    const char = this.#source[this.#at++] ?? "";
    const lower = char.toLowerCase();
    if ("dsw".includes(lower) && char !== "") {
      const set =
        lower === "d" ? range(48, 57)
        : lower === "s" ? union(range(9, 13), range(32, 32))
        : union(range(48, 57), range(65, 90), range(97, 122), range(95, 95));
      return char === lower ? set : not(set);
    }
    const at = "nrtfv".indexOf(char);
    if (at >= 0 && char !== "") return one("\n\r\t\f\v"[at] as string);
    if (!/^[!-/:;=?@[-`{-~]$/.test(char)) throw BEYOND;
    return one(char);
  }

  #fold(set: Set): Set {
    if (!this.#caseless) return set;
    const folded = Uint8Array.from(set);
    for (let code = 65; code <= 90; code++) {
      if (set[code] === 1 || set[code + 32] === 1) folded[code] = folded[code + 32] = 1;
    }
    return folded;
  }

  #eat(char: string): boolean {
    const eats = this.#source[this.#at] === char;
    if (eats) this.#at++;
    return eats;
  }

  /** Gives every set its places; the first and last of a part, and whether it may be nothing. */
  #place(node: Node): Placed {
    if ("set" in node) {
      const place = this.#sets.push(node.set) - 1;
      if (place > MAX_PARTS) throw BEYOND;
      this.#next.push([]);
      return { first: [place], last: [place], empty: false };
    }
    if ("any" in node) {
      const placed = node.any.map((each) => this.#place(each));
      return {
        first: placed.flatMap((each) => each.first),
        last: placed.flatMap((each) => each.last),
        empty: placed.some((each) => each.empty),
      };
    }
    if ("all" in node) return node.all.reduce((before: Placed, each) => this.#after(before, this.#place(each)), NOTHING);
    let placed = NOTHING;
    for (let count = 0; count < node.min; count++) placed = this.#after(placed, this.#place(node.node));
    if (node.max === Infinity) {
      const more = this.#place(node.node);
      this.#link(more.last, more.first);
      return this.#after(placed, { ...more, empty: true });
    }
    // `a{2,4}` is `aa(a(a)?)?`.
    let rest = NOTHING;
    for (let count = node.min; count < node.max; count++) {
      rest = { ...this.#after(this.#place(node.node), rest), empty: true };
    }
    return this.#after(placed, rest);
  }

  #after(before: Placed, next: Placed): Placed {
    this.#link(before.last, next.first);
    return {
      first: before.empty ? [...before.first, ...next.first] : before.first,
      last: next.empty ? [...before.last, ...next.last] : next.last,
      empty: before.empty && next.empty,
    };
  }

  #link(from: readonly number[], to: readonly number[]): void {
    for (const place of from) this.#next[place]?.push(...to);
  }

  /** The automaton whose states are sets of places. */
  #determine({ first, last, empty }: Placed, starts: boolean, ends: boolean): Uint8Array {
    const columns = Array.from({ length: SYMBOLS }, (_, symbol) => this.#sets.map((set) => set[symbol]).join(""));
    const kinds = [...new Set(columns)];
    const kindOf = columns.map((column) => kinds.indexOf(column));
    const symbols = kinds.map((kind) => columns.indexOf(kind));
    const lasts = new Set(last);
    const numbers = new Map<string, number>([["start", 0]]);
    const states: (readonly number[])[] = [[]];
    const targets: number[][] = [];
    const NEVER = -2;
    const ALWAYS = -1;
    // Nothing more can be said of a text that matched, unless its end counts too.
    const always = empty && !(starts && ends);
    for (let state = 0; state < states.length; state++) {
      const places = states[state] as readonly number[];
      const reached = new Set(state === 0 || !starts ? first : []);
      for (const place of places) for (const next of this.#next[place] as number[]) reached.add(next);
      targets.push(
        symbols.map((symbol) => {
          const then = [...reached].filter((place) => (this.#sets[place] as Set)[symbol] === 1).sort((a, b) => a - b);
          if (always || (!ends && then.some((place) => lasts.has(place)))) return ALWAYS;
          if (then.length === 0 && starts) return NEVER;
          const key = then.join();
          let number = numbers.get(key);
          if (number === undefined) {
            number = states.push(then) - 1;
            if (number > MAX_STATES) throw BEYOND;
            numbers.set(key, number);
          }
          return number;
        }),
      );
    }
    const count = states.length + 2;
    if (kinds.length > 255) throw BEYOND;
    const accepts = states.map((places, state) => (always || (state === 0 && empty) || places.some((place) => lasts.has(place)) ? 1 : 0));
    const flat = [...targets.flat().map((target) => (target < 0 ? count + target : target))];
    for (const end of [count - 2, count - 1]) for (const _ of kinds) flat.push(end);
    return Uint8Array.from([
      kinds.length, count & 255, count >> 8, ...kindOf, ...accepts, 0, 1,
      ...flat.flatMap((target) => [target & 255, target >> 8]),
    ]);
  }
}

/** What of a part comes first and last, and whether it may be nothing. */
interface Placed {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly empty: boolean;
}

const NOTHING: Placed = { first: [], last: [], empty: true };

/** How many parts of a node may match in several ways; no number, if such parts are repeated. */
function choicesOf(node: Node, repeated: boolean): number {
  if ("set" in node) return 0;
  if ("node" in node) {
    const own = node.min === node.max ? 0 : repeated ? Infinity : 1;
    return own + choicesOf(node.node, repeated || node.max > 1);
  }
  const parts = "any" in node ? node.any : node.all;
  const own = "any" in node ? (repeated ? Infinity : 1) : 0;
  return parts.reduce((sum, part) => sum + choicesOf(part, repeated), own);
}

/** A node as JavaScript writes it, in words that mean the same with every flag. */
function write(node: Node): string {
  if ("set" in node) return writeSet(node.set);
  if ("any" in node) return `(?:${node.any.map(write).join("|")})`;
  if ("all" in node) return node.all.map(write).join("");
  const { min, max } = node;
  const count = max === Infinity ? (min > 1 ? `{${min},}` : "*+"[min]) : min === max ? `{${min}}` : max > 1 ? `{${min},${max}}` : "?";
  const written = write(node.node);
  return `${"set" in node.node ? written : `(?:${written})`}${count}`;
}

function writeSet(set: Set): string {
  const negated = set[SYMBOLS - 1];
  let text = negated === 1 ? "^" : "";
  for (let code = 0; code < SYMBOLS - 1; code++) {
    if (set[code] === negated) continue;
    const start = code;
    while (code < SYMBOLS - 2 && set[code + 1] !== negated) code++;
    text += code > start ? `${char(start)}-${char(code)}` : char(start);
  }
  return /^(\\x..|[^^])$/.test(text) ? text : `[${text}]`;
}

/** A character that stands for itself inside and outside of brackets. */
function char(code: number): string {
  const text = String.fromCharCode(code);
  return /[\w @]/.test(text) ? text : `\\x${code.toString(16).padStart(2, "0")}`;
}

function one(char: string): Set {
  const code = char.charCodeAt(0);
  if (code > 127) throw BEYOND;
  return range(code, code);
}

function range(low: number, high: number): Set {
  if (high < low) throw BEYOND;
  return new Uint8Array(SYMBOLS).fill(1, low, high + 1);
}

function union(...sets: Set[]): Set {
  return Uint8Array.from({ length: SYMBOLS }, (_, symbol) => (sets.some((set) => set[symbol] === 1) ? 1 : 0));
}

function not(set: Set): Set {
  return set.map((is) => 1 - is);
}

/** The one character of a set. */
function only(set: Set): number {
  const code = set.indexOf(1);
  if (set.lastIndexOf(1) !== code) throw BEYOND;
  return code;
}
