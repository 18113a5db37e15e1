// One peer in a process of its own: `worker.mjs PEER verify|measure` sends one answer to its parent.
import { batchOf } from "./batch.mjs";
import { CASES, FORMS } from "./forms.mjs";
import { verify } from "./verify.mjs";

const [file, verb] = process.argv.slice(2);
const WARM_UP = 250;
const MEASURED = 125;

// What comes out is read and lands here, so that no engine can skip making it.
let sink = 0;

const peer = await import(`./peers/${file}.mjs`).catch((error) => ({ error }));
process.send(peer.error ? { error: peer.error.message, code: peer.error.code } : answer(), () => {
  process.exit(Number.isNaN(sink) ? 1 : 0);
});

function answer() {
  if (verb === "measure") return Object.fromEntries(CASES.map((item) => [item.name, measure(item)]));
  const { name, version, notes = [] } = peer;
  return { name, version, notes, ...verify(peer) };
}

// Nanoseconds an input, or milliseconds all inputs, once the code is warm.
function measure({ form, unit, inputs, batch }) {
  const all = inputs();
  const once = batch ? batchReader(form, batchOf(peer, batch), all) : reader(form, all);
  const loops = warm(once);
  global.gc();
  const milliseconds = time(once, loops) / loops;
  return unit === "ms" ? milliseconds : (milliseconds * 1e6) / all.length;
}

// Answers how many loops over the inputs a measurement takes.
function warm(once) {
  const end = performance.now() + WARM_UP;
  let loops = 1;
  let took = 0;
  do {
    took = time(once, loops);
    if (took < WARM_UP / 20) loops *= 2;
  } while (performance.now() < end);
  return Math.max(1, Math.round((loops * MEASURED) / Math.max(took, 0.001)));
}

// Milliseconds of processor time of so many loops over the inputs, on all threads: what else runs on the machine counts less.
function time(once, loops) {
  const start = process.cpuUsage();
  for (let loop = 0; loop < loops; loop++) once();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

// Validates all inputs one by one, and reads what comes of each.
function reader(form, inputs) {
  const validate = peer[form];
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
