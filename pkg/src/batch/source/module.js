// The reader of CSV as a module that the host compiles.
import module from "#batch-module";

export const hint = "";

export const batchNow = () => module;
