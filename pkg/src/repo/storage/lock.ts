import { type RepoError, repoError } from "../errors.js";

/** How long a page that was left may take to give its database up. */
export const PATIENCE = 3000;

/**
 * Makes a database this thread's own until the function that is given is called, or the thread ends. Without locks, which
 * only secure pages have, the storage itself must see to it.
 *
 * @throws RepoError It is another's: `in_use`.
 */
export async function lockDatabase(name: string): Promise<() => void> {
  const { locks } = navigator;
  if (locks === undefined) return () => {};
  return new Promise((locked, refused) => {
    const held = () => new Promise<void>((release) => locked(release));
    locks.request(`ectomorph/${name}`, { signal: AbortSignal.timeout(PATIENCE) }, held).catch((error: Error) => {
      const isLate = error.name === "TimeoutError";
      refused(isLate ? inUse(name) : repoError("environment", "StoreError", `the database can't be locked: ${error.message}`));
    });
  });
}

export function inUse(name: string): RepoError {
  return repoError("in_use", "StoreError", `the database \`${name}\` is open already, in another tab or worker; close it there`);
}
