import { EctomorphError } from "../errors.js";

/** Which form a number takes. */
export type Plural = (n: number) => number;

/** One form for 1, one for all else. */
export const ENGLISH: Plural = (n) => (n === 1 ? 0 : 1);

const MAX_DEPTH = 64;

type Operation = (left: number, right: Plural, n: number) => number;

/** The operators of C by precedence, the loosest first; within a level, the longer text first. */
const LEVELS: readonly (readonly (readonly [text: string, operation: Operation])[])[] = [
  [["||", (left, right, n) => Number(left !== 0 || right(n) !== 0)]],
  [["&&", (left, right, n) => Number(left !== 0 && right(n) !== 0)]],
  [["==", (left, right, n) => Number(left === right(n))], ["!=", (left, right, n) => Number(left !== right(n))]],
  [
    ["<=", (left, right, n) => Number(left <= right(n))],
    [">=", (left, right, n) => Number(left >= right(n))],
    ["<", (left, right, n) => Number(left < right(n))],
    [">", (left, right, n) => Number(left > right(n))],
  ],
  [["+", (left, right, n) => left + right(n)], ["-", (left, right, n) => left - right(n)]],
  [["*", (left, right, n) => left * right(n)], ["/", (left, right, n) => Math.trunc(left / right(n))], ["%", (left, right, n) => left % right(n)]],
];

/** Reads `nplurals=2; plural=(n != 1);`. No code is made of it. */
export function pluralOf(header: string): Plural {
  const [, count, expression] = /^\s*nplurals\s*=\s*(\d{1,2})\s*;\s*plural\s*=([^;]*);?\s*$/.exec(header) ?? [];
  const forms = Number(count);
  const refuse = (what: string): never => {
    throw new EctomorphError(`the plural forms of the .po file ${what}: ${header.slice(0, 80)}`);
  };
  if (expression === undefined || !(forms >= 1 && forms <= 16)) return refuse('are none such as "nplurals=2; plural=(n != 1);"');
  let rest = expression;
  let depth = 0;
  const take = (text: string): boolean => {
    rest = rest.trimStart();
    if (!rest.startsWith(text)) return false;
    rest = rest.slice(text.length);
    return true;
  };
  const choice = (): Plural => {
    if (++depth > MAX_DEPTH) refuse("are nested too deep");
    const condition = operations(0);
    let read = condition;
    if (take("?")) {
      const yes = choice();
      if (!take(":")) refuse('have a "?" without ":"');
      const no = choice();
      read = (n) => (condition(n) !== 0 ? yes(n) : no(n));
    }
    depth--;
    return read;
  };
  const operations = (level: number): Plural => {
    const known = LEVELS[level];
    if (known === undefined) return operand();
    let read = operations(level + 1);
    for (let chained = 0; ; chained++) {
      const [, operation] = known.find(([text]) => take(text)) ?? [];
      if (operation === undefined) return read;
      if (chained > MAX_DEPTH) refuse("are too long");
      const [left, right] = [read, operations(level + 1)];
      read = (n) => operation(left(n), right, n);
    }
  };
  const operand = (): Plural => {
    let negations = 0;
    while (take("!")) negations++;
    const negated = (read: Plural): Plural => (negations === 0 ? read : (n) => Number((read(n) === 0) === (negations % 2 === 1)));
    if (take("(")) {
      const inner = choice();
      if (!take(")")) refuse('have a "(" without ")"');
      return negated(inner);
    }
    if (take("n")) return negated((n) => n);
    const [digits] = /^\d{1,9}/.exec(rest) ?? [];
    if (digits === undefined) return refuse("know n, whole numbers, parentheses and operators of C");
    rest = rest.slice(digits.length);
    return negated(() => Number(digits));
  };
  const read = choice();
  if (rest.trim() !== "") refuse("go on after their end");
  for (let n = 0; n <= 1000; n++) {
    const form = read(n);
    if (!(Number.isInteger(form) && form >= 0 && form < forms)) refuse("give a form beyond nplurals");
  }
  return read;
}
