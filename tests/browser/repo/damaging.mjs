// Damages an area of a database that is closed.

/** The second slot of the header is the first that is written. */
const SLOT = 4096;

const HOW = {
  /** As a crash leaves it: the last bytes are missing. */
  cut: (bytes) => bytes.slice(0, -3),
  flip(bytes) {
    bytes[bytes.length >> 1] ^= 4;
    return bytes;
  },
  newer(bytes) {
    const view = new DataView(bytes.buffer);
    view.setUint32(SLOT + 8, 99, true);
    view.setUint32(SLOT + 60, checksum(bytes.subarray(SLOT, SLOT + 60)), true);
    return bytes;
  },
};

export async function damage(storage, name, area, how) {
  if (storage === "opfs") return inFile(name, area, HOW[how]);
  return inDatabase(name, area, HOW[how]);
}

async function inFile(name, area, change) {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("ectomorph");
  const folder = await root.getDirectoryHandle(name);
  const file = await folder.getFileHandle(["header", "snapshot-0", "snapshot-1", "journal-0", "journal-1"][area]);
  const bytes = new Uint8Array(await (await file.getFile()).arrayBuffer());
  const writable = await file.createWritable();
  await writable.write(change(bytes));
  await writable.close();
}

async function inDatabase(name, area, change) {
  const opening = indexedDB.open(`ectomorph/${name}`);
  const database = await new Promise((done) => (opening.onsuccess = () => done(opening.result)));
  const transaction = database.transaction(["pieces", "lengths"], "readwrite");
  const pieces = transaction.objectStore("pieces");
  const range = IDBKeyRange.bound([area, 0], [area, Infinity]);
  const all = await new Promise((done) => (pieces.getAll(range).onsuccess = ({ target }) => done(target.result)));
  const bytes = change(new Uint8Array(all.flatMap((piece) => [...piece])));
  pieces.delete(range);
  pieces.put(bytes, [area, 0]);
  transaction.objectStore("lengths").put(bytes.length, area);
  await new Promise((done) => (transaction.oncomplete = done));
  database.close();
}

/** CRC-32, as the database has it. */
function checksum(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}
