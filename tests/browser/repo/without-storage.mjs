// The worker of a browser that keeps nothing.
delete StorageManager.prototype.getDirectory;
Object.defineProperty(globalThis, "indexedDB", { value: undefined });
await import("/pkg/dist/browser/repo/worker.js");
