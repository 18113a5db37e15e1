/** What a form that no page holds itself has in it: of the form, or of one child. */
export class Held {
  /** What was typed, by field. */
  readonly values: Record<string, unknown> = {};
  /** The fields that a person has left. */
  readonly used = new Set<string>();
  /** What is wrong that no rules of the page find: a server said so, or a check. */
  readonly said = new Map<string, readonly string[]>();
  /** The fields whose input a browser can't read. */
  readonly unread = new Set<string>();
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
    const changed = [...this.many.values()].some(({ touched }) => touched) || Object.keys(this.values).length > 0;
    return changed || this.#inner.some((child) => child.isTouched);
  }

  /** Whether a browser can't read an input, of it or of a child. */
  get isUnread(): boolean {
    return this.unread.size > 0 || this.#inner.some((child) => child.isUnread);
  }

  /** Forgets what was said of a field, which holds until it changes. */
  forget(field: string): void {
    this.said.delete(field);
    this.unread.delete(field);
  }

  /** Forgets all that was said. */
  forgetAll(): void {
    this.said.clear();
    for (const child of this.#inner) child.forgetAll();
  }

  get #inner(): Held[] {
    return [...[...this.many.values()].flatMap(({ items }) => items), ...this.one.values()];
  }
}

/** The children of a relation, in the order they are shown. */
export interface Many {
  readonly items: Held[];
  /** Whether one was added, removed or moved. */
  touched: boolean;
  next: number;
}
