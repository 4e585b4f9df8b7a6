// Rejection: bad data as a value, so that it can be counted, kept and explained.
// In: what was wrong. Out: code, what, remedy.
// Pure.

/** Why something was refused. `code` is stable, `message` says what was wrong, `remedy` what to do about it. */
export interface Rejection {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

export function rejection(code: string, message: string, remedy: string): Rejection {
  return { code, message, remedy };
}

/** Tells a rejection from the good value that a parser may return in its place. */
export function isRejection(value: object): value is Rejection {
  return 'code' in value && 'remedy' in value && 'message' in value;
}
