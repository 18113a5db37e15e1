// The worker of a database that counts flushes, tells their number, and lets them fail if it is told so.
const { prototype } = FileSystemSyncAccessHandle;
const { flush } = prototype;
let [count, isFailing] = [0, false];
prototype.flush = function () {
  count++;
  if (isFailing) throw new Error("the disk is gone");
  return flush.call(this);
};
const channel = new BroadcastChannel("flushes");
channel.onmessage = ({ data }) => {
  if (data.fail !== undefined) isFailing = data.fail;
  channel.postMessage({ count });
};
await import("/pkg/dist/browser/repo/worker.js");
