// Texts of refusals, English: what the page says when something was not done.
// In: values where a sentence needs them. Out: text.
// Pure.

/** By code of the engine; its own words are English, so that none has to be said otherwise. */
export const REJECTION_TEXT: Readonly<Record<string, string>> = {};

export const TROUBLE_TEXT = {
  away: 'The server does not answer.',
  wordless: (status: string) => `The server answered ${status}, and nothing else.`,
} as const;
