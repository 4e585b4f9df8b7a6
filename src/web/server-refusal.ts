// Server refusal: what the server said when it did not do what it was asked, or that it said nothing; and how the page says it.
// In: answers, errors. Out: a trouble that outlives a change of language; its sentence.
// Pure.

import type { Rejection } from '../core/rejection.ts';
import { REJECTION_TEXT, TROUBLE_TEXT } from './spoken-texts.ts';

/** Kept as it is, and put into words where it is shown. */
export interface Trouble {
  /** the engine's, or one of those below */
  readonly code: string;
  /** the engine's own words */
  readonly said: string;
}

/** No answer came. */
const AWAY = 'AWAY';
/** An answer without words, as of a proxy in front; `said` is its status. */
const WORDLESS = 'WORDLESS';

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

/** In the reader's language where the page knows the code, else in the engine's words. */
export function troubleText({ code, said }: Trouble): string {
  if (code === AWAY) return TROUBLE_TEXT.away;
  return code === WORDLESS ? TROUBLE_TEXT.wordless(said) : (REJECTION_TEXT[code] ?? said);
}

export const troubleOr = (trouble: Trouble | null, otherwise: string): string =>
  trouble === null ? otherwise : troubleText(trouble);
