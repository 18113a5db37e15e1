// Taking times, in Node and in pages.

/** Gives back what nobody holds, where the program may ask for that. */
export const collect = () => globalThis.gc?.();

/** The one in the middle. */
export function median(figures) {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1];
}

/** How many milliseconds some work takes, and what it gives. */
export async function timed(work) {
  collect();
  const start = performance.now();
  const result = await work();
  return { milliseconds: performance.now() - start, result };
}
