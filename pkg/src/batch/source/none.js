// No reader of CSV: the page brings it with `initBatch`.
export const hint = "await initBatch(fetch(url of batch.wasm)) first";

export const batchNow = () => undefined;
