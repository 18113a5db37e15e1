// The small engine is in one piece.
export const furtherNow = () => undefined;
