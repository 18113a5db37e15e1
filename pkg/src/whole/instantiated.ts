/** An instance of the artifact. */
export interface Instantiated {
  readonly exports: {
    readonly memory: WebAssembly.Memory;
    /** Where it says, in four words, where its input and its last output are; see `src/wasm/exports.rs`. */
    desk(): number;
    input(length: number): void;
    compile(length: number): number;
    release(handle: number): void;
    run(handle: number, length: number): number;
    ask_changeset(handle: number, length: number): number;
    type_call(length: number): number;
    document?(handle: number): number;
  };
  setHost(functions: object): void;
}
