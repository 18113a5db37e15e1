// The program that is killed: `writer.mjs FOLDER SEED DURABILITY` goes on with the commits of the seed. It writes the number
// of each that is done to its standard output, at once, before it begins the next.
import { writeSync } from "node:fs";
import * as library from "../../pkg/dist/node/index.js";
import * as repo from "../../pkg/dist/node/repo/index.js";
import { ledger, plan, unhurried } from "./workload.mjs";

const [folder, seed, durability] = process.argv.slice(2);
const { open, last, commit } = ledger({ ...library, ...repo });
const opened = await open({ name: folder, storage: "file", durability });
const from = await last(opened);
writeSync(1, `${from}\n`);
for (let number = from + 1; ; number++) {
  await unhurried(number, async () => {
    await commit(opened, plan(Number(seed), number));
    writeSync(1, `${number}\n`);
  });
}
