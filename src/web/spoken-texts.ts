// Spoken texts: every word of the page in the language that was chosen; the files of the others are never loaded.
// In: a language. Out: its texts, as bindings that change with it.
// Touches the network once per language; whoever rendered before renders again.

import type { Language, Words } from './language.ts';

type Dictionary = Words<typeof import('./texts-en.ts')>;

// written out, so that the build sees them
const FILES: Readonly<Record<Language, () => Promise<Dictionary>>> = {
  en: () => import('./texts-en.ts'),
  nb: () => import('./texts-nb.ts'),
};

export let LOCALE: Dictionary['LOCALE'];
export let UNIT_TEXT: Dictionary['UNIT_TEXT'];
export let CATEGORY_TEXT: Dictionary['CATEGORY_TEXT'];
export let NO_BASE_TEXT: Dictionary['NO_BASE_TEXT'];
export let SOURCE_TEXT: Dictionary['SOURCE_TEXT'];
export let RATIO_TEXT: Dictionary['RATIO_TEXT'];
export let BASIS_TEXT: Dictionary['BASIS_TEXT'];
export let LOSS_TEXT: Dictionary['LOSS_TEXT'];
export let TEXT: Dictionary['TEXT'];
export let windowText: Dictionary['windowText'];
export let windowLongText: Dictionary['windowLongText'];
export let SEVERITY_TEXT: Dictionary['SEVERITY_TEXT'];
export let ALERT_TEXT: Dictionary['ALERT_TEXT'];
export let TAB_TEXT: Dictionary['TAB_TEXT'];
export let STAGE_TEXT: Dictionary['STAGE_TEXT'];
export let WORK_TEXT: Dictionary['WORK_TEXT'];
export let ROLE_TEXT: Dictionary['ROLE_TEXT'];
export let REFUSED_TEXT: Dictionary['REFUSED_TEXT'];
export let ACCESS_TEXT: Dictionary['ACCESS_TEXT'];
export let ALERT_WORDS: Dictionary['ALERT_WORDS'];
export let PHRASE_TEXT: Dictionary['PHRASE_TEXT'];
export let REJECTION_TEXT: Dictionary['REJECTION_TEXT'];
export let TROUBLE_TEXT: Dictionary['TROUBLE_TEXT'];

/** Takes a language up. @throws when its file cannot be loaded: the one before stands */
export async function speak(language: Language): Promise<void> {
  const words = await FILES[language]();
  ({ LOCALE, UNIT_TEXT, CATEGORY_TEXT, NO_BASE_TEXT, SOURCE_TEXT, RATIO_TEXT, BASIS_TEXT, LOSS_TEXT, TEXT } = words);
  ({ windowText, windowLongText, SEVERITY_TEXT, ALERT_TEXT, TAB_TEXT, STAGE_TEXT, WORK_TEXT } = words);
  ({ ROLE_TEXT, REFUSED_TEXT, ACCESS_TEXT, ALERT_WORDS, PHRASE_TEXT, REJECTION_TEXT, TROUBLE_TEXT } = words);
}
