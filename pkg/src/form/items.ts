/** What a person can do with an item. */
const TOOLS = "[data-add],[data-remove],[data-up],[data-down]";

/** The container of the children of a relation: `data-many` is its name. */
export class Items {
  #next = 0;
  readonly #list: Element;
  readonly #template: HTMLTemplateElement | null;

  /**
   * @param prefix What the names of the parent's inputs start with: `order`.
   * @param id What their ids start with.
   */
  constructor(
    readonly container: Element,
    readonly prefix: string,
    readonly id: string,
  ) {
    this.#list = container.querySelector("[data-items]") ?? container;
    this.#template = container.querySelector("template");
    // Without it, a form whose last item was removed would say nothing of them at all.
    container.append(hidden(`${prefix}[${this.relation}_drop][]`, ""));
    for (const item of this.elements) this.#take(item as HTMLElement);
  }

  get relation(): string {
    return this.container.getAttribute("data-many") ?? "";
  }

  get elements(): HTMLElement[] {
    return [...this.#list.children].filter((item) => !item.matches("template,[type=hidden]")) as HTMLElement[];
  }

  /** What the names and ids of an item's inputs start with. Both stay when it is moved. */
  names(item: HTMLElement): { readonly prefix: string; readonly id: string } {
    const { relation } = this;
    return {
      prefix: `${this.prefix}[${relation}][${item.dataset["item"]}]`,
      id: `${this.id}_${relation}_${item.dataset["item"]}`,
    };
  }

  add(): HTMLElement | undefined {
    const copy = this.#template?.content.cloneNode(true) as DocumentFragment | undefined;
    const item = copy?.firstElementChild as HTMLElement | null | undefined;
    if (!item) return undefined;
    this.#list.append(item);
    this.#take(item);
    return item;
  }

  clear(): void {
    for (const item of this.elements) item.remove();
    this.order();
  }

  /** Does what a button asks for, and puts the focus where a person goes on. */
  press(button: HTMLElement, item: HTMLElement | undefined): void {
    if (item === undefined) {
      this.add()?.querySelector<HTMLElement>("input:not([type=hidden]),select,textarea")?.focus();
    } else if (button.matches("[data-remove]")) {
      const { elements } = this;
      const at = elements.indexOf(item);
      const next = elements[at + 1] ?? elements[at - 1];
      item.remove();
      (next ?? this.container).querySelector<HTMLElement>(next ? "[data-remove]" : "[data-add]")?.focus();
    } else {
      const up = button.matches("[data-up]");
      const other = up ? item.previousElementSibling : item.nextElementSibling;
      if (up) other?.before(item);
      else other?.after(item);
    }
    this.order();
    if (item?.isConnected) {
      const able = button.matches(":disabled") ? item.querySelector<HTMLElement>("[data-up]:enabled,[data-down]:enabled") : button;
      able?.focus();
    }
  }

  /** Nobody can move the first item up, nor the last one down. */
  order(): void {
    const { elements } = this;
    elements.forEach((item, at) => {
      item.querySelector("[data-up]")?.toggleAttribute("disabled", at === 0);
      item.querySelector("[data-down]")?.toggleAttribute("disabled", at === elements.length - 1);
    });
  }

  /** Gives an item a key of its own, and its inputs their names. The order is that of the sort inputs. */
  #take(item: HTMLElement): void {
    item.dataset["item"] = String(this.#next++);
    item.prepend(hidden(`${this.prefix}[${this.relation}_sort][]`, item.dataset["item"]));
    const { prefix, id } = this.names(item);
    for (const control of item.querySelectorAll<HTMLInputElement>("[data-name]")) {
      control.name = `${prefix}[${control.dataset["name"]}]`;
      control.id = `${id}_${control.dataset["name"]}`;
    }
    this.order();
  }
}

/** The button that was pressed, the container it works on, and the item it stands in. */
export function toolOf(target: EventTarget | null): { button: HTMLElement; container: Element; item: HTMLElement | undefined } | undefined {
  const button = (target as Element | null)?.closest<HTMLElement>(TOOLS);
  const container = button?.closest("[data-many]");
  if (!button || !container) return undefined;
  const item = button.matches("[data-add]") ? undefined : (button.closest<HTMLElement>("[data-item]") ?? undefined);
  return { button, container, item };
}

export function hidden(name: string, value: string): HTMLInputElement {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}
