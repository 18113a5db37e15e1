/**
 * What the runner of the conformance vectors needs beside the public package. Not exported by it.
 *
 * @module
 */
export * from "./index.js";
export { ask } from "./accessors.js";
export { columnsOf } from "./batch/columns.js";
export { Sight } from "./batch/sight.js";
export { Core } from "./core.js";
export { giveFurther } from "./fast-module.js";
export { htmlPattern, pageRegExp } from "./form/html-pattern.js";
export { ownForm } from "./form/own.js";
export { declaredBy } from "./declared.js";
export { recordOf, slotOf } from "./describe.js";
export { Planned } from "./planned.js";
export { recall } from "./recall.js";
export { Schema, setState } from "./schema.js";
export { straight } from "./straight.js";
export { describeSchema } from "./described.js";
export { isSound } from "./sound.js";
export { Tagged } from "./values.js";
export { TAG, Writer } from "./whole/pack.js";
export { Reader } from "./whole/unpack.js";
export { theWhole } from "./whole.js";
export { askPacked, sourceOf, typeCall } from "./whole/vectors.js";
