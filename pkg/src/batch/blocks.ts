import * as blocks1 from "#block-1";
import * as blocks2 from "#block-2";
import * as blocks3 from "#block-3";
import * as blocks4 from "#block-4";

/** Copies of the same module: what V8 learns of one's records it does not confuse with another's. */
const BLOCKS = [blocks1, blocks2, blocks3, blocks4];

let count = 0;

/** What makes the blocks of rules. */
export type Blocks = typeof blocks1;

/** The next copy. */
export function nextBlocks(): Blocks {
  return BLOCKS[count++ % BLOCKS.length] as Blocks;
}
