/** What a command could not do, in words for its user. */
export class Failure extends Error {
  constructor(message, { plain = false } = {}) {
    super(message);
    this.plain = plain;
  }
}
