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
export interface Checks {
  /** Asks about the value of a field, unless there is nothing to ask, or it was asked of the same before. */
  ask(name: string): Promise<void> | undefined;
  /** Asks about all of them; again, if somebody typed meanwhile: what is sent is what was asked about. */
  askAll(typed: () => unknown): Promise<void>;
  /** The value of a field is another by now; without a name, of all. */
  callOff(name?: string): void;
}

/**
 * @param checks What there is to ask, by field.
 * @param value The value of a field; undefined if the rules refuse it anyway, or there is none.
 * @param tell Hears what was found, unless that was called off meanwhile.
 */
export function checking(
  checks: () => { readonly [field: string]: Check } | undefined,
  value: (name: string) => unknown,
  tell: (name: string, messages: readonly string[]) => void,
): Checks {
  const asked = new Map<string, Asked>();
  const ask = (name: string): Promise<void> | undefined => {
    const check = checks()?.[name];
    const now = check && value(name);
    if (now === undefined) return undefined;
    const before = asked.get(name);
    if (before?.value === now && !before.controller.signal.aborted) return before.done;
    before?.controller.abort();
    const controller = new AbortController();
    const { signal } = controller;
    const run = async (): Promise<void> => {
      try {
        const found = await (check as Check)(now, controller);
        if (!signal.aborted) tell(name, messagesIn([found].flat()));
      } catch (error) {
        // A check that was called off has nothing to say.
        if (signal.aborted) return;
        // One that failed, perhaps at once, is asked again.
        controller.abort();
        throw error;
      }
    };
    const done = run();
    asked.set(name, { value: now, controller, done });
    return done;
  };
  return {
    ask,
    async askAll(typed) {
      let before: unknown;
      do {
        before = typed();
        await Promise.all(Object.keys(checks() ?? {}).map(ask));
      } while (before !== typed());
    },
    callOff(name) {
      for (const [field, { controller }] of asked) if (name === undefined || field === name) controller.abort();
    },
  };
}
