/** Calls back with what was registered once its owner is collected; undefined where the host never says: older workers. */
export function whenCollected<T>(release: (held: T) => void): FinalizationRegistry<T> | undefined {
  return typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry(release);
}
