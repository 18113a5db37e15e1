// What tests ask of `node:test`, in a page: they are kept, and run when the page is asked to.
import { format } from "./assert.mjs";

const tests = [];

/** Keeps a test. */
export function test(name, run) {
  tests.push({ name, run });
}

/** Runs the tests whose names pass, one after the other: how many passed, and what the others said. */
globalThis.runTests = async (pattern) => {
  const wanted = tests.filter(({ name }) => new RegExp(pattern).test(name));
  const failures = [];
  for (const { name, run } of wanted) {
    try {
      await run({ diagnostic() {} });
    } catch (error) {
      failures.push(`${name}: ${error?.stack ?? format(error)}`.slice(0, 2000));
    }
  }
  return { passed: wanted.length - failures.length, failures };
};
