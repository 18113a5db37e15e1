/** Puts off what moves buttons while one is being pressed: the press would miss it. */
export class Press {
  /** Whether a mouse button or a finger is down, and whether something waits until it is up. */
  #down = false;
  #late = false;

  /** @param signal Ends it. */
  constructor(
    readonly act: () => void,
    signal: AbortSignal,
  ) {
    const onPage = (type: string, listener: () => void): void =>
      document.addEventListener(type, listener, { signal, capture: true });
    onPage("pointerdown", () => (this.#down = true));
    onPage("pointerup", () => this.#up());
    onPage("pointercancel", () => this.#up());
  }

  /** Acts now, or once nothing is pressed. */
  actOnceUp(): void {
    if (this.#down) this.#late = true;
    else this.act();
  }

  #up(): void {
    this.#down = false;
    if (!this.#late) return;
    this.#late = false;
    // The click comes first.
    setTimeout(this.act);
  }
}
