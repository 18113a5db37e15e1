// The query console.
import { openRepo, type QueryDocument, type Repo, RepoError } from "ectomorph/repo";
import { byId, counted, h } from "../element.js";
import { keepOffline } from "../offline/register.js";
import { pretty } from "../pretty.js";
import { EXAMPLES } from "./examples.js";
import { COMMENTS, fill, POSTS, USERS } from "./rows.js";
import { migrations, schemas } from "./schemas.js";
import { SHOWN, showRows } from "./table.js";

const editor = byId<HTMLTextAreaElement>("document");
const choice = byId<HTMLSelectElement>("example");

void start();

async function start(): Promise<void> {
  keepOffline();
  choice.append(...EXAMPLES.map(({ title }, index) => h("option", { value: index }, title)));
  try {
    const worker = () => new Worker("worker.js", { type: "module", name: "console" });
    const repo = await openRepo({ name: "console", schemas, migrations, storage: "memory", worker });
    const before = performance.now();
    await fill(repo);
    const rows = (USERS + POSTS + COMMENTS).toLocaleString("en");
    byId("data").textContent = `${counted(USERS, "user")}, ${counted(POSTS, "post")} and ${counted(COMMENTS, "comment")}: ${rows} rows, inserted in ${time(before)}.`;
    prepare(repo);
  } catch (error) {
    byId("fatal").textContent = `The database could not be opened: ${(error as Error).message}`;
    byId("fatal").hidden = false;
  } finally {
    byId("console").removeAttribute("aria-busy");
  }
}

function prepare(repo: Repo): void {
  let last = 0;
  /** Reads the document anew: what Ecto calls it, and how it is run. */
  const explain = async (): Promise<QueryDocument | undefined> => {
    const number = ++last;
    try {
      const document = JSON.parse(editor.value) as QueryDocument;
      const { query, plan } = await repo.explain(document);
      if (number === last) {
        byId("told").textContent = query;
        byId("plan").textContent = plan;
        complain("");
      }
      return document;
    } catch (error) {
      if (number === last) complain(textOf(error));
      return undefined;
    }
  };
  const run = async (): Promise<void> => {
    const document = await explain();
    if (document === undefined) return;
    try {
      const before = performance.now();
      const rows = await repo.all(document);
      byId("time").textContent = time(before);
      byId("count").textContent = rows.length > SHOWN ? `${counted(rows.length, "result")}, of which ${SHOWN} are shown` : counted(rows.length, "result");
      showRows(byId("columns"), byId("rows"), rows);
    } catch (error) {
      complain(textOf(error));
    }
  };
  const choose = (): void => {
    const { code, query } = EXAMPLES[Number(choice.value)] as (typeof EXAMPLES)[number];
    byId("code").textContent = code;
    editor.value = pretty(query.document);
    void run();
  };
  choice.addEventListener("change", choose);
  editor.addEventListener("input", () => void explain());
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void run();
  });
  byId("ask").addEventListener("submit", (event) => {
    event.preventDefault();
    void run();
  });
  byId("sql-form").addEventListener("submit", (event) => {
    event.preventDefault();
    void runSql(repo);
  });
  choose();
}

async function runSql(repo: Repo): Promise<void> {
  const place = byId("sql-answer");
  try {
    const before = performance.now();
    const { count, rows } = await repo.query(byId<HTMLTextAreaElement>("sql").value);
    place.textContent = "";
    byId("time").textContent = time(before);
    byId("count").textContent = counted(count, "row");
    showRows(byId("columns"), byId("rows"), rows);
  } catch (error) {
    place.textContent = textOf(error);
  }
}

function complain(text: string): void {
  byId("problem").textContent = text;
  if (text === "") editor.removeAttribute("aria-invalid");
  else editor.setAttribute("aria-invalid", "true");
}

/** The kind of an error and what it says. */
function textOf(error: unknown): string {
  if (error instanceof SyntaxError) return `not JSON: ${error.message}`;
  if (error instanceof RepoError) return `${error.exception} (${error.kind}): ${error.message}`;
  return error instanceof Error ? error.message : String(error);
}

function time(since: number): string {
  const milliseconds = performance.now() - since;
  return `${milliseconds.toLocaleString("en", { maximumFractionDigits: milliseconds < 10 ? 2 : 0 })} ms`;
}
