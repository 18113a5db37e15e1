// One peer in a process of its own: `worker.mjs PEER verify|measure` sends one answer to its parent.
import { answer, sink } from "./measure.mjs";

const [file, verb] = process.argv.slice(2);

// Of the processor, on all threads: what else runs on the machine counts less, and collecting garbage counts.
const clock = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

const peer = await import(`./peers/${file}.mjs`).catch((error) => ({ error }));
process.send(peer.error ? { error: peer.error.message, code: peer.error.code } : answer(peer, verb, clock), () => {
  process.exit(Number.isNaN(sink) ? 1 : 0);
});
