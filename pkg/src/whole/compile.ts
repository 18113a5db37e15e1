import { whenCollected } from "../collected.js";
import type { Core, RulesDocument } from "../core.js";
import { type Description, linked } from "../describe.js";
import { EctomorphError } from "../errors.js";
import { theEngine } from "./engine.js";
import { withWriter } from "./pack.js";
import { type Shape, type ShapeForm, readShape } from "./shape.js";
import { Reader } from "./unpack.js";

/** Rules as the engine knows them. */
export interface Compiled {
  readonly handle: number;
  readonly shape: Shape;
  readonly schema: Description;
  /** Of each field, the place of its param in the shape, or -1. */
  readonly params: Int32Array;
  /** Whether steps cast params that they bring along. */
  readonly castsOwnParams: boolean;
}

/** Forgets compiled rules in the engine when nothing can apply them any more. */
const released = /* @__PURE__ */ whenCollected((handle) => theEngine().release(handle));

/** Rules as the engine knows them, compiled when they are first needed. */
export function compiledOf(core: Core): Compiled {
  return (core.compiled ??= compile(core));
}

/** The document as the engine understood it. */
export function writtenOf(core: Core): RulesDocument {
  const written = theEngine().document(compiledOf(core).handle);
  return written === undefined ? structuredClone(core.document) : (new Reader(written).value() as RulesDocument);
}

function compile(core: Core): Compiled {
  const engine = theEngine();
  const names = core.recording.validators.map((validator) => validator.name);
  const { handle, answer } = withWriter((writer) => engine.compile(writer.value([core.document, names])));
  const read = new Reader(answer).value();
  if (handle === 0) throw new EctomorphError(String(read), { schema: nameIn(core.document.schema) });
  released?.register(core, handle);
  const { shape: form, schema: sent } = read as { shape: ShapeForm; schema: Description };
  const schema = linked(sent);
  const shape = readShape(form, schema);
  return {
    handle,
    shape,
    schema,
    params: Int32Array.from(schema.fields, (field) => shape.names.indexOf(field.name)),
    castsOwnParams: /"cast_params"|"params"/.test(JSON.stringify(core.document.steps)),
  };
}

function nameIn(schema: { readonly [key: string]: unknown } | undefined): string | undefined {
  return (schema?.["name"] ?? schema?.["source"]) as string | undefined;
}
