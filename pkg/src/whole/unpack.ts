import { Unpacker } from "../unpack.js";

/** Words that come again and again: names of fields, messages, keys of metadata. The last one of each hash is kept. */
const words: string[] = /* @__PURE__ */ new Array(256).fill("");
const LONGEST_WORD = 64;

/** Reads what the whole engine answers. */
export class Reader extends Unpacker {
  /** Found again without being made again. */
  override word(): string {
    const at = this.at;
    const bytes = this.bytes;
    // The count is less than 256 if the other three bytes are zero.
    const length = bytes[at] as number;
    if (length === 0 || length > LONGEST_WORD || bytes[at + 1] !== 0 || bytes[at + 2] !== 0) return this.text();
    const start = at + 4;
    const first = bytes[start] as number;
    const middle = bytes[start + (length >> 1)] as number;
    const last = bytes[start + length - 1] as number;
    const hash = (length + first * 3 + middle * 7 + last * 31) & 255;
    const known = words[hash] as string;
    if (known.length === length) {
      let index = 0;
      while (index < length && known.charCodeAt(index) === bytes[start + index]) index++;
      if (index === length) {
        this.at = start + length;
        return known;
      }
    }
    return (words[hash] = this.text());
  }
}
