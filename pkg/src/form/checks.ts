import { messagesIn } from "./answer.js";

/** Looks at the value of a field somewhere else. */
export type Check = (value: unknown, context: { readonly signal: AbortSignal }) => Promise<string | readonly string[] | null | undefined>;

/** A check that runs, or ran, of a value. */
interface Asked {
  readonly value: unknown;
  readonly controller: AbortController;
  readonly done: Promise<void>;
}

/** The checks of a form: of each field the value that was asked about last. */
export class Checks {
  readonly #asked = new Map<string, Asked>();

  /** Asks about a value, unless it was asked of the same before. What is found is told, unless that was called off meanwhile. */
  ask(name: string, check: Check, value: unknown, tell: (messages: readonly string[]) => void): Promise<void> {
    const before = this.#asked.get(name);
    if (before !== undefined && before.value === value && !before.controller.signal.aborted) return before.done;
    before?.controller.abort();
    const controller = new AbortController();
    const run = async (): Promise<void> => {
      try {
        const found = await check(value, controller);
        if (!controller.signal.aborted) tell(messagesIn([found].flat()));
      } catch (error) {
        // A check that was called off has nothing to say.
        if (controller.signal.aborted) return;
        // One that failed, perhaps at once, is asked again.
        controller.abort();
        throw error;
      }
    };
    const done = run();
    this.#asked.set(name, { value, controller, done });
    return done;
  }

  /** Asks about all of them; again, if somebody typed meanwhile: what is sent is what was asked about. */
  async askAll(names: object | undefined, ask: (name: string) => Promise<void>, typed: () => unknown): Promise<void> {
    let before: unknown;
    do {
      before = typed();
      await Promise.all(Object.keys(names ?? {}).map(ask));
    } while (before !== typed());
  }

  /** The value is another by now. */
  callOff(name: string): void {
    this.#asked.get(name)?.controller.abort();
  }

  callOffAll(): void {
    for (const { controller } of this.#asked.values()) controller.abort();
    this.#asked.clear();
  }
}
