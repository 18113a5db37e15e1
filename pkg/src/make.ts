import { NONE } from "./fast.js";

/** Makes a record of the cells from a place on, one for each of its names. */
export type Make = (cells: readonly unknown[], from: number) => Record<string, unknown>;

/**
 * What makes records: a copy of a template, with new lists in some fields, and stores that each learn the name they are for. A
 * loop over names would learn nothing, and take four times as long. What was learnt belongs to the place in the code, so
 * there are several copies of this module (`makers.ts`).
 */
export function maker(template: object, lists: readonly string[], names: readonly string[]): Make {
  const { length } = names;
  return (cells, from) => {
    const record: Record<string, unknown> = { ...template };
    for (let index = 0; index < lists.length; index++) record[lists[index] as string] = [];
    if (length > 0 && cells[from] !== NONE) record[names[0] as string] = cells[from];
    if (length > 1 && cells[from + 1] !== NONE) record[names[1] as string] = cells[from + 1];
    if (length > 2 && cells[from + 2] !== NONE) record[names[2] as string] = cells[from + 2];
    if (length > 3 && cells[from + 3] !== NONE) record[names[3] as string] = cells[from + 3];
    if (length > 4 && cells[from + 4] !== NONE) record[names[4] as string] = cells[from + 4];
    if (length > 5 && cells[from + 5] !== NONE) record[names[5] as string] = cells[from + 5];
    if (length > 6 && cells[from + 6] !== NONE) record[names[6] as string] = cells[from + 6];
    if (length > 7 && cells[from + 7] !== NONE) record[names[7] as string] = cells[from + 7];
    if (length > 8 && cells[from + 8] !== NONE) record[names[8] as string] = cells[from + 8];
    if (length > 9 && cells[from + 9] !== NONE) record[names[9] as string] = cells[from + 9];
    if (length > 10 && cells[from + 10] !== NONE) record[names[10] as string] = cells[from + 10];
    if (length > 11 && cells[from + 11] !== NONE) record[names[11] as string] = cells[from + 11];
    if (length > 12 && cells[from + 12] !== NONE) record[names[12] as string] = cells[from + 12];
    if (length > 13 && cells[from + 13] !== NONE) record[names[13] as string] = cells[from + 13];
    if (length > 14 && cells[from + 14] !== NONE) record[names[14] as string] = cells[from + 14];
    if (length > 15 && cells[from + 15] !== NONE) record[names[15] as string] = cells[from + 15];
    for (let index = 16; index < length; index++) if (cells[from + index] !== NONE) record[names[index] as string] = cells[from + index];
    return record;
  };
}
