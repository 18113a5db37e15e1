// Bytes as text that compresses as well as the bytes: what inlines the wasm in a script.
//
// Base64 shifts bytes against each other, which costs a third of the size after gzip, too. Here each byte is one
// printable character, or two if it is rare, so that what repeats in the bytes repeats in the text.
// `src/source/inline.js` reads it back.

/** Printable ASCII that needs no escape in any string literal, without the two marks of rare bytes. */
export const LETTERS = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index))
  .filter((letter) => !"\"'`\\$~}".includes(letter))
  .join("");

/** The bytes in order of how often they occur, in hexadecimal, and then each by its place in that order. */
export function wasmText(bytes) {
  const counts = new Array(256).fill(0);
  for (const byte of bytes) counts[byte]++;
  const order = [...counts.keys()].sort((a, b) => counts[b] - counts[a]);
  const written = [];
  order.forEach((byte, place) => {
    const page = Math.floor(place / LETTERS.length);
    written[byte] = ["", "~", "}"][page] + LETTERS[place % LETTERS.length];
  });
  return Buffer.from(order).toString("hex") + Array.from(bytes, (byte) => written[byte]).join("");
}
