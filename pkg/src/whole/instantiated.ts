/** An instance of the artifact. */
export interface Instantiated {
  readonly exports: {
    readonly memory: WebAssembly.Memory;
    input(length: number): number;
    output(): number;
    output_length(): number;
    compile(length: number): number;
    release(handle: number): void;
    run(handle: number, length: number): number;
    ask_changeset(handle: number, length: number): number;
    type_call(length: number): number;
    document?(handle: number): number;
  };
  setHost(functions: object): void;
}
