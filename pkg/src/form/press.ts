/**
 * Puts off what moves buttons while one is being pressed: the press would miss it. What is given back acts now, or once
 * nothing is pressed.
 *
 * @param signal Ends it.
 */
export function onceUp(act: () => void, signal: AbortSignal): () => void {
  /** Whether a mouse button or a finger is down, and whether something waits until it is up. */
  let isDown = false;
  let isLate = false;
  const up = (): void => {
    // The click comes first.
    if (isLate) setTimeout(act);
    isDown = isLate = false;
  };
  const onPage = (type: string, listener: () => void): void => document.addEventListener(type, listener, { signal, capture: true });
  onPage("pointerdown", () => (isDown = true));
  onPage("pointerup", up);
  onPage("pointercancel", up);
  return () => {
    if (isDown) isLate = true;
    else act();
  };
}
