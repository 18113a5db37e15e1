/** So long others may wait for their turn, in milliseconds, and for so many pieces of work, where clocks stand still. */
const LONGEST = 8;
const MOST = 16;

/** Lets others have their turn between pieces of work: timers, input, and who calls it off. */
export class Turns {
  #last = performance.now();
  #count = 0;
  readonly #signal: AbortSignal | undefined;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Waits if it is time, and throws if it was called off. */
  async pass(): Promise<void> {
    if (++this.#count >= MOST || performance.now() - this.#last >= LONGEST) {
      await new Promise((resolve) => setTimeout(resolve, 0));
      this.#last = performance.now();
      this.#count = 0;
    }
    this.#signal?.throwIfAborted();
  }
}
