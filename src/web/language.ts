// Language: which languages the page speaks, which one it begins with, and the shape that every language file has to have.
// In: what was chosen, what the browser prefers. Out: a language.
// Pure.

/** The first is spoken where nobody wants any of them. */
export const LANGUAGES = ['en', 'nb'] as const;
export type Language = (typeof LANGUAGES)[number];

/** Each language by its own name, so that whoever cannot read the page finds it. */
export const LANGUAGE_NAME: Readonly<Record<Language, string>> = { en: 'English', nb: 'Norsk' };

/** The shape of another language's file: the same keys, the same values asked for; only the words differ. */
export type Words<T> = T extends string
  ? string
  : T extends (...values: infer V) => string
    ? (...values: V) => string
    : { readonly [K in keyof T]: Words<T[K]> };

/**
 * @param wishes language tags, the most wanted first: what the address says, what was chosen here before, what the browser is set to
 * @returns `no` and `nn`, too, are read by who reads bokmål
 */
export function languageFor(wishes: readonly (string | null)[]): Language {
  for (const wish of wishes) {
    const spoken = wish?.toLowerCase().split('-')[0] ?? '';
    const known = LANGUAGES.find(each => each === (['no', 'nn'].includes(spoken) ? 'nb' : spoken));
    if (known !== undefined) return known;
  }
  return LANGUAGES[0];
}

/** The one after it: with two languages, the other one. */
export function languageAfter(language: Language): Language {
  return LANGUAGES[(LANGUAGES.indexOf(language) + 1) % LANGUAGES.length] ?? language;
}
