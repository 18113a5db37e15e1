/** Reads what `wasm-text.mjs` wrote. */
export function bytesOf(text) {
  // The bytes that have a letter of their own, and then all others.
  const order = [];
  for (const own of [1, 0]) {
    for (let byte = 0; byte < 256; byte++) {
      if (((Number.parseInt(text[byte >> 2], 16) >> (byte & 3)) & 1) === own) order.push(byte);
    }
  }
  const places = new Uint8Array(128);
  let letters = 0;
  for (let code = 32; code < 127; code++) if (!"\"'`\\$~}".includes(String.fromCharCode(code))) places[code] = letters++;
  const read = new Uint8Array(text.length);
  let at = 0;
  for (let index = 64; index < text.length; index++) {
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
