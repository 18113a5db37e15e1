import { Packet } from "../packet.js";

/** How large the blocks are that small packets share. */
const BLOCK = 1 << 16;
/** A packet that is larger has memory of its own, so that it does not keep a block of others alive. */
const SMALL = 1 << 12;
/** Up to here a loop over bytes beats the call of `set`, which needs a view. */
const SHORT = 256;

let block = /* @__PURE__ */ new Uint8Array(0);
let view = /* @__PURE__ */ new DataView(block.buffer);
let used = 0;

/** Copies bytes to keep them. A buffer for each changeset would cost more than its rules. */
export function keep(source: Uint8Array, start: number, end: number): Packet {
  const length = end - start;
  if (length > SMALL) return Packet.of(source.slice(start, end));
  if (used + length > block.length) {
    block = new Uint8Array(BLOCK);
    view = new DataView(block.buffer);
    used = 0;
  }
  const at = used;
  used += length;
  copy(source, start, end, block, at);
  return new Packet(block, view, at, at + length);
}

/** A packet that was lent, to be kept. */
export function kept({ bytes, start, end }: Packet): Packet {
  return keep(bytes, start, end);
}

/** Copies bytes from one place to another. */
export function copy(source: Uint8Array, start: number, end: number, target: Uint8Array, at: number): void {
  if (end - start > SHORT) {
    target.set(source.subarray(start, end), at);
    return;
  }
  for (let from = start, to = at; from < end; from++, to++) target[to] = source[from] as number;
}
