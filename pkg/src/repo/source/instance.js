// The artifact of the repo: its glue, and the host functions of both engines in it.
import { initSync } from "#repo-glue";
import { setHost } from "#repo-rules-host";
import { setRepoHost } from "#repo-host";

export const instantiate = (module) => ({ exports: initSync({ module }), setHost, setRepoHost });
