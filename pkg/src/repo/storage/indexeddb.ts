import { AREAS, type Storage } from "./storage.js";

/** What was written, in pieces by `[area, place]`; how long each area is, by its number; and whose the database is. */
const PIECES = "pieces";
const LENGTHS = "lengths";
const OWNER = "owner";
const STORES = [PIECES, LENGTHS, OWNER];

/** An area, as far as it is not stored yet. */
interface Area {
  /** What is stored of it, until it is read. */
  stored: Uint8Array;
  length: number;
  /** What was written and not stored: pieces, one behind the other. */
  pieces: { readonly at: number; readonly bytes: Uint8Array }[];
  /** From where on what is stored counts no more. */
  cut: number | undefined;
  /** The transaction that stores it. */
  storing: Promise<void> | undefined;
  failure: unknown;
}

const HEADER = 0;

/** The name of the IndexedDB database. */
export function databaseName(name: string): string {
  return `ectomorph/${name}`;
}

/** Opens a database in IndexedDB; it is made if it is not there. */
export async function openIndexedDb(name: string, durability: "strict" | "relaxed"): Promise<Storage> {
  const request = indexedDB.open(databaseName(name), 1);
  request.onupgradeneeded = () => STORES.forEach((store) => request.result.createObjectStore(store));
  const database = await result(request);
  try {
    const owner = await claim(database);
    const areas: Area[] = [];
    for (const area of AREAS.keys()) areas.push(await read(database, area));
    return new IndexedDbStorage(database, areas, owner, durability);
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * What is read stands in memory when the storage is made, and is handed over once. Writes and truncations are collected;
 * a flush stores those of an area in one transaction.
 */
class IndexedDbStorage implements Storage {
  readonly name = "indexeddb";
  readonly #database: IDBDatabase;
  readonly #areas: readonly Area[];
  readonly #owner: string;
  readonly #durability: "strict" | "relaxed";
  /** The header is small and written in its midst: it is stored as a whole. */
  #header: Uint8Array;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(database: IDBDatabase, areas: readonly Area[], owner: string, durability: "strict" | "relaxed") {
    this.#database = database;
    this.#areas = areas;
    this.#owner = owner;
    this.#durability = durability;
    this.#header = this.#area(HEADER).stored;
  }

  read(number: number): Uint8Array {
    const area = this.#area(number);
    const { stored } = area;
    area.stored = new Uint8Array(0);
    if (stored.length < area.length) throw new Error("an area of IndexedDB is read once");
    return stored;
  }

  write(number: number, at: number, bytes: Uint8Array): void {
    const area = this.#area(number);
    if (at > area.length || (at < area.length && number !== HEADER)) throw new Error(`area ${number} is not written at its end`);
    if (number === HEADER) {
      const header = new Uint8Array(Math.max(area.length, at + bytes.length));
      header.set(this.#header);
      header.set(bytes, at);
      this.#header = header;
      area.pieces = [{ at: 0, bytes: header }];
      area.length = header.length;
    } else {
      area.pieces.push({ at, bytes: bytes.slice() });
      area.length += bytes.length;
    }
    // Nobody waits for it, but it should not get lost with the page.
    if (this.#durability === "relaxed") this.#soon();
  }

  truncate(number: number, length: number): void {
    const area = this.#area(number);
    if (length >= area.length) return;
    area.length = length;
    area.cut = Math.min(area.cut ?? length, length);
    area.pieces = area.pieces.filter(({ at }) => at < length)
      .map(({ at, bytes }) => ({ at, bytes: bytes.subarray(0, length - at) }));
    if (number === HEADER) this.#header = this.#header.slice(0, length);
    this.#soon();
  }

  flush(number: number): boolean {
    const area = this.#area(number);
    if (area.storing !== undefined) return false;
    const { failure } = area;
    area.failure = undefined;
    if (failure !== undefined) throw failure;
    if (isStored(area)) return true;
    area.storing = this.#store(number, area).catch((error) => void (area.failure = error)).then(() => void (area.storing = undefined));
    return false;
  }

  /** When one of the flushes is over. */
  async settled(): Promise<void> {
    await Promise.race(this.#areas.flatMap(({ storing }) => storing ?? []));
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    for (const number of this.#areas.keys()) this.#background(number);
    await Promise.all(this.#areas.map(({ storing }) => storing));
    this.#database.close();
  }

  #area(number: number): Area {
    return this.#areas[number] as Area;
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const number of this.#areas.keys()) this.#background(number);
    });
  }

  /** Stores an area without being asked. If that fails, whoever asks next tries again. */
  #background(number: number): void {
    const area = this.#area(number);
    if (area.storing !== undefined || isStored(area)) return;
    area.storing = this.#store(number, area).catch(() => {}).then(() => void (area.storing = undefined));
  }

  /** Stores what is collected in an area; if that fails, it is collected still. */
  async #store(number: number, area: Area): Promise<void> {
    const { pieces, cut, length } = area;
    area.pieces = [];
    area.cut = undefined;
    try {
      const transaction = this.#database.transaction(STORES, "readwrite", { durability: this.#durability });
      const done = ended(transaction);
      const owner = transaction.objectStore(OWNER).get(0);
      let isOurs = true;
      owner.onsuccess = () => {
        // A page that could not know of this one opened the database.
        isOurs = owner.result === this.#owner;
        if (!isOurs) return transaction.abort();
        const stored = transaction.objectStore(PIECES);
        if (cut !== undefined) stored.delete(IDBKeyRange.bound([number, cut], [number, Infinity]));
        if (pieces.length > 0) stored.put(joined(pieces.map(({ bytes }) => bytes)), [number, pieces[0]?.at ?? 0]);
        transaction.objectStore(LENGTHS).put(length, number);
      };
      await done.catch((error) => {
        throw isOurs ? error : new Error("the database was opened elsewhere since; open it again");
      });
    } catch (error) {
      const kept = area.cut ?? Infinity;
      const before = pieces.filter(({ at }) => at < kept).map(({ at, bytes }) => ({ at, bytes: bytes.subarray(0, kept - at) }));
      // A header that was written meanwhile has everything in it.
      area.pieces = number === HEADER && area.pieces.length > 0 ? area.pieces : [...before, ...area.pieces];
      if (cut !== undefined) area.cut = Math.min(cut, kept);
      throw error;
    }
  }
}

function isStored(area: Area): boolean {
  return area.pieces.length === 0 && area.cut === undefined;
}

/** Says whose the database is from now on. */
async function claim(database: IDBDatabase): Promise<string> {
  const owner = Array.from(crypto.getRandomValues(new Uint32Array(4))).join("-");
  const transaction = database.transaction(OWNER, "readwrite");
  transaction.objectStore(OWNER).put(owner, 0);
  await ended(transaction);
  return owner;
}

/** What is stored of an area. Pieces may reach into those behind them, which count then. */
async function read(database: IDBDatabase, number: number): Promise<Area> {
  const transaction = database.transaction([PIECES, LENGTHS]);
  const range = IDBKeyRange.bound([number, 0], [number, Infinity]);
  const [length, keys, pieces] = await Promise.all([
    result(transaction.objectStore(LENGTHS).get(number)),
    result(transaction.objectStore(PIECES).getAllKeys(range)),
    result(transaction.objectStore(PIECES).getAll(range) as IDBRequest<Uint8Array[]>),
  ]);
  const stored = new Uint8Array(Number(length ?? 0));
  pieces.forEach((bytes, index) => {
    const [, at] = keys[index] as [number, number];
    stored.set(bytes.subarray(0, Math.max(0, stored.length - at)), Math.min(at, stored.length));
  });
  return { stored, length: stored.length, pieces: [], cut: undefined, storing: undefined, failure: undefined };
}

/** One piece of several; none that is part of something larger, which would be stored with it. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [first] = pieces;
  if (pieces.length === 1 && first?.length === first?.buffer.byteLength) return first as Uint8Array;
  const all = new Uint8Array(pieces.reduce((length, bytes) => length + bytes.length, 0));
  let at = 0;
  for (const bytes of pieces) {
    all.set(bytes, at);
    at += bytes.length;
  }
  return all;
}

function result<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function ended(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error("a transaction of IndexedDB was aborted"));
  });
}
