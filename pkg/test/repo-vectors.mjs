// The vectors of queries and migrations on a repo of the package, in Node.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Aside, runSteps } from "./repo-steps.mjs";

const read = (path) => JSON.parse(readFileSync(path, "utf8"));
/** How deep associations are written into each other: schemas of the vectors refer to each other in circles. */
const DEPTH = 3;
const DEFAULTS = { users: { lock_version: 1, roles: [] }, posts: { views: 0 }, comments: { likes: 0 }, products: { stock: 0 } };
/** Errors that differ by where they are found. */
const KINDS = {
  ArgumentError: "a mistake", RuntimeError: "a mistake", "Ecto.Query.CompileError": "a mistake", KeyError: "Ecto.QueryError",
  "Postgrex.Error": "DatabaseError",
};

/** Makes the runner: `run(vector)` gives whether it passed, what was expected and what came out. */
export async function makeRepoRunner(library, repoLibrary, folder) {
  const { Schema } = library;
  const { openRepo, migration, references } = repoLibrary;
  const dataset = read(join(folder, "dataset.json"));
  const described = new Map(read(join(folder, "schemas.json")).map((schema) => [schema.name, schema]));
  const schemas = new Map([...described].filter(([, { source }]) => source !== null).map(([name, schema]) => [name, new Schema(documentOf(schema, described))]));
  const bySource = new Map([...schemas.values()].map((schema) => [schema.source, schema]));

  // Keys go on at 1001, as in the recorded database: a thousand rows are there and gone.
  const empty = migration(1, "empty", (m) => {
    for (const [name, { columns }] of Object.entries(dataset)) {
      m.create(name, (t) => t.add("gone", "integer"), { primaryKey: columns[0][0] === "id" });
    }
  });
  const tables = migration(2, "tables", (m) => {
    for (const [name, { columns, unique, checks }] of Object.entries(dataset)) {
      m.alter(name, (t) => {
        t.remove("gone");
        for (const [column, type, nullable] of columns) {
          if (type === "id") continue;
          const value = DEFAULTS[name]?.[column];
          const key = dataset[name].foreign_keys.find((key) => key.column === column);
          const size = /^decimal\((\d+),(\d+)\)$/.exec(type);
          const written = key ? references(key.references, { type: "bigint", name: key.name, onDelete: key.on_delete ?? "nothing", validate: true })
            : size ? "decimal" : type === "array(string)" ? { array: "string" } : column.endsWith("_id") ? "bigint" : type;
          t.add(column, written, {
            null: nullable,
            ...(value === undefined ? {} : { default: value }),
            ...(size ? { precision: Number(size[1]), scale: Number(size[2]) } : {}),
          });
        }
      });
      for (const { columns, name: index } of unique) m.createIndex(name, columns, { unique: true, name: index });
      for (const { name: check, expr } of checks) m.createConstraint(name, check, { check: expr });
    }
  });
  const ordered = { name: "vectors", storage: "memory", schemas: [...schemas.values()], migrations: [empty, tables] };
  const passing = await openRepo({ ...ordered, migrations: [empty] });
  for (const name of Object.keys(dataset)) {
    await passing.insertAll(name, Array.from({ length: 1000 }, () => ({ gone: 1 })));
    await passing.deleteAll(name);
  }
  const base = await openRepo(ordered);
  await base.import(await passing.export());
  await passing.close();
  await base.migrate();
  const order = ["users", "profiles", "categories", "products", "posts", "comments", "tags", "posts_tags", "orders", "line_items"];
  for (const name of order) {
    const { columns, rows } = dataset[name];
    await base.insertAll(bySource.get(name), rows.map((row) => Object.fromEntries(row.map((value, at) => [columns[at][0], lossy(value)]))));
  }
  const file = await base.export();
  await base.close();

  return async (vector) => {
    const repo = await openRepo({ ...ordered, migrations: [] });
    try {
      await repo.import(file);
      let expected = vector.result ?? vector.error ?? null;
      let actual;
      if (vector.steps !== undefined) {
        const context = { library, repoLibrary, schemas, dataset, plain, lossy };
        const ran = await runSteps(context, repo, vector);
        [expected, actual] = [lossy(ran.expected), lossy(ran.actual)];
        for (const { state } of [expected, actual]) for (const table of Object.values(state)) for (const list of Object.values(table)) list.sort(byText);
        return { passed: same(expected, actual), expected, actual };
      }
      try {
        actual = await perform(repo, vector, schemas);
      } catch (error) {
        if (error.exception === undefined) throw error;
        actual = { $error: error.exception, pg_code: error.details.code, constraint: error.details.constraint, message: error.message };
      }
      const sides = [lossy(expected), lossy(actual)];
      if (vector.assoc_order_undefined === true) for (const side of sides) sortInside(side, true);
      if (vector.ordered === false) for (const side of sides) if (Array.isArray(side)) side.sort(byText);
      return { passed: same(...sides), expected: sides[0], actual: sides[1] };
    } catch (error) {
      if (error instanceof Aside) return undefined;
      throw error;
    } finally {
      await repo.close();
    }
  };
}

async function perform(repo, { query, params = [], op }, schemas) {
  const document = { query: plain(query), params: plain(params) };
  if (op === undefined) return repo.all(document);
  const [name, argument, more] = op;
  const schema = schemas.get(query.from.schema);
  switch (name) {
    case "get": return repo.get(document, argument);
    case "get!": return repo.getOrThrow(document, argument);
    case "get_by": return repo.getBy(document, plain(argument));
    case "get_by!": return repo.getByOrThrow(document, plain(argument));
    case "all_by": return repo.allBy(document, plain(argument));
    case "one": return repo.one(document);
    case "one!": return repo.oneOrThrow(document);
    case "exists": return repo.exists(document);
    case "aggregate": return more === undefined ? repo.aggregate(document, argument) : repo.aggregate(document, argument, more);
    case "stream": {
      const all = [];
      for await (const each of repo.stream(document)) all.push(each);
      return all;
    }
    case "reload": return Array.isArray(argument) ? Promise.all(argument.map((id) => repo.reload(stale(schema, id)))) : repo.reload(stale(schema, argument));
    case "reload!": return repo.reloadOrThrow(stale(schema, argument));
    case "get_preload": return repo.preload(await repo.getOrThrow(document, argument), ...more);
    case "preload_twice": {
      const user = await repo.preload(await repo.getOrThrow(document, argument), "profile");
      user.profile.website = "stale";
      const { force } = await import("ectomorph/repo");
      return repo.preload(user, "profile", ...(more === true ? [force] : []));
    }
    default: throw new Error(`the op ${name} is unknown`);
  }
}

/** A record that was read before. */
const stale = (schema, id) => schema.loaded({ id });


/** A schema of the vectors as a document. */
function documentOf({ name, source, prefix, fields, primary_key, autogenerate_id, associations }, all, depth = 0) {
  const document = { name, fields: {} };
  if (source === null) document.embedded = true;
  else document.source = source;
  if (primary_key.length === 0) document.primary_key = false;
  else if (primary_key.length > 1 || autogenerate_id === null) document.primary_key = primary_key;
  const put = (key, name, value) => ((document[key] ??= {})[name] = value);
  for (const [field, type, value] of fields) {
    if (type?.parameterized === "Ecto.Embedded") {
      const { cardinality, related, on_replace } = type.params;
      put(cardinality === "many" ? "embeds_many" : "embeds_one", field, { schema: documentOf(all.get(related), all, depth + 1), on_replace });
      continue;
    }
    if (field === "id" && document.primary_key === undefined) continue;
    document.fields[field] = typeOf(type);
    if (value !== null) put("defaults", field, plain(value));
  }
  if (["inserted_at", "updated_at"].some((stamp) => stamp in document.fields)) {
    const stamps = ["inserted_at", "updated_at"].map((stamp) => (stamp in document.fields ? stamp : null));
    for (const stamp of stamps) if (stamp !== null) delete document.fields[stamp];
    document.timestamps = { inserted_at: stamps[0], updated_at: stamps[1] };
  }
  document.changeset = changesetOf(name, fields);
  if (depth >= DEPTH) return document;
  for (const association of associations) {
    const { kind, name, cardinality, on_replace, owner_key, related_key, where = [], preload_order = [] } = association;
    if (kind === "HasThrough") {
      put("through", name, { cardinality, path: association.through });
      continue;
    }
    const options = { schema: documentOf(all.get(association.related), all, depth + 1), on_replace };
    if (association.on_delete !== undefined) options.on_delete = association.on_delete;
    if (where.length > 0) options.where = Object.fromEntries(where.map(([field, value]) => [field, plain(value)]));
    if (preload_order.length > 0) options.preload_order = preload_order;
    if (kind === "BelongsTo") {
      put("belongs_to", name, { ...options, foreign_key: owner_key, references: related_key });
    } else if (kind === "ManyToMany") {
      put("many_to_many", name, { ...options, join_through: association.join_through, join_keys: association.join_keys });
    } else {
      put(cardinality === "many" ? "has_many" : "has_one", name, { ...options, foreign_key: related_key, references: owner_key });
    }
  }
  return document;
}

/** The steps of children: all fields are cast; some are required, some constraints declared. */
function changesetOf(name, fields) {
  const cast = fields.filter(([field, type]) => field !== "id" && type?.parameterized !== "Ecto.Embedded").map(([field]) => field);
  const steps = [["cast", cast]];
  const required = { Comment: "body", Tag: "name", Address: "city", LineItem: "quantity" }[name];
  if (required !== undefined) steps.push(["validate_required", [required]]);
  if (name === "Tag") steps.push(["unique_constraint", "name"]);
  if (name === "LineItem") steps.push(["check_constraint", "quantity", { name: "quantity_positive" }]);
  return steps;
}

function typeOf(type) {
  if (type === "Ecto.UUID") return "uuid";
  if (type?.parameterized !== undefined) return { enum: type.params.values };
  if (type?.array !== undefined) return { array: typeOf(type.array) };
  return type;
}

/** What JSON of the vectors is in documents: atoms are text, tuples lists. */
function plain(json) {
  if (Array.isArray(json)) return json.map(plain);
  if (typeof json !== "object" || json === null) return json;
  if ("$atom" in json) return json.$atom;
  if ("$tuple" in json) return plain(json.$tuple);
  return Object.fromEntries(Object.entries(json).map(([key, inside]) => [key, plain(inside)]));
}

/** What a result is without what JavaScript has no types for. */
function lossy(json) {
  if (json instanceof Uint8Array) return json.length === 16 ? uuidText(json) : Buffer.from(json).toString("base64");
  if (Array.isArray(json)) return json.map(lossy);
  if (typeof json !== "object" || json === null) return json;
  const [key, more] = Object.keys(json);
  if (more === undefined && key !== undefined) {
    if (["$decimal", "$date", "$time", "$naive_datetime", "$utc_datetime", "$binary", "$uuid_bytes", "$atom"].includes(key)) return json[key];
    if (key === "$tuple") return lossy(json.$tuple);
    if (key === "$pairs") return Object.fromEntries(json.$pairs.map(([key, value]) => [String(lossy(key)), lossy(value)]));
    if (key === "$now") return json;
  }
  const entries = Object.entries(json).filter(([key]) => key !== "$struct" && key !== "$meta");
  return Object.fromEntries(entries.map(([key, inside]) => [key, lossy(inside)]));
}

function uuidText(bytes) {
  const hex = Buffer.from(bytes).toString("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const canonical = (json) =>
  Array.isArray(json) ? `[${json.map(canonical)}]`
  : typeof json === "object" && json !== null ? `{${Object.keys(json).sort().map((key) => `${key}:${canonical(json[key])}`)}}`
  : JSON.stringify(json);
const byText = (a, b) => (canonical(a) < canonical(b) ? -1 : 1);

function sortInside(json, top) {
  if (Array.isArray(json)) {
    for (const each of json) sortInside(each, false);
    if (!top && json.some((each) => typeof each === "object")) json.sort(byText);
  } else if (typeof json === "object" && json !== null) {
    for (const each of Object.values(json)) sortInside(each, false);
  }
}

function same(expected, actual) {
  if (typeof expected === "object" && expected !== null) {
    if ("$now" in expected) return actual !== null;
    if (typeof actual !== "object" || actual === null || Array.isArray(expected) !== Array.isArray(actual)) return false;
    if ("$error" in expected) return sameError(expected, actual);
    const keys = Object.keys(expected);
    return keys.length === Object.keys(actual).length && keys.every((key) => Object.hasOwn(actual, key) && same(expected[key], actual[key]));
  }
  if (typeof expected === "number" && typeof actual === "number" && !Number.isInteger(expected)) {
    return Math.abs(expected - actual) <= 1e-12 * Math.max(Math.abs(expected), Math.abs(actual));
  }
  return expected === actual;
}

function sameError(expected, actual) {
  const kind = ({ $error }) => KINDS[$error] ?? $error;
  if (expected.changeset !== undefined && !same(expected.changeset, actual.changeset)) return false;
  const code = typeof expected.pg_code !== "string" || typeof actual.pg_code !== "string" || expected.pg_code === actual.pg_code;
  return kind(expected) === kind(actual) && code && (typeof expected.constraint !== "string" || expected.constraint === actual.constraint);
}
