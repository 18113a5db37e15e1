// The worker of a browser that has no private file system.
delete StorageManager.prototype.getDirectory;
await import("/pkg/dist/browser/repo/worker.js");
