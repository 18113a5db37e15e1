/** How the artifact of the repo gets in; each build of the package has its own: see `source/`. */
declare module "#repo-source" {
  import type { RepoInstance } from "./engine.js";
  import type { Storage } from "./storage.js";

  /** The artifact, instantiated. */
  export function load(): Promise<RepoInstance>;
  /** A storage in a folder of files, where there are files. */
  export const openFolder: ((folder: string) => Storage) | undefined;
}
