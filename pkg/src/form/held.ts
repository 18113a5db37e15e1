/** What a form that no page holds itself has in it: of the form, or of one child. */
export class Held {
  /** What was typed, by field. */
  readonly values: Record<string, unknown> = {};
  /** The fields that a person has left. */
  readonly used = new Set<string>();
  /** What is wrong that no rules of the page find: a server said so, or a check. */
  readonly said = new Map<string, readonly string[]>();
  /** The children, by relation. */
  readonly inside = new Map<string, Children>();

  /**
   * @param key What the child is called among its siblings, as long as it is there.
   * @param hidden What goes along unseen: the key of a child of the data.
   */
  constructor(
    readonly key = "",
    readonly hidden: object = {},
  ) {}

  /** The params of it, nested as forms send them; undefined if nobody has touched it. */
  params(): Record<string, unknown> | undefined {
    const params: Record<string, unknown> = { ...this.values };
    for (const [relation, { items, many, touched }] of this.inside) {
      const all = items.map((item) => item.params());
      if (!touched && all.every((one) => one === undefined)) continue;
      const of = (index: number): object => all[index] ?? (items[index] as Held).hidden;
      params[relation] = many ? Object.fromEntries(items.map((item, index) => [item.key, of(index)])) : of(0);
      if (!many) continue;
      params[`${relation}_sort`] = items.map((item) => item.key);
      // Without it, a form whose last child was removed would say nothing of them at all.
      params[`${relation}_drop`] = [""];
    }
    return Object.keys(params).length > 0 ? { ...this.hidden, ...params } : undefined;
  }

  /** Forgets all that was said. */
  forget(): void {
    this.said.clear();
    for (const { items } of this.inside.values()) for (const item of items) item.forget();
  }
}

/** The children of a relation, in the order they are shown. */
export interface Children {
  readonly items: Held[];
  readonly many: boolean;
  /** Whether one was added, removed or moved. */
  touched: boolean;
  next: number;
}
