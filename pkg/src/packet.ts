/** Bytes that stay as they are: a packed recipe, result or answer. */
export class Packet {
  constructor(
    readonly bytes: Uint8Array,
    readonly view: DataView,
    readonly start: number,
    readonly end: number,
  ) {}

  /** A packet of bytes that nobody changes. */
  static of(bytes: Uint8Array): Packet {
    return new Packet(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length);
  }
}
