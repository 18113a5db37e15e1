import type { Core } from "../core.js";
import { blank, type Description, linked } from "../describe.js";
import { EctomorphError } from "../errors.js";
import type { Packet } from "../packet.js";
import { readShape, type ShapeForm } from "../whole/shape.js";
import { Reader } from "../whole/unpack.js";
import type { CompiledRules } from "./database.js";

/** What the engine says of rules that it compiled. */
export function compiledRules(core: Core, handle: number, answer: Packet): CompiledRules {
  const read = new Reader(answer).value();
  if (handle === 0) throw new EctomorphError(String(read), { schema: core.name });
  const { shape, schema } = read as { shape: ShapeForm; schema: Description };
  const fresh: Record<string, unknown> = blank(schema);
  const fields = schema.fields.map(({ name }) => [name, fresh[name]] as const);
  return { handle, shape: readShape(shape, linked(schema)), fields };
}
