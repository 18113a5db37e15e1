// What the repo asks of its host beside what rules need: the time, and a place for bytes.

let host;

export function setRepoHost(functions) {
  host = functions;
}

export function clock() {
  return host.clock();
}

export function ticks() {
  return host.ticks();
}

export function storage_read(storage, area) {
  return host.storage_read(storage, area);
}

export function storage_take(storage, into) {
  return host.storage_take(storage, into);
}

export function storage_write(storage, area, at, bytes, length) {
  return host.storage_write(storage, area, at, bytes, length);
}

export function storage_truncate(storage, area, length) {
  return host.storage_truncate(storage, area, length);
}

export function storage_flush(storage, area) {
  return host.storage_flush(storage, area);
}

export function storage_failure(storage, into, capacity) {
  return host.storage_failure(storage, into, capacity);
}
