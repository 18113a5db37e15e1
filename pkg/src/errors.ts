const LONGEST = 4_000;

/**
 * A mistake of the program or a failure of its environment: the one exception of ectomorph.
 *
 * Bad input never throws: it is data in `changeset.errors`.
 *
 * @example
 * try { User.changeset((c) => c.cast("name").validateFormat("name", "(?<=a)b"))(User.build(), {}); }
 * catch (error) { console.log((error as EctomorphError).message); }
 */
export class EctomorphError extends Error {
  override readonly name = "EctomorphError";
  /** The schema it happened in, where there is one. */
  readonly schema: string | undefined;
  /** The field it is about, where there is one. */
  readonly field: string | undefined;

  constructor(message: string, place: { schema?: string | undefined; field?: string | undefined; cause?: unknown } = {}) {
    // A message may quote what was sent, which may be of any length.
    super(message.length > LONGEST ? `${message.slice(0, LONGEST)}...` : message, place.cause === undefined ? undefined : { cause: place.cause });
    this.schema = place.schema;
    this.field = place.field;
  }
}
