/** How the databases of the repo get into a program; each build of the package has its own: see `source/`. */
declare module "#repo-source" {
  import type { Config, Database } from "../database.js";
  import type { RepoEvent, RepoOptions } from "../open.js";

  /** Opens a database where this build keeps them: in this thread, or in a worker. */
  export function openDatabase(options: RepoOptions, config: Config, onEvent: (event: RepoEvent) => void): Promise<Database>;
}

declare module "#repo-artifact" {
  import type { RepoInstance } from "../engine.js";

  /** The artifact, instantiated. */
  export function load(): Promise<RepoInstance>;
}
