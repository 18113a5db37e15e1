// The vectors of the repo that write: steps, what they give, and what is in the database afterwards.

/** Thrown for what the package can't be told: the vector is left aside. */
export class Aside extends Error {}

/** Runs the steps of a vector; what they gave, and the difference of the database. */
export async function runSteps(context, repo, vector) {
  const before = await snapshot(context, repo);
  const results = [];
  for (const step of vector.steps) {
    try {
      results.push(await perform(context, repo, step));
    } catch (error) {
      results.push(raised(error));
    }
  }
  const expected = vector.result.map((result) => ("raised" in result ? result.raised : result.result));
  const state = difference(context, before, await snapshot(context, repo));
  return { expected: { results: expected, state: vector.state_after }, actual: { results, state } };
}

class Raised extends Error {}

function raised(error) {
  if (error instanceof Aside) throw error;
  if (error instanceof Raised) return { $error: error.exception ?? "RuntimeError", changeset: error.changeset, message: error.message };
  if (error.exception === undefined) {
    // Mistakes that are found before anything is sent.
    if (error.name === "EctomorphError") return { $error: "ArgumentError", message: error.message };
    throw error;
  }
  return { $error: error.exception, pg_code: error.details.code, constraint: error.details.constraint, message: error.message };
}

async function perform(context, repo, step) {
  const { schemas, library, plain, lossy } = context;
  const name = step.do.replace("!", "");
  switch (name) {
    case "insert": case "update": case "delete": case "insert_or_update": {
      const method = name === "insert_or_update" ? "insertOrUpdate" : name;
      const written = await repo[method](await changeset(context, repo, step), options(context, step));
      if (!step.do.endsWith("!")) return written.ok ? ["ok", written.value] : ["error", shown(context, written.changeset)];
      if (written.ok) return written.value;
      throw Object.assign(new Raised("invalid"), { exception: "Ecto.InvalidChangesetError", changeset: shown(context, written.changeset) });
    }
    case "insert_all": {
      const rows = step.query === undefined ? (step.rows ?? []).map((row) => cells(context, row)) : undefined;
      if (rows === undefined) throw new Aside("rows of a query are given as one that was built");
      return counted(await repo.insertAll(step.schema === undefined ? step.source : schemas.get(step.schema), rows, options(context, step)));
    }
    case "update_all":
      return counted(await repo.updateAll(updated(context, step), undefined, options(context, step)));
    case "delete_all":
      return counted(await repo.deleteAll({ query: plain(step.query.query), params: plain(step.query.params ?? []) }, options(context, step)));
    case "transaction": case "transact": {
      const done = await repo.transaction(async (repo) => {
        const results = [];
        for (const inner of step.steps) results.push(await perform(context, repo, inner));
        if (name === "transaction") return results;
        const returned = plain(step.returns);
        const [how, value] = Array.isArray(returned) ? returned : [];
        if (how === "ok") return value;
        if (how === "error") return repo.rollback(value);
        throw Object.assign(new Raised("neither ok nor error"), { exception: "ArgumentError" });
      }).catch((error) => {
        if (error.kind === "rolled_back") return { ok: false, reason: "rollback" };
        throw error;
      });
      return done.ok ? ["ok", done.value] : ["error", done.reason];
    }
    case "rescue":
      try {
        return await perform(context, repo, step.step);
      } catch (error) {
        raised(error);
        if (error.constructor.name === "Rollback") throw error;
        return "rescued";
      }
    case "return": return lossy(step.value);
    case "rollback": return repo.rollback(lossy(step.value));
    case "raise": throw new Raised(step.message);
    case "multi": {
      const done = await repo.transaction(multiOf(context, await prepared(context, repo, step.steps)));
      const shownAs = (value) => (value instanceof library.Changeset ? shown(context, value) : isCounted(value) ? counted(value) : value);
      const all = (changes) => Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, shownAs(value)]));
      return done.ok ? ["ok", all(done.value)] : ["error", done.failed, shownAs(done.reason), all(done.changes)];
    }
    case "multi_list": return multiOf(context, await prepared(context, repo, step.steps)).toList();
    default: throw new Error(`the step ${step.do} is unknown`);
  }
}

const isCounted = (value) => typeof value === "object" && value !== null && Object.keys(value).join() === "count,rows";
const counted = ({ count, rows }) => [count, rows];

/** The changesets of a multi are made before it runs. */
async function prepared(context, repo, steps) {
  const all = [];
  for (const [name, step] of steps) {
    const written = ["insert", "update", "delete", "insert_or_update"].includes(step.do);
    all.push([String(context.lossy(name)), step, written ? await changeset(context, repo, step) : step.steps && (await prepared(context, repo, step.steps))]);
  }
  return all;
}

function multiOf(context, steps) {
  const { schemas, repoLibrary, lossy } = context;
  let multi = repoLibrary.multi();
  for (const [name, step, made] of steps) {
    const given = options(context, step);
    switch (step.do) {
      case "insert": case "update": case "delete": multi = multi[step.do](name, made, given); break;
      case "insert_or_update": multi = multi.insertOrUpdate(name, made, given); break;
      case "insert_all": multi = multi.insertAll(name, schemas.get(step.schema), step.rows.map((row) => cells(context, row)), given); break;
      case "update_all": multi = multi.updateAll(name, updated(context, step)); break;
      case "delete_all": multi = multi.deleteAll(name, { query: context.plain(step.query.query), params: context.plain(step.query.params ?? []) }); break;
      case "put": multi = multi.put(name, lossy(step.value)); break;
      case "error": multi = multi.error(name, lossy(step.value)); break;
      case "run_ok":
        multi = multi.run(name, (_, changes) => ({ ok: true, value: { id: changes[String(lossy(step.uses))].id, seen: Object.keys(changes).sort() } }));
        break;
      case "run_error": multi = multi.run(name, () => ({ ok: false, reason: lossy(step.value) })); break;
      case "insert_fn":
        multi = multi.insert(name, (changes) => {
          const schema = schemas.get(step.schema);
          return schema.change(schema.build({ ...lossy(step.data), [step.fk]: changes[String(lossy(step.from))].id }));
        });
        break;
      case "merge": multi = multi.merge(() => multiOf(context, made)); break;
      case "append": multi = multi.append(multiOf(context, made)); break;
      case "prepend": multi = multi.prepend(multiOf(context, made)); break;
      default: throw new Aside(`a multi has no ${step.do} here`);
    }
  }
  return multi;
}

/** The document of a query with updates. */
function updated({ schemas, repoLibrary, plain, lossy }, { query: given, updates }) {
  const { query, params = [] } = plain(given);
  if (updates === undefined) return { query, params };
  const { document } = repoLibrary.from(schemas.get(query.from.schema) ?? query.from.source).update(lossy(updates));
  const shifted = JSON.parse(JSON.stringify(document.query.update), (key, value) => (key === "param" ? value + params.length : value));
  const named = JSON.parse(JSON.stringify(document.params), (_, value) => (value === document.query.from.as ? query.from.as : value));
  return { query: { ...query, update: [...(query.update ?? []), ...shifted] }, params: [...params, ...named] };
}

function cells({ repoLibrary, lossy }, row) {
  const cell = (value) => {
    if (Array.isArray(value) && value[0] === "placeholder") return repoLibrary.placeholder(value[1]);
    if (typeof value === "object" && value !== null && "query" in value) throw new Aside("queries in rows are built");
    return lossy(value);
  };
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}

function options({ lossy }, { opts }) {
  if (opts === undefined) return undefined;
  const given = {};
  for (const [key, value] of Object.entries(opts)) {
    if (key === "mode") given.savepoint = true;
    else if (key === "on_conflict") given.onConflict = conflict(lossy(value));
    else if (key === "conflict_target") given.conflictTarget = target(value);
    else given[key.replace(/_(.)/g, (_, letter) => letter.toUpperCase())] = lossy(value);
  }
  return given;
}

function conflict(value) {
  if (value === "replace_all") return "replaceAll";
  if (Array.isArray(value)) return value[0] === "replace" ? { replace: value[1] } : { replaceAllExcept: value[1] };
  if (typeof value === "object" && "query" in value) throw new Aside("a query in on_conflict is one that was built");
  return value;
}

function target(value) {
  if (Array.isArray(value) && value[0] === "unsafe_fragment") return { fragment: value[1] };
  if (Array.isArray(value) && value[0] === "constraint") return { constraint: value[1] };
  return value;
}

/** The changeset that a step is about. */
async function changeset(context, repo, step) {
  const { schemas, library, lossy } = context;
  const schema = schemas.get(step.schema);
  let record = schema.build(lossy(step.data ?? {}));
  if ("load" in step) {
    record = await repo.get(schema, step.load);
    for (const name of step.preload ?? []) record = await repo.preload(record, name);
  } else if ("raw" in step) {
    record = schema.loaded(lossy(step.raw));
  }
  const items = async (given) => {
    const list = [];
    for (const item of Array.isArray(given) ? given : [given]) list.push(await itemOf(context, repo, item));
    return Array.isArray(given) ? list : list[0];
  };
  if (step.nested !== undefined) {
    record = { ...record };
    for (const [name, given] of Object.entries(step.nested)) record[name] = await items(given);
  }
  const put = [];
  for (const [name, given] of Object.entries(step.put_assoc ?? {})) put.push([name, await items(given)]);
  const names = (given) => (Array.isArray(given) ? given.map(lossy) : Object.keys(given ?? {}));
  const rules = (c) => {
    if (step.cast !== undefined) {
      const fields = schema.description.fields.filter(({ name, relation }) => relation === undefined && name !== "id");
      c.cast(...fields.map(({ name }) => name));
    }
    for (const name of names(step.cast_embed)) c.castEmbed(name);
    for (const [name, given] of Object.entries(step.cast_assoc ?? {})) c.castAssoc(name, given.required === true ? { required: true } : {});
    for (const name of names(step.required)) c.validateRequired(name);
    for (const [name, value] of Object.entries(step.change ?? {})) c.putChange(name, lossy(value));
    for (const [name, value] of put) c.putAssoc(name, value);
    for (const [kind, field, given] of step.constraints ?? []) constrain(c, kind, lossy(field), lossy(given));
    if (step.optimistic_lock !== undefined) c.optimisticLock(lossy(step.optimistic_lock));
  };
  if (step.cast !== undefined) return schema.changeset(rules)(record, lossy(step.cast));
  return library.extend(schema.change(record), rules);
}

const CONSTRAINTS = {
  unique: "uniqueConstraint", foreign_key: "foreignKeyConstraint", check: "checkConstraint", exclusion: "exclusionConstraint",
  assoc: "assocConstraint", no_assoc: "noAssocConstraint",
};

function constrain(c, kind, field, given) {
  const options = {};
  for (const [key, value] of Object.entries(Array.isArray(given) ? {} : given)) options[key === "error_key" ? "errorKey" : key] = value;
  c[CONSTRAINTS[kind]](field, options);
}

async function itemOf({ schemas, lossy }, repo, item) {
  if (item === null) return null;
  if (item.get !== undefined) return repo.get(schemas.get(item.get[0]), item.get[1]);
  if (item.new !== undefined) return schemas.get(item.new[0]).build(lossy(item.new[1]));
  if (item.change_of !== undefined) {
    const [name, id, changes] = item.change_of;
    const schema = schemas.get(name);
    return schema.change(await repo.get(schema, id), lossy(changes));
  }
  return lossy(item);
}

/** A changeset as the vectors write it. */
function shown(context, { action, changes, errors, valid }) {
  const { Changeset } = context.library;
  const change = (value) => (value instanceof Changeset ? shown(context, value) : Array.isArray(value) ? value.map(change) : value);
  return {
    $changeset: {
      action,
      changes: Object.fromEntries(Object.entries(changes).map(([name, value]) => [name, change(value)])),
      errors: errors.map(({ field, message, metadata }) => ({ field, message, opts: metadata })),
      valid,
    },
  };
}

async function snapshot({ dataset, lossy }, repo) {
  const tables = {};
  for (const [name, { columns }] of Object.entries(dataset)) {
    const fields = columns.map(([column]) => ["field", "b0", column]);
    const rows = lossy(await repo.all({ query: { from: { as: "b0", source: name }, select: ["tuple", ...fields] }, params: [] }));
    const keys = columns[0][0] === "id" ? 1 : columns.length;
    tables[name] = new Map(rows.map((row) => [JSON.stringify(row.slice(0, keys)), row]));
  }
  return tables;
}

function difference({ dataset }, before, after) {
  const state = {};
  for (const [name, { columns }] of Object.entries(dataset)) {
    const named = (row) => Object.fromEntries(row.map((value, at) => [columns[at][0], value]));
    const key = (row) => (columns[0][0] === "id" ? row[0] : named(row));
    const [old, now] = [before[name], after[name]];
    const found = {
      inserted: [...now].filter(([key]) => !old.has(key)).map(([, row]) => named(row)),
      deleted: [...old].filter(([key]) => !now.has(key)).map(([, row]) => key(row)),
      updated: [...old].filter(([key, row]) => now.has(key) && JSON.stringify(now.get(key)) !== JSON.stringify(row)).map(([id, row]) => {
        const set = now.get(id).flatMap((value, at) => (JSON.stringify(value) === JSON.stringify(row[at]) ? [] : [[columns[at][0], value]]));
        return { key: key(row), set: Object.fromEntries(set) };
      }),
    };
    const kept = Object.entries(found).filter(([, list]) => list.length > 0);
    if (kept.length > 0) state[name] = Object.fromEntries(kept);
  }
  return state;
}
