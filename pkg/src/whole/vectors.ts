import { Changeset, type Source } from "../changeset.js";
import { theWhole } from "../whole.js";
import { theEngine } from "./engine.js";
import { withWriter } from "./pack.js";
import type { Packet } from "../packet.js";

/** Casts, dumps, loads or compares by a type: `[op, type, value, value?]`; the packed answer. */
export function typeCall(call: readonly unknown[]): Packet {
  theWhole("a type");
  return withWriter((writer) => theEngine().typeCall(writer.value(call)));
}

/** Where a changeset comes from. */
export function sourceOf(changeset: Changeset): Source {
  return Changeset.source(changeset);
}

/** The packed answer to a question, which knows integers from floats and text from decimals. */
export function askPacked(changeset: Changeset, question: readonly unknown[]): Packet {
  return Changeset.source(changeset).recipe("ask").askPacked(question);
}
