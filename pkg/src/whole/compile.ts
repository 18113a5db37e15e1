import { whenCollected } from "../collected.js";
import type { Core, RulesDocument } from "../core.js";
import { type Description, linked } from "../describe.js";
import { EctomorphError } from "../errors.js";
import { type Engine, theEngine } from "./engine.js";
import type { Step } from "../rules.js";
import { withWriter } from "./pack.js";
import { type Shape, type ShapeForm, readShape } from "./shape.js";
import { Reader } from "./unpack.js";

/** Rules as the engine knows them. */
export interface Compiled {
  /** The engine that has them. */
  readonly engine: Engine;
  readonly handle: number;
  readonly shape: Shape;
  readonly schema: Description;
  /** Of each field, the place of its param in the shape, or -1. */
  readonly params: Int32Array;
  /** Whether steps cast params that they bring along. */
  readonly castsOwnParams: boolean;
}

/** Forgets compiled rules in the engine when nothing can apply them any more. */
const released = /* @__PURE__ */ whenCollected(({ engine, handle }: Pick<Compiled, "engine" | "handle">) => engine.release(handle));

/** Rules as the engine knows them, compiled when they are first needed. */
export function compiledOf(core: Core): Compiled {
  return (core.compiled ??= compile(core));
}

/** The document as the engine understood it. */
export function writtenOf(core: Core): RulesDocument {
  const { engine, handle } = compiledOf(core);
  const written = engine.document(handle);
  return written === undefined ? structuredClone(core.document) : (new Reader(written).value() as RulesDocument);
}

function compile(core: Core): Compiled {
  const engine = core.own?.engine ?? theEngine();
  const names = core.recording.validators.map((validator) => validator.name);
  const { handle, answer } = withWriter((writer) => engine.compile(writer.value([core.document, names])));
  const read = new Reader(answer).value();
  if (handle === 0) throw new EctomorphError(String(read), { schema: nameIn(core.document.schema) });
  released?.register(core, { engine, handle });
  const { shape, schema } = read as { shape: ShapeForm; schema: Description };
  return compiledAs(engine, handle, shape, schema, core.document.steps);
}

/** What the engine said of rules, read once. Without steps it is not known whether they cast params of their own. */
export function compiledAs(
  engine: Engine, handle: number, form: ShapeForm, description: Description, steps: readonly Step[] | undefined,
): Compiled {
  const schema = linked(description);
  const shape = readShape(form, schema);
  return {
    engine,
    handle,
    shape,
    schema,
    params: Int32Array.from(schema.fields, (field) => shape.names.indexOf(field.name)),
    castsOwnParams: steps === undefined || /"cast_params"|"params"/.test(JSON.stringify(steps)),
  };
}

function nameIn(schema: { readonly [key: string]: unknown } | undefined): string | undefined {
  return (schema?.["name"] ?? schema?.["source"]) as string | undefined;
}
