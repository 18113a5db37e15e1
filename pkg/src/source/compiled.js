/** A module of what `init` takes. */
export async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (typeof Response === "function" && source instanceof Response) {
    if (!source.ok) throw new Error(`the wasm file was not found: ${source.url} answered ${source.status}`);
    const typed = source.headers.get("content-type") === "application/wasm";
    // Not every server knows the type, without which, or with params of it, browsers refuse to stream.
    return typed ? WebAssembly.compileStreaming(source) : WebAssembly.compile(await source.arrayBuffer());
  }
  return WebAssembly.compile(source);
}
