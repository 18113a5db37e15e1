import { EctomorphError } from "../errors.js";
import type { Node } from "./node.js";
import type { Order } from "./queryable.js";
import { type AnyRow, fieldOf, infoOf } from "./row.js";
import { Term } from "./term.js";

/** What to order by: a term, or the name of a field of the first source. */
export type By<Name extends string = string> = Term | Name;

/** Something to order by, with a direction. */
export class Ordered<out Name extends string = string> {
  declare readonly "~name": Name;

  constructor(
    readonly direction: string,
    readonly by: Term | string,
  ) {}
}

/**
 * Up, the order that is meant when none is given.
 *
 * @example
 * from(User).orderBy((u) => [asc(u.name), desc(u.id)]);
 */
export function asc(by: Term): Ordered<never>;
export function asc<const Name extends string>(by: By<Name>): Ordered<Name>;
export function asc(by: By): Ordered {
  return new Ordered("asc", by);
}

/** Down. */
export function desc(by: Term): Ordered<never>;
export function desc<const Name extends string>(by: By<Name>): Ordered<Name>;
export function desc(by: By): Ordered {
  return new Ordered("desc", by);
}

/** Up, nulls first. */
export function ascNullsFirst(by: Term): Ordered<never>;
export function ascNullsFirst<const Name extends string>(by: By<Name>): Ordered<Name>;
export function ascNullsFirst(by: By): Ordered {
  return new Ordered("asc_nulls_first", by);
}

/** Up, nulls last. */
export function ascNullsLast(by: Term): Ordered<never>;
export function ascNullsLast<const Name extends string>(by: By<Name>): Ordered<Name>;
export function ascNullsLast(by: By): Ordered {
  return new Ordered("asc_nulls_last", by);
}

/** Down, nulls first. */
export function descNullsFirst(by: Term): Ordered<never>;
export function descNullsFirst<const Name extends string>(by: By<Name>): Ordered<Name>;
export function descNullsFirst(by: By): Ordered {
  return new Ordered("desc_nulls_first", by);
}

/** Down, nulls last. */
export function descNullsLast(by: Term): Ordered<never>;
export function descNullsLast<const Name extends string>(by: By<Name>): Ordered<Name>;
export function descNullsLast(by: By): Ordered {
  return new Ordered("desc_nulls_last", by);
}

/** One thing to order by, or several. */
export type Orders<Name extends string = string> = By<Name> | Ordered<Name> | readonly (By<Name> | Ordered<Name>)[];

/** Reads what to order by. */
export function ordersOf(given: unknown, root: AnyRow | undefined): Order[] {
  return (Array.isArray(given) ? given : [given]).map((each): Order => {
    const { direction, by } = each instanceof Ordered ? each : { direction: "asc", by: each };
    return [direction, nodeOf(by, root)];
  });
}

/** The node of a term, or of a field of the first source. */
export function nodeOf(by: unknown, root: AnyRow | undefined): Node {
  if (by instanceof Term) return by.node;
  if (typeof by === "string" && root !== undefined) return fieldOf(infoOf(root), by).node;
  throw new EctomorphError("order and group by fields or what is made of them: (u) => [desc(u.age), u.id]");
}

/** The order of the primary key. */
export function keyOrders(direction: string, root: AnyRow): Order[] {
  const info = infoOf(root);
  const keys = info.shape.schema?.fields.filter(({ primary_key }) => primary_key === true) ?? [];
  if (keys.length === 0) throw new EctomorphError(`${info.shape.name} has no primary key to order by; use orderBy(..)`);
  return keys.map(({ name }): Order => [direction, fieldOf(info, name).node]);
}

const REVERSED: { readonly [direction: string]: string } = {
  asc: "desc",
  desc: "asc",
  asc_nulls_first: "desc_nulls_last",
  asc_nulls_last: "desc_nulls_first",
  desc_nulls_first: "asc_nulls_last",
  desc_nulls_last: "asc_nulls_first",
};

/** The same, the other way round; nulls, too. */
export function reversed([direction, node]: Order): Order {
  return [REVERSED[direction] as string, node];
}
