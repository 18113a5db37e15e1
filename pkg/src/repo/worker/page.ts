// The worker that keeps a database of a page: a script of its own.
import { load } from "#repo-artifact";
import { RepoEngine } from "../engine.js";
import { chooseStorage } from "../storage/choose.js";
import { serve } from "./serve.js";

serve(self as never, { live, engine: async () => new RepoEngine(await load()), storage: chooseStorage });

async function live(lock: string): Promise<void> {
  const { locks } = navigator;
  if (locks === undefined) return;
  await new Promise<void>((held) => void locks.request(lock, () => {
    held();
    return new Promise(() => {});
  }));
}
