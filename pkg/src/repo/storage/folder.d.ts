import type { Storage } from "./storage.js";

/** Opens a folder, which is made if it is not there. It belongs to one database at a time. */
export function openFolder(folder: string): Storage;
