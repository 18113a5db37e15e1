// One peer, measured or verified, where it runs: in Node or in a page.
import { batchOf } from "./batch.mjs";
import { CASES, FORMS } from "./forms.mjs";
import { verify } from "./verify.mjs";

const WARM_UP = 250;
const MEASURED = 125;

// What comes out is read and lands here, so that no engine can skip making it.
export let sink = 0;

/** Verifies or measures a peer by a clock of milliseconds. */
export function answer(peer, verb, clock) {
  if (verb === "measure") return Object.fromEntries(CASES.map((item) => [item.name, measure(peer, item, clock)]));
  const { name, version, notes = [] } = peer;
  return { name, version, notes, ...verify(peer) };
}

// Nanoseconds an input, or milliseconds all inputs, once the code is warm.
function measure(peer, { form, unit, inputs, batch }, clock) {
  const all = inputs();
  const once = batch ? batchReader(form, batchOf(peer, batch), all) : reader(form, peer[form], all);
  const loops = warm(once, clock);
  globalThis.gc();
  const milliseconds = time(once, loops, clock) / loops;
  return unit === "ms" ? milliseconds : (milliseconds * 1e6) / all.length;
}

// Answers how many loops over the inputs a measurement takes.
function warm(once, clock) {
  const end = clock() + WARM_UP;
  let loops = 1;
  let took = 0;
  do {
    took = time(once, loops, clock);
    if (took < WARM_UP / 20) loops *= 2;
  } while (clock() < end);
  return Math.max(1, Math.round((loops * MEASURED) / Math.max(took, 0.001)));
}

// Milliseconds of so many loops over the inputs.
function time(once, loops, clock) {
  const start = clock();
  for (let loop = 0; loop < loops; loop++) once();
  return clock() - start;
}

// Validates all inputs one by one, and reads what comes of each.
function reader(form, validate, inputs) {
  const { read } = FORMS[form];
  return () => {
    for (let i = 0; i < inputs.length; i++) {
      const result = validate(inputs[i]);
      if (result.ok) sink += read(result.value);
      else for (const error of result.errors) sink += error.path.length + error.message.length;
    }
  };
}

// Validates all inputs at once, and reads what comes of them.
function batchReader(form, validate, inputs) {
  const { read } = FORMS[form];
  return () => {
    const { values, errors } = validate(inputs);
    for (const value of values) sink += read(value);
    for (const error of errors) sink += error.row + (error.path ?? error.field).length + error.message.length;
  };
}
