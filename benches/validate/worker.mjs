// A peer in a process of its own: answers `verify`, `warm` and `measure` messages.
import { CASES, FORMS } from "./forms.mjs";
import { verify } from "./verify.mjs";

const peer = await import(`./peers/${process.argv[2]}.mjs`).catch((error) => ({ error }));
if (peer.error) {
  process.send({ error: peer.error.message, code: peer.error.code });
  process.exit(0);
}

const cases = new Map(CASES.map((item) => [item.name, { ...item, inputs: item.inputs(), loops: 1 }]));

// What comes out is read and lands here, so that no engine can skip making it.
let sink = 0;

function once({ form, inputs }) {
  const validate = peer[form];
  const { read } = FORMS[form];
  for (let i = 0; i < inputs.length; i++) {
    const result = validate(inputs[i]);
    if (result.ok) sink += read(result.value);
    else for (const error of result.errors) sink += error.path.length + error.message.length;
  }
}

// Milliseconds of `loops` times all inputs.
function time(item, loops) {
  const start = performance.now();
  for (let loop = 0; loop < loops; loop++) once(item);
  return performance.now() - start;
}

const answers = {
  verify: () => ({ ...verify(peer), name: peer.name, version: peer.version, notes: peer.notes ?? [] }),
  // Until the time is up, which also finds how many loops a measurement takes.
  warm({ name, milliseconds }) {
    const item = cases.get(name);
    const end = performance.now() + milliseconds;
    let took = 0;
    let loops = 1;
    while (performance.now() < end) {
      took = time(item, loops);
      if (took < milliseconds / 20) loops *= 2;
    }
    item.loops = Math.max(1, Math.round((loops * milliseconds) / 2 / Math.max(took, 0.001)));
    return {};
  },
  // Nanoseconds an input, or milliseconds all inputs.
  measure({ name }) {
    const item = cases.get(name);
    global.gc?.();
    const milliseconds = time(item, item.loops) / item.loops;
    return { result: item.unit === "ms" ? milliseconds : (milliseconds * 1e6) / item.inputs.length };
  },
};

process.on("message", (message) => process.send(answers[message.verb](message)));
process.on("disconnect", () => process.exit(Number.isNaN(sink) ? 1 : 0));
process.send({ ready: true });
