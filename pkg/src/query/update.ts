import { EctomorphError } from "../errors.js";
import type { Input, Numeric, Operand, Unknown } from "./kinds.js";
import type { Node, ParamType } from "./node.js";
import { type AnyRow, fieldOf, infoOf } from "./row.js";
import { operand, param, Term } from "./term.js";

type Columns<X, Kinds extends string> = {
  [K in Exclude<keyof X, symbol>]: X[K] extends Term<infer _T, infer Kind> ? (Kind extends Kinds ? K : never) : never;
}[Exclude<keyof X, symbol>];

type Settable<C> = C extends Term<infer T, infer Kind> ? Operand<T, Kind> | null : never;
type Increment<C> = C extends Term<infer T, infer Kind> ? Input<T, Kind> | Term<unknown, Numeric | Unknown> : never;
type Element<C> = C extends Term<infer T, infer _Kind> ? ElementOf<NonNullable<T>> : never;
type ElementOf<T> = T extends readonly (infer Each)[] ? Each | Term : never;

/** What an update changes. */
export interface Updates<X> {
  /** Fields, each with a value or a term. */
  readonly set?: { readonly [K in Exclude<keyof X, symbol>]?: Settable<X[K]> };
  /** Numbers to add; negative ones to subtract. */
  readonly inc?: { readonly [K in Columns<X, Numeric | Unknown>]?: Increment<X[K & keyof X]> };
  /** Elements to add at the end of lists. */
  readonly push?: { readonly [K in Columns<X, "array" | Unknown>]?: Element<X[K & keyof X]> };
  /** Elements to take out of lists, wherever they are. */
  readonly pull?: { readonly [K in Columns<X, "array" | Unknown>]?: Element<X[K & keyof X]> };
}

const OPERATIONS = ["set", "inc", "push", "pull"];

/** The document of an update: `{"set": [[field, value], ..]}`. */
export function updateNode(updates: unknown, root: AnyRow): Node {
  return Object.fromEntries(
    Object.entries(updates as object).map(([op, fields]): [string, Node] => {
      if (!OPERATIONS.includes(op)) throw new EctomorphError(`an update can ${OPERATIONS.join(", ")}, not ${op}`);
      const written = Object.entries(fields as object).map(([name, value]): Node => {
        const field = fieldOf(infoOf(root), name);
        const { type, quoted } = field;
        if (value === null) return [name, param(null, type, quoted)];
        if (op === "set" || op === "inc") return [name, operand(value, field)];
        const element = typeof type === "object" && "array" in type ? type.array : undefined;
        return [name, operand(value, new Term(null, element, { out: quoted as ParamType }))];
      });
      return [op, written];
    }),
  );
}
