/** Reads what `wasm-text.mjs` wrote. */
export function bytesOf(text) {
  const order = Uint8Array.from({ length: 256 }, (_, index) => Number.parseInt(text.slice(index * 2, index * 2 + 2), 16));
  const places = new Uint8Array(128);
  let letters = 0;
  for (let code = 32; code < 127; code++) if (!"\"'`\\$~}".includes(String.fromCharCode(code))) places[code] = letters++;
  const read = new Uint8Array(text.length);
  let at = 0;
  for (let index = 512; index < text.length; index++) {
    let code = text.charCodeAt(index);
    let page = 0;
    // The marks `~` and `}`: a byte that is rare, or rarer.
    if (code > 124) {
      page = code === 126 ? letters : letters * 2;
      code = text.charCodeAt(++index);
    }
    read[at++] = order[page + places[code]];
  }
  return read.subarray(0, at);
}
