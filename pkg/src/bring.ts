import { addRelations } from "./described-relations.js";
import { alone } from "./alone.js";
import { ChildSource } from "./child.js";
import { further } from "./further.js";
import { childrenOf, relationToNotation } from "./put-relation.js";
import { giveRelated, type Related } from "./related.js";
import { castRelation } from "./translate/relation.js";
import { openToDocument, relationToDocument } from "./written-relations.js";

const child: Related["child"] = (parent, field, child, index) => new ChildSource(parent, field, child, index);

const put: Related["put"] = (value, field, record) => relationToNotation(value, field, childrenOf(record, field.name));

const RELATED: Related = { addRelations, alone, castRelation, child, open: openToDocument, put, relation: relationToDocument };

/** Brings all that rules may need: for those with relations, and for documents, in which anything may be. */
export function bring<T>(asked: T): T {
  relate();
  return further(asked);
}

/** Brings what relations need of JavaScript: for rules that have an engine of their own. */
export function relate(): void {
  giveRelated(RELATED);
}
