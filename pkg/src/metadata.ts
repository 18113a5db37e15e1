import { floatText } from "./float-text.js";
import { texts } from "./messages.js";
import type { FieldError } from "./result.js";
import { setOwn } from "./values.js";
import { TAG } from "./pack.js";
import type { Unpacker } from "./unpack.js";

/** Reads the metadata of an error. */
export function readMetadata(reader: Unpacker): FieldError["metadata"] {
  const metadata = {};
  let written: Record<string, string> | undefined;
  reader.u8();
  for (let count = reader.u32(); count > 0; count--) {
    const key = reader.word();
    const tag = reader.u8();
    const value = tag === TAG.string ? reader.word() : reader.valueOf(tag);
    setOwn(metadata, key, value);
    if (tag === TAG.f64) (written ??= Object.create(null) as Record<string, string>)[key] = floatText(value as number);
    else if (tag === TAG.naiveDatetime || tag === TAG.utcDatetime) {
      (written ??= Object.create(null) as Record<string, string>)[key] = String(value).replace("T", " ");
    }
  }
  if (written !== undefined) texts.set(metadata, written);
  return metadata;
}
