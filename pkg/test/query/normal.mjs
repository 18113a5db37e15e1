// Two documents of one query, made the same where they may differ: names of bindings, names of enums, types of
// parts that JavaScript can't tell apart.

/** A document in the form that all of its kind have. */
export function normal({ query, params }) {
  const used = [];
  return { query: queryOf(query, [], params, used), params: used };
}

/** Bindings are named by their place, params by the order in which they are met. */
function queryOf(query, outer, params, used) {
  const names = new Map([query.from, ...(query.join ?? [])].map(({ as }, index) => [as, `b${index}`]));
  const scope = [...outer, names];
  const walk = (node) => nodeOf(node, scope, params, used);
  const { from, join, preload, preload_assocs: assocs, ...rest } = query;
  const out = { from: sourceOf(from, walk, names) };
  if (join) out.join = join.map((each) => sourceOf(each, walk, names));
  for (const [key, part] of sorted(rest)) out[key] = walk(part);
  if (preload) out.preload = preload.map(walk).sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  if (assocs) out.preload_assocs = assocs.map((each) => assocOf(each, names));
  return out;
}

const sorted = (object) => Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1));

function sourceOf({ as, named, assoc, ...rest }, walk, names) {
  const out = { as: names.get(as), ...Object.fromEntries(sorted(rest).map(([key, part]) => [key, walk(part)])) };
  if (assoc) out.assoc = [names.get(assoc[0]), assoc[1]];
  return out;
}

function assocOf({ assoc, binding, nested }, names) {
  const out = { assoc, binding: names.get(binding) };
  return nested ? { ...out, nested: nested.map((each) => assocOf(each, names)) } : out;
}

function nodeOf(node, scope, params, used) {
  const walk = (each) => nodeOf(each, scope, params, used);
  const own = scope.at(-1);
  if (Array.isArray(node)) {
    const [op, first] = node;
    if (op === "field" || op === "binding" || op === "take") return [op, own.get(first) ?? first, ...node.slice(2)];
    if (op === "parent_field") {
      const level = scope.slice(0, -1).findLastIndex((names) => names.has(first));
      return [op, `${level}:${scope[level]?.get(first) ?? first}`, node[2]];
    }
    // A negative number is no literal in Elixir.
    if (op === "type" && typeof first === "number" && node[2] === "decimal") return first;
    return node.map(walk);
  }
  if (typeof node !== "object" || node === null) return node;
  if ("$atom" in node) return node.$atom;
  if ("param" in node) {
    const { value, type } = params[node.param];
    const written = { value: walk(value) };
    if (type !== undefined) written.type = typeOf(type, scope);
    return { param: used.push(written) - 1 };
  }
  if ("field" in node) return typeOf(node, scope);
  if ("from" in node) return queryOf(node, scope, params, used);
  return Object.fromEntries(Object.entries(node).map(([key, part]) => [key, walk(part)]));
}

function typeOf(type, scope) {
  if (typeof type !== "object") return type;
  const [[key, of]] = Object.entries(type);
  if (key !== "field") return { [key]: typeOf(of, scope) };
  return { field: [scope.at(-1).get(of[0]) ?? of[0], of[1]] };
}
