// Alert condition: what a rule looks at, from the phrase in the plant file to limits that can be compared.
// In: `when` of a rule. Out: a condition with its limit and where it clears, or reported faults.
// Pure.

import type { AlertCondition, JudgedWindow } from '../core/alert-rule.ts';
import { HOUR_MS, SECOND_MS } from '../core/time.ts';
import { parseDurationMs, parseRate, parseRatio, shownPercent } from './measure.ts';
import type { Path, Report } from './plant-fault.ts';
import type { WhenEntry } from './plant-file.ts';

/** A day; a longer window would be older than what a person can still do something about. */
const LAST_MINUTES_MAX = 1_440;
/** More than three times the ideal speed is no wrong cycle but a slip of the pen. */
const PERFORMANCE_MAX = 3;
/** How far behind the limit an alert ends when its rule does not say: two points of a ratio, a tenth of a rate. */
const RATIO_SLACK = 0.02;
const RATE_SLACK = 0.1;

const FIGURES = ['oee', 'availability', 'performance', 'quality', 'scrap', 'microStops', 'pieces'] as const;
const OTHERS = ['stop', 'silence', 'counter', 'lag', 'neighbour', 'deadLetters'] as const;
type FigureName = (typeof FIGURES)[number];
const CONDITIONS: readonly string[] = [...FIGURES, ...OTHERS];

/** Reads a condition; faults of the rule's words have been reported by the schema, and their keys are without a value. */
export function conditionOf(when: WhenEntry, path: Path, report: Report): AlertCondition | null {
  const named = Object.keys(when).filter(key => CONDITIONS.includes(key));
  const [name] = named;
  if (name === undefined || named.length > 1) {
    const message = name === undefined ? 'the rule has no condition' : `${named.join(' and ')} stand side by side`;
    const remedy = `Give one of ${CONDITIONS.join(', ')}; another condition is a rule of its own.`;
    report('CONDITION', path, message, remedy, 'key');
    return null;
  }
  const figure = FIGURES.find(each => each === name);
  return figure === undefined ? plainCondition(when, path, report) : figureCondition(figure, when, path, report);
}

const longerMs = (text: string): number => parseDurationMs(text.replace(/^(away )?longer than /, '')) ?? 0;

function plainCondition(when: WhenEntry, path: Path, report: Report): AlertCondition | null {
  for (const key of ['in', 'clear'] as const) {
    if (!(key in when)) continue;
    const remedy = `Take it out: ${key} belongs to figures (${FIGURES.join(', ')}).`;
    report('CONDITION', [...path, key], `${key} says nothing about this condition`, remedy, 'key');
  }
  const { stop, silence, counter, lag, neighbour, deadLetters } = when;
  if (stop !== undefined) return { kind: 'stopLonger', longerMs: longerMs(stop) };
  if (silence !== undefined) return { kind: 'silentLonger', longerMs: longerMs(silence) };
  if (counter !== undefined) return { kind: 'quarantined' };
  if (lag !== undefined) return { kind: 'engineLag', longerMs: longerMs(lag) };
  if (neighbour !== undefined) return { kind: 'neighbourAway', longerMs: longerMs(neighbour) };
  return deadLetters === undefined ? null : { kind: 'deadLetters', more: Number(deadLetters.replace(/\D/g, '')) };
}

function figureCondition(name: FigureName, when: WhenEntry, path: Path, report: Report): AlertCondition | null {
  const window = windowOf(when, path, report);
  const phrase = when[name];
  if (phrase === undefined) return null;
  const isAbove = phrase.startsWith('above');
  const isRate = name === 'microStops' || name === 'pieces';
  const isCycle = name === 'performance' && isAbove;
  const limit = isRate
    ? rateOf(phrase.replace(/^\w+ /, ''), [...path, name], report)
    : ratioOf(phrase.replace(/^\w+ /, ''), isCycle, [...path, name], report);
  const clear = limit === null ? null : clearOf(when.clear, { limit, isAbove, isRate, isCycle }, path, report);
  if (window === null || limit === null || clear === null) return null;
  const figure = { window, limit, clear };
  if (isCycle) return { kind: 'performanceAbove', ...figure };
  if (name === 'scrap') return { kind: 'scrapRateAbove', ...figure };
  if (name === 'microStops') return { kind: 'microStopsAbove', ...figure };
  if (name === 'pieces') return { kind: 'piecesBelow', ...figure };
  return { kind: 'ratioBelow', ratio: name, ...figure };
}

function windowOf(when: WhenEntry, path: Path, report: Report): JudgedWindow | null {
  if (!('in' in when)) {
    const remedy = 'Give in: hour, shift, day, or the last minutes such as last60m.';
    report('MISSING', [...path, 'in'], 'the figure has no window', remedy, 'key');
    return null;
  }
  const minutes = Number(/\d+/.exec(when.in ?? '')?.[0] ?? 0);
  if (minutes <= LAST_MINUTES_MAX) return (when.in as JudgedWindow | undefined) ?? null;
  report(
    'VALUE',
    [...path, 'in'],
    `the last ${minutes} minutes are more than a day`,
    'Give last1440m or less, or day.',
  );
  return null;
}

function ratioOf(text: string, isCycle: boolean, path: Path, report: Report): number | null {
  const ratio = parseRatio(text);
  const said = text.trim();
  if (isCycle && ratio >= 1 && ratio <= PERFORMANCE_MAX) return ratio;
  if (!isCycle && ratio >= 0 && ratio <= 1) return ratio;
  if (isCycle) {
    const message = `${said} is no performance that proves an ideal cycle wrong`;
    report('CONDITION', path, message, 'Give 100% to 300%, or 1 to 3, such as above 105%.');
  } else if (said.endsWith('%')) report('CONDITION', path, `${said} is over 100 %`, 'Give a ratio from 0% to 100%.');
  else report('CONDITION', path, `the ratio ${said} is over 1`, `Write ${said}% if per cent are meant, or 0 to 1.`);
  return null;
}

/** Per hour. */
function rateOf(text: string, path: Path, report: Report): number | null {
  const perHour = ((parseRate(text) ?? 0) * HOUR_MS) / SECOND_MS;
  if (perHour > 0) return perHour;
  report('CONDITION', path, 'a rate of 0 is no limit', 'Give a rate above 0, such as 20/h.');
  return null;
}

interface Limit {
  readonly limit: number;
  readonly isAbove: boolean;
  readonly isRate: boolean;
  readonly isCycle: boolean;
}

/** Where the alert ends: on the good side of its limit, never beyond what the figure can reach. */
function clearOf(given: string | number | undefined, of: Limit, path: Path, report: Report): number | null {
  const at = [...path, 'clear'];
  if (given === undefined) return slackOf(of);
  const text = String(given);
  if (of.isRate !== text.includes('/')) {
    const remedy = `Write it as the limit is written: ${of.isRate ? 'a rate such as 12/h' : 'a ratio such as 65%'}.`;
    report('CONDITION', at, `clear is ${text}, which is no ${of.isRate ? 'rate' : 'ratio'}`, remedy);
    return null;
  }
  const clear = of.isRate ? rateOf(text, at, report) : ratioOf(text, of.isCycle && parseRatio(text) > 1, at, report);
  if (clear === null || (of.isAbove ? clear <= of.limit : clear >= of.limit)) return clear;
  const show = (value: number): string => (of.isRate ? `${value}/h` : shownPercent(value));
  report(
    'CONDITION',
    at,
    `clear is on the wrong side: ${show(clear)} is ${of.isAbove ? 'above' : 'below'} the limit of ${show(of.limit)}`,
    `Give a value at or ${of.isAbove ? 'below' : 'above'} the limit, such as ${show(slackOf(of))}.`,
  );
  return null;
}

function slackOf({ limit, isAbove, isRate }: Limit): number {
  const slack = (isRate ? limit * RATE_SLACK : RATIO_SLACK) * (isAbove ? -1 : 1);
  const clear = Math.max(0, Math.round((limit + slack) * 1e6) / 1e6);
  return isRate || isAbove ? clear : Math.min(1, clear);
}
