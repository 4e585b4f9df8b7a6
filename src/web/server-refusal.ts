// Server refusal: what the server said when it did not do what it was asked, or that it said nothing.
// In: answers, errors. Out: a trouble, which is put into words where it is shown.
// Pure.

import type { Rejection } from '../core/rejection.ts';

/** Not yet a sentence: so it follows a change of the language. */
export interface Trouble {
  /** the engine's, or one of those below */
  readonly code: string;
  /** the engine's own words */
  readonly said: string;
}

/** No answer came. */
export const AWAY = 'AWAY';
/** An answer without words, as of a proxy in front; `said` is its status. */
export const WORDLESS = 'WORDLESS';

/** The server answered, and did not do it. */
export class Refusal extends Error {
  constructor(readonly trouble: Trouble) {
    super(trouble.said);
  }
}

/** @param body what it sent; anything, where somebody else than the engine answered */
export function troubleFrom(status: number, body: Partial<Rejection> | null): Trouble {
  const { code, message, remedy } = body ?? {};
  return code === undefined || message === undefined
    ? { code: WORDLESS, said: `${status}` }
    : { code, said: `${message}. ${remedy ?? ''}`.trim() };
}

export async function troubleIn(answer: Response): Promise<Trouble> {
  return troubleFrom(answer.status, await answer.json().catch(() => null));
}

/** Whatever was thrown while the server was asked: the browser's own words for no answer are its own business. */
export function troubleOf(error: unknown): Trouble {
  return error instanceof Refusal ? error.trouble : { code: AWAY, said: String(error) };
}
