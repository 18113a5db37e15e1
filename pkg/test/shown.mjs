// All that a changeset shows, for comparison.
import assert from "node:assert/strict";
import * as library from "../dist/node/conformance.js";

const { Changeset, EctomorphError, applyChanges, sourceOf, traverseErrors } = library;

/** All that a changeset shows, with what is ordered in its order. */
function shown(changeset) {
  const { valid, action, errors } = changeset;
  const changes = Object.entries(changeset.changes).map(([field, change]) => [field, shownChange(change)]);
  return { valid, action, force: sourceOf(changeset).result.force, errors, texts: traverseErrors(changeset), changes };
}

function shownChange(change) {
  if (change instanceof Changeset) return { ...shown(change), data: change.data };
  return Array.isArray(change) ? change.map(shownChange) : change;
}

/** What is made, or the message of the mistake that was thrown. */
export function attempt(make) {
  try {
    return make();
  } catch (error) {
    assert.ok(error instanceof EctomorphError, error);
    return { thrown: error.message };
  }
}

/** What a changeset shows, or what its recipe does. */
export function shownAs(changeset, other) {
  if (other === undefined) return { ...shown(changeset), applied: applyChanges(changeset) };
  const recipe = new Changeset(other(sourceOf(changeset)));
  return { ...shown(recipe), applied: applyChanges(recipe) };
}
