/**
 * Rules written in Rust, in a wasm module of the user's own: `ectomorph::export!` puts them there, with the engine and with
 * every validator, so that there is nothing to register here.
 *
 * @module
 */
import { relate } from "./bring.js";
import { Core, type RulesDocument } from "./core.js";
import type { Description } from "./describe.js";
import { EctomorphError } from "./errors.js";
import type { AnyFields, RecordOf } from "./fields.js";
import type { NamedValidator, Step } from "./rules.js";
import { type Rules, rulesOf } from "./run.js";
import { Schema, type SchemaDocument } from "./schema.js";
import type { Whole } from "./whole.js";
import { compiledAs, compiledOf } from "./whole/compile.js";
import { Engine } from "./whole/engine.js";
import { wholeOn } from "./whole/index.js";
import type { Instantiated } from "./whole/instantiated.js";
import { Reader } from "./whole/unpack.js";
import type { ShapeForm } from "./whole/shape.js";
import { withWriter } from "./whole/pack.js";

declare const VERSION: string;

/** The module that wasm-bindgen makes of a crate with `ectomorph::export!`. */
export interface ExportedModule {
  /** The version of the crate that it was built with. */
  ectomorph_version(): unknown;
  /** Takes the functions of the page that the engine borrows, and gives what it offers. */
  ectomorph_attach(host: object): unknown;
  /** Has the engine do what the buffer asks for. */
  ectomorph_call(call: number, handle: number, length: number): number;
}

/** The functions of the engine by their number; `src/wasm/exported.rs` has the same ones. */
const CALL = { desk: 0, input: 1, compile: 2, release: 3, run: 4, ask: 5, document: 6, rules: 7, child: 8 } as const;

/** What the module says of rules. */
interface Exported {
  readonly handle: number;
  readonly shape: ShapeForm;
  readonly description: Description;
}

/** Of those that are exported, the document; or why there is none, and the schema alone. */
type Named = Exported & ({ readonly document: RulesDocument } | { readonly document?: undefined; readonly refusal: string; readonly schema: SchemaDocument });

/** A module has one engine, whoever asks for it. */
const attached = /* @__PURE__ */ new WeakMap<object, { readonly [name: string]: Rules }>();

/**
 * The rules that a module exports, by name: what `load` makes of documents, run by the module's own engine.
 *
 * @typeParam R The rules by name, as `ectomorph gen types` writes them.
 *
 * @example
 * import init, * as wasm from "./pkg/my_rules.js";
 * await init();
 * const { registration } = attach(wasm);
 *
 * @throws EctomorphError if the module is not there yet, exports no rules, was built with another version of ectomorph, or a
 * rule in it has a mistake.
 */
export function attach<R = { readonly [name: string]: Rules<AnyFields> }>(wasm: ExportedModule): R {
  const { ectomorph_version: version, ectomorph_attach: give, ectomorph_call: call } = (wasm ?? {}) as Partial<ExportedModule>;
  if (typeof version !== "function" || typeof give !== "function" || typeof call !== "function") {
    throw new EctomorphError(
      'attach takes the module of a crate with `ectomorph::export!`, all of it: import init, * as wasm from "./pkg/my_rules.js"',
    );
  }
  let rules = attached.get(call);
  if (rules === undefined) {
    checkVersion(version);
    relate();
    rules = rulesIn(new Engine(instantiated(give, call)), call);
    attached.set(call, rules);
  }
  return rules as R;
}

function checkVersion(version: ExportedModule["ectomorph_version"]): void {
  let built: unknown;
  try {
    built = version();
  } catch (cause) {
    throw new EctomorphError("the module has no wasm yet; await its init() first", { cause });
  }
  if (built !== VERSION) {
    throw new EctomorphError(
      `the module was built with ectomorph ${built} for Rust, and this is ectomorph ${VERSION} for JavaScript; use one version in Cargo.toml and package.json`,
    );
  }
}

/** The module, as if it were an artifact of the package. */
function instantiated(give: ExportedModule["ectomorph_attach"], call: ExportedModule["ectomorph_call"]): Instantiated {
  // The engine says what it offers only once it knows where the memory is, and the module gives that for what is offered.
  const host = {};
  const memory = give(host) as WebAssembly.Memory;
  return {
    exports: {
      memory,
      desk: () => call(CALL.desk, 0, 0),
      input: (length) => void call(CALL.input, 0, length),
      compile: (length) => call(CALL.compile, 0, length),
      release: (handle) => void call(CALL.release, handle, 0),
      run: (handle, length) => call(CALL.run, handle, length),
      ask_changeset: (handle, length) => call(CALL.ask, handle, length),
      type_call: () => 1,
      document: (handle) => call(CALL.document, handle, 0),
    },
    setHost: (functions) => void Object.assign(host, functions),
  };
}

function rulesIn(engine: Engine, call: ExportedModule["ectomorph_call"]): { readonly [name: string]: Rules } {
  const asked = (input: unknown, ask: (length: number) => number): unknown => {
    const { status, answer } = withWriter((writer) => engine.call(writer.value(input), [], undefined, ask));
    const found = new Reader(answer).value();
    if (status !== 0) throw new EctomorphError(String(found));
    return found;
  };
  const compiled = ({ handle, shape, description }: Exported, steps: readonly Step[] | undefined) =>
    compiledAs(engine, handle, shape, description, steps);
  const whole: Whole = {
    ...wholeOn(engine),
    // Without a document, which might name what only the module knows.
    child: (core, field) => compiled(asked(field, (length) => call(CALL.child, compiledOf(core).handle, length)) as Exported, []),
  };
  const exported = asked(null, () => call(CALL.rules, 0, 0)) as [string, Named][];
  return Object.freeze(
    Object.fromEntries(
      exported.map(([name, named]) => {
        const { schema, steps } = named.document ?? { schema: named.schema, steps: refused(named.refusal) };
        const core = new Core(schema, { steps, validators: [] }, false, whole);
        core.compiled = compiled(named, named.document?.steps);
        Object.assign(core, { recording: { steps, validators: named.document === undefined ? [] : foreign(name, steps) } });
        return [name, rulesOf<AnyFields, RecordOf<AnyFields>>(new Schema(schema, core.compiled.schema), core)];
      }),
    ),
  );
}

/** The validators that steps name, which are in Rust: rules in TypeScript that take the steps in are told so. */
function foreign(rules: string, steps: readonly Step[]): readonly NamedValidator[] {
  const names = new Set<string>();
  JSON.stringify(steps, (_, part: unknown) => {
    if (Array.isArray(part) && part[0] === "validate_change" && typeof part[2] === "string") names.add(part[2]);
    return typeof part === "bigint" ? null : part;
  });
  return [...names].map((name) => ({
    portable: true,
    function: () => [],
    // What takes steps in looks at the names of their validators first.
    get name(): never {
      throw new EctomorphError(
        `\`${rules}\` has the validator \`${name}\`, which is in its module alone, so rules in TypeScript can't hold \`${rules}\`: ` +
          `write the rules around it in Rust, too, or give them load(${rules}.document, { validators: { ${name}: .. } })`,
      );
    },
  }));
}

/** Steps that no document can hold: who looks at them is told why. */
function refused(why: string): readonly Step[] {
  const refuse = (): never => {
    throw new EctomorphError(why);
  };
  return new Proxy([], { get: refuse, ownKeys: refuse, has: refuse });
}
