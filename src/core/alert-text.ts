// Alert text: what an alert says to a person, in one sentence, in the words of whichever language is wanted.
// In: what the rule looks for, the members, words. Out: text.
// Pure.

import type { AlertMember } from './alert.ts';
import { type FigureCondition, isFigure } from './alert-figure.ts';
import type { AlertRule } from './alert-rule.ts';
import { ALERT_WORDS, type AlertWords } from './alert-words.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

/** So many units are named; of the others only how many. */
const NAMED_MAX = 5;

/** What of a rule its sentence says; `text` is the plant file's own. */
export type SpokenRule = Pick<AlertRule, 'text' | 'condition' | 'forMs'>;

/** @param words left out: the engine's own, English; only those of another language make another sentence of the same parts */
export function alertText(
  rule: SpokenRule,
  members: readonly Pick<AlertMember, 'unit' | 'value'>[],
  { occurrences, flapping }: { readonly occurrences: number; readonly flapping: boolean },
  words: AlertWords = ALERT_WORDS,
): string {
  const names = members.slice(0, NAMED_MAX).map(({ unit }) => words.member(unit));
  const more = members.length - names.length;
  const who = more > 0 ? words.andMore(names.join(', '), `${more}`) : names.join(', ');
  const value = members.length === 1 ? (members[0]?.value ?? null) : null;
  const again = flapping ? `; ${words.again(`${occurrences}`)}` : '';
  return `${rule.text}: ${who}, ${whatHolds(rule, value, words)}${again}`;
}

function whatHolds({ condition, forMs }: SpokenRule, value: number | null, words: AlertWords): string {
  if (isFigure(condition)) return figureText(condition, value, words);
  switch (condition.kind) {
    case 'stopLonger':
      return words.stopped(spokenDuration(condition.longerMs + forMs, words));
    case 'silentLonger':
      return words.silent(spokenDuration(condition.longerMs + forMs, words));
    case 'quarantined':
      return words.quarantined(value === null ? words.somePieces : `${value}`);
    case 'engineLag':
      return words.behind(spokenDuration(value ?? condition.longerMs, words));
    case 'neighbourAway':
      return words.away(spokenDuration(value ?? condition.longerMs, words));
    case 'deadLetters':
      return words.letters(value === null ? words.moreThan(`${condition.more}`) : `${value}`);
  }
}

function figureText(condition: FigureCondition, value: number | null, words: AlertWords): string {
  const { window, limit, kind } = condition;
  const isRate = kind === 'microStopsAbove' || kind === 'piecesBelow';
  const show = (figure: number): string =>
    isRate
      ? words.perHour(`${Math.round(figure * 10) / 10}`.replace('.', words.decimal))
      : words.percent((Math.round(figure * 1000) / 10).toFixed(1).replace('.', words.decimal));
  const name = words[kind === 'ratioBelow' ? condition.ratio : NAMES[kind]];
  const figure = words.figureOver(name, windowText(window, words));
  // a figure that was beyond its limit long enough may be back within it, not far enough to clear, when the alert is raised
  if (value !== null) return `${figure} ${show(value)}, ${words.limit(show(limit))}`;
  return `${figure} ${kind === 'ratioBelow' || kind === 'piecesBelow' ? words.under(show(limit)) : words.over(show(limit))}`;
}

function windowText(window: FigureCondition['window'], words: AlertWords): string {
  if (window === 'hour') return words.hourSoFar;
  if (window === 'shift') return words.shiftSoFar;
  return window === 'day' ? words.daySoFar : words.lastMinutes(window.slice(4, -1));
}

const NAMES = {
  performanceAbove: 'performance',
  scrapRateAbove: 'scrapRate',
  microStopsAbove: 'microStops',
  piecesBelow: 'goodPieces',
} as const satisfies Record<Exclude<FigureCondition['kind'], 'ratioBelow'>, keyof AlertWords>;

/** Whole units, the greatest first, at most two of them. */
function spokenDuration(ms: number, words: AlertWords): string {
  const parts = [
    [Math.floor(ms / HOUR_MS), words.hour],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), words.minute],
    [Math.floor((ms % MINUTE_MS) / SECOND_MS), words.second],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? `${ms} ${words.millisecond}` : shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
