import { EctomorphError } from "../errors.js";

/** What a file says: the forms of each message, and the header that says how they are chosen. */
export interface Po {
  readonly entries: ReadonlyMap<string, readonly string[]>;
  readonly plural: string | undefined;
}

/** More than any list of messages has; a larger file is another thing. */
const MAX_LENGTH = 4 * 1024 * 1024;

const ESCAPES: { readonly [letter: string]: string } = { n: "\n", t: "\t", r: "\r", '"': '"', "\\": "\\" };

interface Entry {
  context: boolean;
  fuzzy: boolean;
  id: string | undefined;
  readonly forms: string[];
  /** What a line that is text alone goes on with. */
  last: "id" | "plural" | "context" | number | undefined;
}

const blank = (): Entry => ({ context: false, fuzzy: false, id: undefined, forms: [], last: undefined });

/** Reads a `.po` file. */
export function readPo(file: string): Po {
  if (file.length > MAX_LENGTH) throw new EctomorphError(`a .po file of ${file.length} characters is too large; ${MAX_LENGTH} are read`);
  const entries = new Map<string, readonly string[]>();
  let header = "";
  let entry = blank();
  const end = (): void => {
    if (entry.id === "" && !entry.context) header = entry.forms[0] ?? "";
    else if (entry.id !== undefined && !entry.context && !entry.fuzzy) entries.set(entry.id, entry.forms);
    entry = blank();
  };
  for (const [index, raw] of file.replace(/^\ufeff/, "").split(/\r?\n/).entries()) {
    const line = raw.trim();
    const refuse = (what: string): never => {
      throw new EctomorphError(`line ${index + 1} of the .po file ${what}: ${line.slice(0, 60)}`);
    };
    if (line.startsWith("#")) {
      // A comment is the start of the next entry.
      if (entry.forms.length > 0) end();
      if (line.startsWith("#,") && /\bfuzzy\b/.test(line)) entry.fuzzy = true;
      continue;
    }
    if (line === "") continue;
    const [, keyword, form, text] = /^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d{1,2})\])?\s*)?("(?:[^"\\]|\\.)*")$/.exec(line) ?? [];
    if (text === undefined) return refuse('is no `msgid`, `msgstr` or text in quotes');
    const read = text.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => ESCAPES[letter] ?? letter);
    if ((keyword === "msgid" || keyword === "msgctxt") && entry.forms.length > 0) end();
    switch (keyword) {
      case "msgctxt":
        entry.context = true;
        entry.last = "context";
        break;
      case "msgid":
        if (entry.id !== undefined) refuse("comes before the `msgstr` of the message before it");
        entry.id = read;
        entry.last = "id";
        break;
      case "msgid_plural":
        entry.last = "plural";
        break;
      case "msgstr":
        if (entry.id === undefined) refuse("translates nothing: a `msgid` comes first");
        entry.last = Number(form ?? 0);
        if (entry.last > 15) refuse("is a form that no language has");
        entry.forms[entry.last] = read;
        break;
      default:
        if (entry.last === undefined) refuse("goes on with nothing");
        else if (entry.last === "id") entry.id += read;
        else if (typeof entry.last === "number") entry.forms[entry.last] += read;
    }
  }
  end();
  return { entries, plural: /^Plural-Forms:\s*(.*)$/im.exec(header)?.[1] };
}
