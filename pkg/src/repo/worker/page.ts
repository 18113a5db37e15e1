// The worker that keeps a database of a page: a script of its own.
import { load } from "#repo-artifact";
import { RepoEngine } from "../engine.js";
import { chooseStorage } from "../storage/choose.js";
import { serve } from "./serve.js";

serve(self as never, { engine: async () => new RepoEngine(await load()), storage: chooseStorage });
