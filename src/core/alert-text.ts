// Alert text: what an alert says to a person, in one sentence.
// In: the rule and its members. Out: text.
// Pure.

import type { AlertMember } from './alert.ts';
import { type FigureCondition, isFigure } from './alert-figure.ts';
import type { AlertRule } from './alert-rule.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from './time.ts';

/** So many units are named; of the others only how many. */
const NAMED_MAX = 5;

export function alertText(
  rule: AlertRule,
  members: readonly AlertMember[],
  { occurrences, flapping }: { readonly occurrences: number; readonly flapping: boolean },
): string {
  const names = members.slice(0, NAMED_MAX).map(({ unit }) => unit);
  const more = members.length - names.length;
  const who = `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
  const value = members.length === 1 ? (members[0]?.value ?? null) : null;
  const again = flapping ? `; it comes and goes, ${occurrences} times so far` : '';
  return `${rule.text}: ${who}, ${whatHolds(rule, value)}${again}`;
}

function whatHolds({ condition, forMs }: AlertRule, value: number | null): string {
  if (isFigure(condition)) return figureText(condition, value);
  switch (condition.kind) {
    case 'stopLonger':
      return `stopped for ${shownDuration(condition.longerMs + forMs)} or longer`;
    case 'silentLonger':
      return `silent for ${shownDuration(condition.longerMs + forMs)} or longer`;
    case 'quarantined':
      return `a counter jumped: ${value ?? 'some'} pieces are set aside until somebody releases them`;
    case 'engineLag':
      return `behind by ${shownDuration(value ?? condition.longerMs)}`;
    case 'neighbourAway':
      return `away for ${shownDuration(value ?? condition.longerMs)}`;
    case 'deadLetters':
      return `${value ?? `more than ${condition.more}`} wait for somebody to look at them`;
  }
}

function figureText(condition: FigureCondition, value: number | null): string {
  const { window, limit, kind } = condition;
  const isRate = kind === 'microStopsAbove' || kind === 'piecesBelow';
  const show = (figure: number): string =>
    isRate ? `${Math.round(figure)}/h` : `${(Math.round(figure * 1000) / 10).toFixed(1)} %`;
  const side = kind === 'ratioBelow' || kind === 'piecesBelow' ? 'under' : 'over';
  const over = window.startsWith('last') ? `the last ${window.slice(4, -1)} minutes` : `the ${window} so far`;
  const name = kind === 'ratioBelow' ? (condition.ratio === 'oee' ? 'OEE' : condition.ratio) : NAMES[kind];
  return `${name} of ${over} ${value === null ? '' : `${show(value)}, `}${side} ${show(limit)}`;
}

const NAMES: Readonly<Record<Exclude<FigureCondition['kind'], 'ratioBelow'>, string>> = {
  performanceAbove: 'performance',
  scrapRateAbove: 'scrap',
  microStopsAbove: 'micro-stops',
  piecesBelow: 'good pieces',
};

/** Whole units, the greatest first, at most two of them. */
export function shownDuration(ms: number): string {
  const parts = [
    [Math.floor(ms / HOUR_MS), 'h'],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), 'min'],
    [Math.floor((ms % MINUTE_MS) / SECOND_MS), 's'],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).slice(0, 2);
  return shown.length === 0 ? `${ms} ms` : shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}
