/** Calls back with what was registered once its owner is collected; undefined where the host never says: older workers. */
export function whenCollected(release: (handle: number) => void): FinalizationRegistry<number> | undefined {
  return typeof FinalizationRegistry === "undefined" ? undefined : new FinalizationRegistry(release);
}
