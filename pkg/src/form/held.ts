/** What a form that no page holds itself has in it: of the form, or of one child. */
export class Held {
  /** What was typed, by field. */
  readonly values: Record<string, unknown> = {};
  /** The fields that a person has left. */
  readonly used = new Set<string>();
  /** What is wrong that no rules of the page find: a server said so, a check did, or a browser can't read the input. */
  readonly said = new Map<string, readonly string[]>();
  readonly many = new Map<string, Many>();
  readonly one = new Map<string, Held>();

  /**
   * @param key What the child is called among its siblings, as long as it is there.
   * @param hidden What goes along unseen: the key of a child of the data.
   */
  constructor(
    readonly key: string,
    readonly hidden: Readonly<Record<string, unknown>> = {},
  ) {}

  /** The params of it, nested as forms send them. */
  params(): Record<string, unknown> {
    const params: Record<string, unknown> = { ...this.hidden, ...this.values };
    for (const [relation, { items, touched }] of this.many) {
      if (!touched && !items.some((item) => item.isTouched)) continue;
      params[relation] = Object.fromEntries(items.map((item) => [item.key, item.params()]));
      params[`${relation}_sort`] = items.map((item) => item.key);
      // Without it, a form whose last child was removed would say nothing of them at all.
      params[`${relation}_drop`] = [""];
    }
    for (const [relation, child] of this.one) if (child.isTouched) params[relation] = child.params();
    return params;
  }

  get isTouched(): boolean {
    const many = [...this.many.values()].some(({ items, touched }) => touched || items.some((item) => item.isTouched));
    return many || Object.keys(this.values).length > 0 || [...this.one.values()].some((child) => child.isTouched);
  }

  /** Forgets what was said of a field, which holds until it changes. */
  forget(field: string): void {
    this.said.delete(field);
  }

  /** Forgets all that was said. */
  forgetAll(): void {
    this.said.clear();
    for (const { items } of this.many.values()) for (const item of items) item.forgetAll();
    for (const child of this.one.values()) child.forgetAll();
  }
}

/** The children of a relation, in the order they are shown. */
export interface Many {
  readonly items: Held[];
  /** Whether one was added, removed or moved. */
  touched: boolean;
  next: number;
}
