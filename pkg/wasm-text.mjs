// Bytes as text that compresses as well as the bytes: what inlines the wasm in a script.
//
// Base64 shifts bytes against each other, which costs a third of the size after gzip, too. Here each byte is one
// printable character, or two if it is rare, so that what repeats in the bytes repeats in the text.
// `src/source/inline.js` reads it back.

/** Printable ASCII that needs no escape in any string literal, without the two marks of rare bytes. */
export const LETTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .filter((letter) => !"\"'`\\$~}".includes(letter))
  .join("");

/**
 * First which bytes are written with one character, a bit each, in hexadecimal; then each byte by its place among those,
 * or, behind a mark, by its place among the others.
 */
export function wasmText(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const frequent = new Set([...counts.keys()].sort((a, b) => counts[b] - counts[a]).slice(0, LETTERS.length));
  const all = [...counts.keys()];
  const written = [];
  all.filter((byte) => frequent.has(byte)).forEach((byte, place) => (written[byte] = LETTERS[place]));
  all
    .filter((byte) => !frequent.has(byte))
    .forEach((byte, place) => (written[byte] = (place < LETTERS.length ? "~" : "}") + LETTERS[place % LETTERS.length]));
  let which = "";
  for (let byte = 0; byte < 256; byte += 4) {
    which += [3, 2, 1, 0].reduce((digit, bit) => digit * 2 + Number(frequent.has(byte + bit)), 0).toString(16);
  }
  return which + Array.from(bytes, (byte) => written[byte]).join("");
}
