// The package's API as data: every export of every entry, with its signatures and what its doc comment says. Read from the
// types in dist, which are made of the sources.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Entries that are others without the wasm inside. */
const isSlim = (path) => path.startsWith("./slim/");

/** What users import, and the file of its types, as package.json has them. */
function entries() {
  const { exports } = JSON.parse(readFileSync(here("package.json"), "utf8"));
  return Object.entries(exports)
    .filter(([path, { types }]) => types !== undefined && !isSlim(path))
    .map(([path, { types }]) => ({ name: path.replace(/^\./, "ectomorph"), file: here(types) }));
}

/**
 * Each entry with what its module says of itself and its exports, in the order of their names. An export has a `kind`
 * (`function`, `class`, `value` or `type`), its `signatures`, `docs` and `members`; one that an earlier entry has already has
 * the name of that entry as its `home`.
 */
export function readApi() {
  const known = entries();
  const program = ts.createProgram(known.map(({ file }) => file), {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts"], strict: true, skipLibCheck: true, types: [],
  });
  const checker = program.getTypeChecker();
  const homes = new Map();
  return known.map(({ name, file }) => {
    const source = program.getSourceFile(file);
    if (source === undefined) throw new Error(`${file} is not there; run \`node build.mjs\` in pkg`);
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
    const exports = symbols.map((symbol) => {
      const target = resolved(symbol, checker);
      const home = homes.get(target);
      if (home === undefined) homes.set(target, name);
      return { ...read(symbol.name, target, checker), home: home ?? name };
    });
    exports.sort((a, b) => (a.name < b.name ? -1 : 1));
    return { name, docs: moduleDocs(file).text, exports };
  });
}

function resolved(symbol, checker) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** The signatures of the function that a type names: `typeof mapOf`. */
function queried(type, name, checker) {
  const functions = named(type, checker).filter(ts.isFunctionDeclaration);
  return functions.length === 0 ? undefined : functions.map((one) => signature(one).replace(/^function \w+/, name));
}

/** The declarations that `typeof name` leads to. */
function named(type, checker) {
  if (type === undefined || !ts.isTypeQueryNode(type)) return [];
  return resolved(checker.getSymbolAtLocation(type.exprName), checker).declarations;
}

function read(name, symbol, checker) {
  const { declarations } = symbol;
  const first = declarations.find(ts.isVariableDeclaration) ?? declarations[0];
  const docs = docsOf(symbol, checker);
  if (ts.isFunctionDeclaration(first)) return { name, kind: "function", docs, signatures: declarations.map(signature), members: [] };
  if (ts.isVariableDeclaration(first)) {
    const parts = first.type === undefined ? [] : ts.isIntersectionTypeNode(first.type) ? first.type.types : [first.type];
    const members = parts.flatMap((type) => (ts.isTypeLiteralNode(type) ? membersOf(type.members, checker) : []));
    const called = parts.flatMap((type) => queried(type, name, checker) ?? []);
    // A class under another name, beside a type of that name.
    const made = named(first.type, checker).filter(ts.isClassDeclaration);
    if (made.length > 0) {
      const aliases = symbol.declarations.filter(ts.isTypeAliasDeclaration);
      return { name, kind: "class", docs, signatures: aliases.map(signature), members: made.flatMap((one) => membersOf(one.members, checker)) };
    }
    return { name, kind: "value", docs, signatures: called.length > 0 ? called : [`const ${members.length > 0 ? name : text(first)}`], members };
  }
  if (ts.isSourceFile(first)) {
    // A namespace: `export * as t`.
    const members = checker.getExportsOfModule(symbol).map((member) => {
      const made = read(member.name, resolved(member, checker), checker);
      const docs = made.docs.text === "" ? { ...made.docs, text: exportDocs(member) } : made.docs;
      return { ...made, docs, isMethod: true, signatures: made.signatures.map((one) => one.replace(/^(?:const|function) \w+/, member.name)) };
    });
    return { name, kind: "value", docs: docs.text === "" ? moduleDocs(first.fileName) : docs, signatures: [`const ${name}`], members };
  }
  if (ts.isClassDeclaration(first) || ts.isInterfaceDeclaration(first)) {
    const [kind, word] = ts.isClassDeclaration(first) ? ["class", "class"] : ["type", "interface"];
    const members = declarations.flatMap((one) => membersOf(one.members ?? [], checker));
    return { name, kind, docs, signatures: [`${word} ${heading(first)}`], members };
  }
  return { name, kind: "type", docs, signatures: declarations.map(signature), members: [] };
}

/** Methods and properties that users see: overloads together, without what is private or the package's own (`~core`). */
function membersOf(nodes, checker) {
  const members = new Map();
  for (const node of nodes) {
    const name = node.name === undefined ? undefined : node.name.getText();
    if (name === undefined || /^["'#[]/.test(name) || isHidden(node)) continue;
    const isMethod = ts.isMethodSignature(node) || ts.isMethodDeclaration(node) || (node.type !== undefined && (ts.isFunctionTypeNode(node.type) || ts.isTypeQueryNode(node.type)));
    const member = members.get(name) ?? { name, isMethod, signatures: [], docs: docsOf(checker.getSymbolAtLocation(node.name), checker) };
    member.signatures.push(...(queried(node.type, name, checker) ?? [shown(node)]));
    members.set(name, member);
  }
  return [...members.values()];
}

/** A member as it is used: what a getter gives is a property. */
function shown(node) {
  const plain = text(node).replace(/^(?:readonly|get) /, "").replace(/;$/, "");
  return ts.isGetAccessor(node) ? plain.replace("()", "") : plain;
}

function isHidden(node) {
  const hidden = [ts.SyntaxKind.PrivateKeyword, ts.SyntaxKind.ProtectedKeyword, ts.SyntaxKind.StaticKeyword];
  return (node.modifiers ?? []).some(({ kind }) => hidden.includes(kind)) || ts.isSetAccessor(node);
}

/** The name of a class or interface, its type parameters, and what it extends. */
function heading(node) {
  const parameters = node.typeParameters === undefined ? "" : `<${node.typeParameters.map(text).join(", ")}>`;
  return [node.name.text + parameters, ...(node.heritageClauses ?? []).map(text)].join(" ");
}

function signature(node) {
  return text(node).replace(/^export /, "").replace(/^declare /, "").replace(/;$/, "");
}

/** The text of a node as it is written, without the comments before it. */
function text(node) {
  const lines = node.getText().split("\n");
  const indents = lines.slice(1).filter((line) => line.trim() !== "").map((line) => /^ */.exec(line)[0].length);
  const least = Math.min(...indents) - (/^ *[)}>\]]/.test(lines.at(-1)) || lines.length === 1 ? 0 : 4);
  return lines.map((line, at) => (at === 0 ? line : line.slice(Math.max(least, 0)))).join("\n");
}

/** What a doc comment says: its text, and its examples and errors. */
function docsOf(symbol, checker) {
  const tags = symbol.getJsDocTags(checker).map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) }));
  const of = (name) => tags.filter((tag) => tag.name === name).map((tag) => tag.text);
  return {
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    parameters: [...of("param"), ...of("typeParam")], examples: of("example"), throws: of("throws"),
  };
}

/** What is said before `export { one as other }`, of one that is exported alone. */
function exportDocs({ declarations: [specifier] }) {
  const statement = ts.isExportSpecifier(specifier) ? specifier.parent.parent : specifier;
  const source = statement.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(source, statement.pos) ?? [];
  return comments.map(({ pos, end }) => source.slice(pos, end).replaceAll(/^\s*\/?\*+\/? ?|\s*\*\/$/gm, "")).join("\n").trim();
}

/** What the comment at the top of a module says, which is marked with `@module`; types do not always keep it. */
function moduleDocs(file) {
  const source = readFileSync(file.replace(`${here("dist/types/")}`, here("src/")).replace(/\.d\.ts$/, ".ts"), "utf8");
  const comment = /^\/\*\*([^]*?)@module/.exec(source)?.[1] ?? "";
  const [text, ...examples] = comment.replaceAll(/^\s*\* ?/gm, "").split("@example").map((part) => part.trim());
  return { text, parameters: [], examples, throws: [] };
}
