// Language switch: a button that turns the page into its other language, named in that language.
// In: the store. Out: the page speaks otherwise, and does so again after a reload.
// Touches the remembered language, and what loads the words, through functions handed in.

import { LANGUAGE_NAME, type Language, languageAfter } from './language.ts';
import { useStore } from './page-store.ts';
import { TEXT } from './spoken-texts.ts';

/** Loads the words and writes the page anew; rejects when they cannot be loaded, and then nothing has changed. */
export type SpeakAs = (language: Language) => Promise<void>;

interface LanguageSwitchProps {
  readonly keep: (key: 'language', value: string) => void;
  readonly speakAs: SpeakAs;
}

export function LanguageSwitch({ keep, speakAs }: LanguageSwitchProps) {
  const next = languageAfter(useStore().language.value);
  return (
    <button
      type="button"
      class="icon-button language"
      title={TEXT.otherLanguage(LANGUAGE_NAME[next])}
      onClick={() => {
        // without a connection the words cannot come: the link says so, and the button is still there
        speakAs(next).then(
          () => keep('language', next),
          () => undefined,
        );
      }}
    >
      <span class="language-short" aria-hidden="true">
        {next}
      </span>
      <span class="language-long" lang={next}>
        {LANGUAGE_NAME[next]}
      </span>
    </button>
  );
}
