// Report words: the printed report in one language: its words, numbers and times; and the one way in which text becomes HTML.
// In: a language, values. Out: text that is safe in HTML. The only place of the report that rounds.
// Pure.

import { ENGLISH, type ReportWords } from './report-words-en.ts';
import { NORWEGIAN } from './report-words-nb.ts';

const LANGUAGES: Readonly<Record<string, ReportWords>> = { en: ENGLISH, nb: NORWEGIAN, no: NORWEGIAN, nn: NORWEGIAN };

/** How a report speaks: what it calls things, and how it writes numbers and times. */
export interface Speech {
  /** for the `lang` attribute */
  readonly language: string;
  readonly words: ReportWords;
  readonly percent: (ratio: number | null) => string;
  readonly whole: (count: number) => string;
  readonly minutes: (ms: number) => string;
  readonly lengthOf: (ms: number) => string;
  /** the plant's own clock and calendar */
  readonly clockOf: (zone: string) => Clock;
}

export interface Clock {
  readonly time: (at: number) => string;
  readonly date: (at: number) => string;
}

/**
 * @param asked the language that was asked for by name; one that is not spoken counts for nothing
 * @param accepted an Accept-Language header: the first language of it that is spoken, in the order of the header
 */
export function speechFor(asked: string | undefined, accepted = ''): Speech {
  const wishes = [asked ?? '', ...accepted.split(',')].map(wish => wish.trim().slice(0, 2).toLowerCase());
  return speechOf(wishes.map(wish => LANGUAGES[wish]).find(words => words !== undefined) ?? ENGLISH);
}

function speechOf(words: ReportWords): Speech {
  const number = (digits: number, style: 'decimal' | 'percent' = 'decimal'): Intl.NumberFormat =>
    new Intl.NumberFormat(words.numbers, { style, minimumFractionDigits: digits, maximumFractionDigits: digits });
  const [whole, tenths, share] = [number(0), number(1), number(1, 'percent')];
  const { hour, minute, second } = words.units;
  return {
    language: words.numbers,
    words,
    percent: ratio => (ratio === null ? '–' : share.format(ratio)),
    whole: count => whole.format(count),
    minutes: ms => tenths.format(ms / 60_000),
    lengthOf: ms => {
      const seconds = Math.round(ms / 1000);
      const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
      if (h > 0) return `${h} ${hour} ${m} ${minute}`;
      return m > 0 ? `${m} ${minute} ${s} ${second}` : `${s} ${second}`;
    },
    clockOf: zone => {
      const format = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
        new Intl.DateTimeFormat(words.dates, { timeZone: zone, ...options });
      const time = format({ hour: '2-digit', minute: '2-digit' });
      const date = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
      return { time: at => time.format(at), date: at => date.format(at) };
    },
  };
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML that was made here, to be told from text that was not. */
export class Html {
  constructor(readonly text: string) {}
}

type Part = string | number | null | Html | readonly Html[];

/** A template whose values are escaped, all but those that are HTML already. */
export function html(strings: TemplateStringsArray, ...values: readonly Part[]): Html {
  return new Html(strings.map((piece, at) => piece + textOf(values[at] ?? null)).join(''));
}

function textOf(value: Part): string {
  if (value === null) return '';
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(each => each.text).join('');
  return String(value).replace(/[&<>"']/g, sign => ENTITIES[sign] ?? sign);
}
