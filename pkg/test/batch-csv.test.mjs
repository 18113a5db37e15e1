// CSV through rules: what is read, what is refused, and that no row is another than alone.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { castAll, castCsv, castCsvStream } from "../dist/node/batch/index.js";
import { schema, t } from "../dist/node/index.js";
import { random } from "./random-rules.mjs";

const Row = schema("rows", {
  id: t.integer(), name: t.string(), email: t.string(), price: t.float(), paid: t.boolean(), on: t.date(), status: t.enum("draft", "sent"), note: t.string().default("none"), total: t.decimal(),
}, { primaryKey: false });
const importing = Row.changeset((c) =>
  c.cast("id", "name", "email", "price", "paid", "on", "status", "note")
    .validateRequired("id", "name").validateLength("name", { min: 2, max: 10 }).validateFormat("email", /^[^\s@]+@[^\s@]+$/).validateNumber("price", { greaterThanOrEqualTo: 0 }));
// The same, with what no look can tell.
const unsure = Row.changeset((c) =>
  c.cast("id", "name", "email", "price", "paid", "on", "status", "note").updateChange("note", "trim")
    .validateRequired("id", "name").validateLength("name", { min: 2, max: 10 }).validateFormat("email", /^[^\s@]+@[^\s@]+$/).validateNumber("price", { greaterThanOrEqualTo: 0 }));

const bytes = (text) => new TextEncoder().encode(text);
const told = ({ errors }) => errors.map(({ row, line, column, field, message }) => [row, line, column, field, message]);

const quoted = (cell, always) => (always || /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
const written = (names, rows, end, always) => [names, ...rows.map((row) => names.map((name) => row[name]))].map((cells) => cells.map((cell) => quoted(cell, always)).join(",") + end).join("");

const CELLS = {
  id: ["1", "42", "-7", "007", "x", "", "+5", "99999999999999999999", " 5"],
  name: ["Ada", "A", "", "Émile", "Ada Lovelace", "🦀🦀", "e\u0301\u0301", "\"q\"", "a,b", "l1\nl2", "\u00a0x", "王小明", "Юлия"],
  email: ["a@b", "nobody", "", "a@b@c", "é@ü", "\"a\"@b"],
  price: ["1.50", "0", "-1", "1e3", ".5", "", "0.1", "12345678901234567890", "-0.0", "3."],
  paid: ["true", "false", "1", "0", "yes", ""],
  on: ["2024-02-29", "2023-02-29", "2024-13-01", "0000-01-01", "", "2024-1-1"],
  status: ["draft", "sent", "lost", ""],
  note: ["none", "", "x", " ", "été"],
};

test("a CSV is what its rows are as objects, however it is written and cut", async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const r = random(seed * 31337);
    const names = Object.keys(CELLS).sort(() => r.next() - 0.5);
    const rows = Array.from({ length: 40 }, () => Object.fromEntries(names.map((name) => [name, r.chance(0.7) ? CELLS[name][0] : r.pick(CELLS[name])])));
    const text = (r.chance(0.3) ? "\ufeff" : "") + written(names, rows, r.pick(["\n", "\r\n", "\r"]), r.chance(0.3));
    const expected = castAll(importing, rows);
    assert.ok(expected.values.length > 0 && expected.invalid > 0, `seed ${seed}`);
    for (const rules of [importing, unsure]) {
      for (const csv of [text, bytes(text)]) {
        const batch = castCsv(rules, csv);
        assert.deepEqual(batch.values, expected.values, `seed ${seed}`);
        assert.deepEqual(batch.errors.map(({ line, column, ...error }) => error), expected.errors, `seed ${seed}`);
      }
    }
    const all = bytes(text);
    const cut = [0, r.below(all.length), r.below(all.length), all.length].sort((a, b) => a - b);
    const pieces = [1, 2, 3].map((at) => all.subarray(cut[at - 1], cut[at]));
    const streamed = { values: [], errors: [] };
    for await (const { values, errors } of castCsvStream(importing, pieces, { chunkRows: 1 + r.below(50) })) {
      streamed.values.push(...values);
      streamed.errors.push(...errors);
    }
    assert.deepEqual(streamed.values, expected.values, `seed ${seed}`);
    assert.deepEqual(streamed.errors, castCsv(importing, text).errors, `seed ${seed}`);
  }
});

test("columns are found by name, renamed, left out, missing, or twice", () => {
  const csv = 'Nr, name ,E-mail,extra\n1,Ada,ada@b,x\n2,"Ev""e",nobody,"y\nz"\n';
  const batch = castCsv(importing, csv, { columns: { Nr: "id", "E-mail": "email" } });
  assert.deepEqual(batch.values, [{ ...Row.build(), id: 1, name: "Ada", email: "ada@b" }]);
  assert.deepEqual(told(batch), [[1, 3, "E-mail", "email", "has invalid format"]]);
  assert.deepEqual(batch.ignored, ["extra"]);
  assert.deepEqual(batch.missing, ["price", "paid", "on", "status", "note"]);
  assert.deepEqual(castCsv(importing, "1;Ada", { header: ["id", "name"], delimiter: ";" }).values.map(({ name }) => name), ["Ada"]);
  assert.deepEqual(castCsv(importing, "id,name,email\n1,Ada,x", { columns: { email: null } }).values[0].email, null);
  assert.deepEqual(told(castCsv(importing, "id,name,id\n1,Ada,2\n")), [[null, 1, "id", null, "is there twice"]]);
  assert.deepEqual(told(castCsv(importing, "name\nAda\n")), [[0, 2, undefined, "id", "can't be blank"]]);
  assert.deepEqual(told(castCsv(importing, "")), [[null, undefined, undefined, null, "has no header"]]);
  assert.deepEqual([castCsv(importing, "id,name\n").rows, castCsv(importing, "id,name\n").valid], [0, true]);
  for (const delimiter of ["", ",,", '"', "\n", "é"]) {
    assert.throws(() => castCsv(importing, "", { delimiter }), /delimiter must be one ASCII character/);
  }
});

test("rows of which no column is read are what the rules make of nothing", () => {
  const strict = Row.changeset((c) => c.cast("id").validateRequired("name"));
  for (const rules of [importing, strict]) {
    const batch = castCsv(rules, "other\nx\ny\n");
    assert.deepEqual([batch.rows, batch.invalid, batch.values.length, batch.errors.length], [2, 2, 0, rules === strict ? 2 : 4]);
  }
  const open = Row.changeset((c) => c.cast("id"));
  assert.deepEqual(castCsv(open, "other\nx\n").values, [Row.build()]);
});

test("ragged rows, quotes without end and bytes that are no text are errors of their rows", () => {
  const csv = new Uint8Array([...bytes("id,name\n1,Ada\n2\n3,Eve,4\n5,B"), 0xff, ...bytes('b\n6,"C"d\n7,Dot\n\n\n8,"Ed\nwin')]);
  const batch = castCsv(importing, csv);
  assert.deepEqual(batch.values.map(({ id }) => id), [1, 7]);
  assert.deepEqual(told(batch), [
    [1, 3, undefined, null, "has 1 cells, and there are 2 columns"],
    [2, 4, undefined, null, "has 3 cells, and there are 2 columns"],
    [3, 5, undefined, null, "is not UTF-8 at byte 27"],
    [4, 6, undefined, null, "has text behind the quote that ends a cell"],
    [6, 10, undefined, null, "begins a cell with a quote that never ends"],
  ]);
  assert.deepEqual(batch.errors[0].metadata, { validation: "csv", kind: "ragged", count: 1, expected: 2 });
});

test("what is no CSV is refused at once", async () => {
  const refused = (csv) => told(castCsv(importing, csv));
  assert.deepEqual(refused(new Uint8Array([0x50, 0x4b, 3, 4, 0, 0])), [[null, undefined, undefined, null, "is binary, and no text"]]);
  assert.deepEqual(refused(new Uint8Array([0xff, 0xfe, 105, 0])), [[null, undefined, undefined, null, "is UTF-16; save it as UTF-8"]]);
  let read = 0;
  const garbage = (async function* () {
    for (; read < 1000; read++) yield Uint8Array.from({ length: 10_000 }, (_, index) => (index * 7) & 255);
  })();
  const batches = [];
  for await (const batch of castCsvStream(importing, garbage)) batches.push(batch);
  assert.deepEqual(batches.map(({ rows, errors }) => [rows, errors.length, errors[0].metadata.kind]), [[0, 1, "binary"]]);
  assert.equal(read, 0);
  // Noise without a zero at its start has rows, all of them wrong, and never throws.
  const r = random(5);
  const noise = Uint8Array.from({ length: 200_000 }, () => 1 + r.below(255));
  const batch = castCsv(importing, noise, { header: ["id", "name"] });
  assert.ok(batch.rows > 100 && batch.values.length === 0 && !batch.valid);
});

test("records, rows and bytes have limits", () => {
  const open = `id,name\n1,Ada\n2,"${"x\n".repeat(1000)}`;
  const long = castCsv(importing, open, { maxRecordBytes: 500 });
  assert.deepEqual(told(long), [[1, 3, undefined, null, "is longer than a record may be; nothing behind it was read"]]);
  assert.equal(long.values.length, 1);
  const rows = `id,name\n${"1,Ada\n".repeat(5000)}`;
  assert.deepEqual(told(castCsv(importing, rows, { maxRows: 3 })), [[null, 5, undefined, null, "more than 3 rows; the others were not read"]]);
  assert.equal(castCsv(importing, rows, { maxRows: 5000 }).valid, true);
  for (const csv of [rows, bytes(rows)]) {
    const cut = castCsv(importing, csv, { maxBytes: 8 + 6 * 100 + 3 });
    assert.deepEqual([cut.rows, cut.errors.at(-1).message], [100, "is longer than 611 bytes; the rest was not read"]);
    assert.equal(castCsv(importing, csv, { maxBytes: csv.length }).rows, 5000);
  }
  assert.throws(() => castCsv(importing, "", { maxRecordBytes: 0 }), /maxRecordBytes must be from 1/);
});

test("a record longer than what is held at once is read", () => {
  const note = `${"é,\"\n".repeat(60_000)}`;
  const batch = castCsv(importing, `id,name,note\n1,Ada,${quoted(note)}\n2,Eve,x\n`);
  assert.equal(batch.valid, true);
  assert.equal(batch.values[0].note, note);
  assert.equal(batch.values[1].note, "x");
});

test("a record that is too long ends the reading, also where it is cut within a character", async () => {
  const csv = bytes(`id,name\n1,Ada\n2,"${"漢".repeat(20_000)}\n${"3,Eve\n".repeat(1000)}`);
  for (const size of [5000, 5001, 5002]) {
    const pieces = Array.from({ length: Math.ceil(csv.length / size) }, (_, at) => csv.subarray(at * size, (at + 1) * size));
    const errors = [];
    let rows = 0;
    for await (const batch of castCsvStream(importing, pieces, { maxRecordBytes: 4000 })) {
      rows += batch.rows;
      errors.push(...told(batch));
    }
    assert.equal(rows, 2, `${size} bytes at once`);
    assert.deepEqual(errors, [[1, 3, undefined, null, "is longer than a record may be; nothing behind it was read"]]);
  }
});

test("a long record in small pieces takes no longer than its bytes", async () => {
  const note = "x".repeat(400_000);
  const csv = bytes(`id,name,note\n1,Ada,"${note}"\n2,Eve,x\n`);
  function* pieces() {
    for (let at = 0; at < csv.length; at += 4) yield csv.subarray(at, at + 4);
  }
  const before = process.cpuUsage();
  const values = [];
  for await (const batch of castCsvStream(importing, pieces())) values.push(...batch.values);
  assert.deepEqual(values.map(({ id }) => id), [1, 2]);
  assert.equal(values[0].note, note);
  // Looked at anew with each piece, it would be more than ten seconds.
  assert.ok(process.cpuUsage(before).user < 5e6, `${process.cpuUsage(before).user} µs`);
});

test("a reading that is called off before it begins keeps no memory", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  for (let time = 0; time < 3000; time++) assert.throws(() => castCsv(importing, "id,name\n1,Ada", { signal }), /enough/);
  for (let time = 0; time < 3000; time++) await assert.rejects(castCsvStream(importing, "id,name\n1,Ada", { signal }).next(), /enough/);
  assert.equal(castCsv(importing, "id,name\n1,Ada").valid, true);
});

test("a stream may be text, a Blob, a web stream or pieces of text that cut a character", async () => {
  const csv = "id,name\n1,🦀🦀\n2,Eve\n";
  const from = (pieces) => new ReadableStream({ start(controller) { for (const piece of pieces) controller.enqueue(piece); controller.close(); } });
  for (const source of [csv, bytes(csv), bytes(csv).buffer, new Blob([csv]), from([bytes(csv)]), from([csv]), [...csv.split("")], Promise.resolve(csv)]) {
    const names = [];
    for await (const { values } of castCsvStream(importing, source)) names.push(...values.map(({ name }) => name));
    assert.deepEqual(names, ["🦀🦀", "Eve"]);
  }
  await assert.rejects(castCsvStream(importing, 5).next(), /a CSV must be text/);
});

test("a hundred megabytes are read in bounded memory, with progress, and can be given up", async () => {
  const piece = bytes(Array.from({ length: 10_000 }, (_, row) => `${row},Ada ${row % 1000},ada${row}@example.com,1.5,true,2024-01-01,draft,"a ""note"" of some length, quoted"\n`).join(""));
  const times = Math.ceil(100e6 / piece.length);
  async function* pieces() {
    yield bytes(`${Object.keys(CELLS).join(",")}\n`);
    for (let time = 0; time < times; time++) yield piece;
  }
  let rows = 0;
  let last;
  let most = 0;
  for await (const batch of castCsvStream(importing, pieces(), { chunkRows: 5000, onProgress: (progress) => (last = progress) })) {
    rows += batch.values.length;
    assert.equal(batch.valid, true);
    most = Math.max(most, process.memoryUsage().arrayBuffers);
  }
  assert.equal(rows, times * 10_000);
  assert.deepEqual([last.rows, last.invalid, last.bytes > 100e6], [rows, 0, true]);
  // The pieces, and a few megabytes of WebAssembly.
  assert.ok(most < 64e6, `${most} bytes`);

  const controller = new AbortController();
  await assert.rejects(async () => {
    for await (const { first } of castCsvStream(importing, pieces(), { signal: controller.signal })) if (first > 5000) controller.abort(new Error("enough"));
  }, /enough/);
});

test("a reading is called off in the midst of a piece, where no chunk ends", async () => {
  const piece = bytes(`id,name\n${"1,Ada\n".repeat(2_000_000)}`);
  for (const csv of [piece, new TextDecoder().decode(piece)]) {
    const controller = new AbortController();
    let turns = 0;
    const timer = setInterval(() => ++turns === 2 && controller.abort(new Error("enough")), 1);
    const before = process.cpuUsage();
    await assert.rejects(castCsvStream(importing, csv, { chunkRows: 1e9, signal: controller.signal }).next(), /enough/);
    const { user } = process.cpuUsage(before);
    clearInterval(timer);
    // The whole takes more than half a second.
    assert.ok(user < 300_000, `${user} µs`);
  }
});

test("the slim build waits for its reader, and a page that only validates has none of it", () => {
  const here = (path) => fileURLToPath(new URL(path, import.meta.url));
  const script = `
    import { readFileSync } from "node:fs";
    import { init, schema, t } from "../dist/slim/slim.js";
    import { castAll, castCsv, initBatch } from "../dist/slim/batch/slim.js";
    const User = schema("users", { name: t.string() }, { primaryKey: false });
    const rules = User.changeset((c) => c.cast("name").validateRequired("name"));
    await init(readFileSync("../dist/fast.wasm"));
    console.log(castAll(rules, [{ name: "Ada" }]).valid);
    try { castCsv(rules, "name\\nAda"); } catch (error) { console.log(error.message); }
    await initBatch(readFileSync("../dist/batch.wasm"));
    console.log(JSON.stringify(castCsv(rules, "name\\nAda").values));`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], { cwd: here("."), encoding: "utf8" });
  assert.deepEqual(stdout.trim().split("\n"), ["true", "the reader of CSV is not there yet; await initBatch(fetch(url of batch.wasm)) first", '[{"name":"Ada"}]'], stderr);
  const dist = here("../dist/browser/");
  const reached = new Set();
  const reach = (file) => {
    if (reached.has(file)) return;
    reached.add(file);
    for (const [, name] of readFileSync(file, "utf8").matchAll(/from "(\.[^"]+)"/g)) reach(resolve(dirname(file), name));
  };
  reach(resolve(dist, "index.js"));
  assert.ok(reached.size > 1);
  for (const file of reached) assert.doesNotMatch(readFileSync(file, "utf8"), /maxRecordBytes|MAX_LAYOUTS/, file);
});
