// What a row takes: all WebAssembly memory there is, which never shrinks, and what JavaScript's heap grew by once nobody
// holds anything else.
import { batches, USERS } from "../data.mjs";
import { collect } from "./measure.mjs";

const MEMORY = "memory per row";

const memories = watchMemories();

export default async function run(peer) {
  const before = heap();
  const db = await peer.open();
  for (const users of batches()) await db.insertAll(users, []);
  const figure = (wasm() + heap() - before) / USERS;
  const digest = await db.count();
  await db.close();
  return { [MEMORY]: { unit: "B", figure, digest } };
}

const wasm = () => [...memories].reduce((total, { buffer }) => total + buffer.byteLength, 0);

function heap() {
  // The first may leave something for finalizers to let go.
  collect();
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** All memories of WebAssembly that come to be from now on; Node counts them nowhere. */
function watchMemories() {
  const found = new Set();
  const look = (instance) => {
    for (const value of Object.values(instance.exports)) if (value instanceof WebAssembly.Memory) found.add(value);
    return instance;
  };
  const { Memory, Instance, instantiate } = WebAssembly;
  WebAssembly.Memory = class extends Memory {
    constructor(...of) {
      super(...of);
      found.add(this);
    }
    static [Symbol.hasInstance] = (value) => value instanceof Memory;
  };
  WebAssembly.Instance = class extends Instance {
    constructor(...of) {
      super(...of);
      look(this);
    }
    static [Symbol.hasInstance] = (value) => value instanceof Instance;
  };
  WebAssembly.instantiate = async (...of) => {
    const made = await instantiate(...of);
    look(made instanceof Instance ? made : made.instance);
    return made;
  };
  return found;
}
