// Report words: the words, numbers and times of the printed report, and the one way in which text becomes HTML.
// In: values. Out: text that is safe in HTML. The only place of the report that rounds.
// Pure.

import type { Loss } from '../core/losses.ts';
import type { Category } from '../core/tally.ts';

export const CATEGORY_WORDS: Readonly<Record<Category, string>> = {
  notScheduled: 'Not scheduled',
  plannedStop: 'Planned stop',
  producing: 'Producing',
  microStop: 'Micro-stops',
  setup: 'Set-up',
  breakdown: 'Breakdown',
  starved: 'Starved',
  blocked: 'Blocked',
  idle: 'Idle',
  unknown: 'No signal',
};

export const LOSS_WORDS: Readonly<Record<Loss['name'], string>> = {
  ...CATEGORY_WORDS,
  reducedSpeed: 'Slow running',
  rejects: 'Rejects and rework',
};

export const LEVEL_WORDS = {
  all: 'All time',
  planned: 'Planned, seen',
  run: 'Run time',
  ideal: 'Ideal time',
  good: 'Good pieces',
};

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const PERCENT = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const percent = (ratio: number | null): string => (ratio === null ? '–' : PERCENT.format(ratio));
export const whole = (count: number): string => WHOLE.format(count);
export const minutes = (ms: number): string => TENTHS.format(ms / 60_000);

export function lengthOf(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h} h ${m} min`;
  return m > 0 ? `${m} min ${s} s` : `${s} s`;
}

/** The plant's own clock and calendar. */
export function clockOf(zone: string): {
  readonly time: (at: number) => string;
  readonly date: (at: number) => string;
} {
  const time = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit' });
  const date = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    ...({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' } as const),
  });
  return { time: at => time.format(at), date: at => date.format(at) };
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
