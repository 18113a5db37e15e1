/** Rows are made in blocks of so many. */
export const BLOCK = 128;

/**
 * A record of a template whose fields have held anything. V8 notes what fields hold, and where it learns that there is more to a
 * field, code that stores into it is slow from then on: so it learns that here, before the code that counts runs.
 */
export function sampleOf(template: object, names: readonly string[]): object {
  const sample = copyOf(template);
  for (const name of names) for (const value of SAMPLES) sample[name] = value;
  return sample;
}

/** A name as V8 keeps those of properties, which it looks up by where they are; a text out of a file is found anew each time. */
function internal(name: string): string {
  return Object.keys({ [name]: null })[0] as string;
}

/** In one place alone: copies that are made elsewhere have a shape of their own. */
function copyOf(template: object): Record<string, unknown> {
  return { ...template };
}

const SAMPLES = [0, 0.5, "", true, null];

/**
 * Cells of some rows, column after column, so that a loop over a column does one thing to values of one kind; and the records
 * that are made of them. What V8 learns of reads and stores belongs to the place in the code, so there are several copies of this
 * module (`blocks.ts`).
 */
export class Block {
  /** Of each column `size` cells. */
  readonly cells: unknown[];
  /** The cells of columns of floats; NaN where the cell is none, and stands in `cells`. */
  readonly numbers: Float64Array;
  readonly #template: object;
  readonly #names: readonly string[];
  readonly #isFloat: readonly boolean[];

  /** @param size How many rows there is room for. */
  constructor(template: object, columns: readonly { readonly name: string; readonly isFloat: boolean }[], readonly size: number) {
    this.#template = template;
    this.#names = columns.map(({ name }) => internal(name));
    this.#isFloat = columns.map(({ isFloat }) => isFloat);
    this.cells = new Array<unknown>(columns.length * size).fill(null);
    this.numbers = new Float64Array(columns.length * size).fill(NaN);
  }

  /** Lets go of what was in it. */
  clear(): void {
    this.cells.fill(null);
    this.numbers.fill(NaN);
  }

  /**
   * Reads the cells of rows, which are sure if they are objects as literals make them. Each is read at a place of its own in the code,
   * which learns the name that it is mostly for.
   */
  read(rows: readonly unknown[], from: number, count: number, isSure: Uint8Array): void {
    const { cells, size } = this;
    const names = this.#names;
    const { length } = names;
    for (let at = 0; at < count; at++) {
      const row = rows[from + at];
      if (!isLiteral(row)) {
        isSure[at] = 0;
        continue;
      }
      isSure[at] = 1;
      let cell = at;
      if (length > 0) cells[cell] = row[names[0] as string];
      if (length > 1) cells[(cell += size)] = row[names[1] as string];
      if (length > 2) cells[(cell += size)] = row[names[2] as string];
      if (length > 3) cells[(cell += size)] = row[names[3] as string];
      if (length > 4) cells[(cell += size)] = row[names[4] as string];
      if (length > 5) cells[(cell += size)] = row[names[5] as string];
      if (length > 6) cells[(cell += size)] = row[names[6] as string];
      if (length > 7) cells[(cell += size)] = row[names[7] as string];
      if (length > 8) cells[(cell += size)] = row[names[8] as string];
      if (length > 9) cells[(cell += size)] = row[names[9] as string];
      if (length > 10) cells[(cell += size)] = row[names[10] as string];
      if (length > 11) cells[(cell += size)] = row[names[11] as string];
      if (length > 12) cells[(cell += size)] = row[names[12] as string];
      if (length > 13) cells[(cell += size)] = row[names[13] as string];
      if (length > 14) cells[(cell += size)] = row[names[14] as string];
      if (length > 15) cells[(cell += size)] = row[names[15] as string];
      for (let place = 16; place < length; place++) cells[(cell += size)] = row[names[place] as string];
    }
  }

  /**
   * The record of a row: a copy of the template with its cells. Each store is a place of its own in the code, which learns the
   * name that it is mostly for: a loop would learn nothing, and take four times as long.
   */
  record(row: number): object {
    const { cells, numbers, size } = this;
    const names = this.#names;
    const isFloat = this.#isFloat;
    const { length } = names;
    const record = copyOf(this.#template);
    let at = row;
    if (length > 0) record[names[0] as string] = isFloat[0] === true ? float(cells, numbers, at) : cells[at];
    if (length > 1) record[names[1] as string] = isFloat[1] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 2) record[names[2] as string] = isFloat[2] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 3) record[names[3] as string] = isFloat[3] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 4) record[names[4] as string] = isFloat[4] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 5) record[names[5] as string] = isFloat[5] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 6) record[names[6] as string] = isFloat[6] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 7) record[names[7] as string] = isFloat[7] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 8) record[names[8] as string] = isFloat[8] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 9) record[names[9] as string] = isFloat[9] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 10) record[names[10] as string] = isFloat[10] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 11) record[names[11] as string] = isFloat[11] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 12) record[names[12] as string] = isFloat[12] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 13) record[names[13] as string] = isFloat[13] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 14) record[names[14] as string] = isFloat[14] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    if (length > 15) record[names[15] as string] = isFloat[15] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    for (let place = 16; place < length; place++) record[names[place] as string] = isFloat[place] === true ? float(cells, numbers, (at += size)) : cells[(at += size)];
    return record;
  }
}

/**
 * Whether an object is one that a literal or `JSON.parse` made. Reading what most of them inherit tells V8 their shape, and with it
 * their prototype, which is a call to ask for otherwise.
 */
function isLiteral(row: unknown): row is { readonly [name: string]: unknown } {
  return typeof row === "object" && row !== null && row.constructor === Object && Object.getPrototypeOf(row) === Object.prototype;
}

function float(cells: readonly unknown[], numbers: Float64Array, at: number): unknown {
  const number = numbers[at] as number;
  return number === number ? number : cells[at];
}
