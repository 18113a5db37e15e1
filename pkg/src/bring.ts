import { addRelations } from "./described-relations.js";
import { alone } from "./alone.js";
import { further } from "./further.js";
import { giveRelated, type Related } from "./related.js";
import { castRelation } from "./translate/relation.js";

const RELATED: Related = { addRelations, alone, castRelation };

/** Brings all that rules may need: for those with relations, and for documents, in which anything may be. */
export function bring<T>(asked: T): T {
  giveRelated(RELATED);
  return further(asked);
}
