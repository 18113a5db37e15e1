// Compiles texts as a user's strict project would, against the package's types.
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** What the compiler says of modules, `[name, text]` each, as if they stood beside the tests. */
export function problemsOf(modules, more = {}) {
  const options = {
    target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ["lib.es2023.d.ts", "lib.dom.d.ts", "lib.dom.iterable.d.ts"], strict: true, noEmit: true, skipLibCheck: true, types: [], ...more,
  };
  const texts = new Map(modules.map(([name, text]) => [fileURLToPath(new URL(name, import.meta.url)), text]));
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.getSourceFile = (name, version) => (texts.has(name) ? ts.createSourceFile(name, texts.get(name), version) : getSourceFile.call(host, name, version));
  host.fileExists = (name) => texts.has(name) || fileExists.call(host, name);
  return ts.getPreEmitDiagnostics(ts.createProgram([...texts.keys()], options, host)).map(({ messageText, file, start }) => {
    const at = file?.text.slice(0, start).split("\n").length ?? 0;
    return `${ts.flattenDiagnosticMessageText(messageText, "\n")}\n  at ${file?.text.split("\n")[at - 1]}`;
  });
}
