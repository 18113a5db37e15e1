// The artifact of the repo with GlueSQL, where it is another: its glue, and the host functions of both engines in it.
import { initSync } from "#sql-glue";
import { setHost } from "#sql-rules-host";
import { setRepoHost } from "#sql-host";

export const instantiate = (module) => ({ exports: initSync({ module }), setHost, setRepoHost });
