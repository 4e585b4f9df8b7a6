// Trouble text: what the page says of something that was not done.
// In: a trouble. Out: a sentence in the language of the page.
// Pure.

import { AWAY, type Trouble, WORDLESS } from './server-refusal.ts';
import { REJECTION_TEXT, TROUBLE_TEXT } from './spoken-texts.ts';

/** In the reader's language where the page knows the code, else in the engine's words. */
export function troubleText({ code, said }: Trouble): string {
  if (code === AWAY) return TROUBLE_TEXT.away;
  return code === WORDLESS ? TROUBLE_TEXT.wordless(said) : (REJECTION_TEXT[code] ?? said);
}

export const troubleOr = (trouble: Trouble | null, otherwise: string): string =>
  trouble === null ? otherwise : troubleText(trouble);
