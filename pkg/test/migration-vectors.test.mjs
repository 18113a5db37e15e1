// The migrations of the conformance vectors, written in TypeScript: they must record the commands of the vectors.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { migration } from "ectomorph/repo";
import written from "./migration/written.mjs";

const groups = new Set(Object.keys(written).map((id) => id.split("/")[0]));

/** Without what documents may leave out: null, false and empty parts, and a place to flush. */
function bare(value) {
  if (Array.isArray(value)) return value.filter((each) => each?.command !== "flush").map(bare);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, inside]) => [key, key === "default" || key === "null" ? { given: inside } : bare(inside)]);
  return Object.fromEntries(entries.filter(([, inside]) => !isEmpty(inside)));
}

const isEmpty = (value) =>
  value === null || value === false || (typeof value === "object" && Object.keys(value).length === 0);

/** The commands that the vector recorded, with the SQL of `execute` in its place. */
function recorded({ commands }, backward = false) {
  return commands.map(({ sql, ...command }) => {
    if (command.command !== "execute") return command;
    return { ...command, [backward ? "down" : "up"]: sql.postgres[0] };
  });
}

for (const group of groups) {
  const file = new URL(`../../tests/conformance/migration/${group}.json`, import.meta.url);
  const vectors = new Map(JSON.parse(readFileSync(file, "utf8")).vectors.map((vector) => [vector.id.replace("migration/", ""), vector]));
  const ours = Object.entries(written).filter(([id]) => id.startsWith(`${group}/`));
  test(`the recorder writes the migrations of the group ${group} (${ours.length} of ${vectors.size})`, async (t) => {
    for (const [id, given] of ours) {
      await t.test(id, () => {
        const vector = vectors.get(id);
        const [body, options] = Array.isArray(given) ? given : [given];
        const { document } = migration(1, "written", body, options);
        const flags = ["disable_ddl_transaction", "disable_migration_lock"].filter((flag) => document[flag]);
        assert.deepEqual(flags, vector.attributes ?? []);
        const withoutDown = (commands) => commands.map(({ down, ...command }) => command);
        assert.deepEqual(bare(withoutDown(document.change ?? document.up)), bare(recorded(vector.up)));
        if (document.down) assert.deepEqual(bare(document.down), bare(recorded(vector.down)));
        if (group === "execute" && vector.down?.commands.length > 0) {
          assert.deepEqual(document.change.map(({ command, down }) => ({ command, down })), recorded(vector.down, true));
        }
      });
    }
  });
}
