// Alert figure: what a rule compares with its limit, and on which side of limit and clear it lies.
// In: a tally of the judged window, a condition. Out: the figure, null where it has no base; its side.
// Pure. Ratios by core/oee.ts; rates per hour of known planned time.

import type { AlertCondition } from './alert-rule.ts';
import { ratioOf } from './oee.ts';
import { plannedMs, type Tally } from './tally.ts';
import { HOUR_MS } from './time.ts';

export type FigureCondition = Extract<AlertCondition, { readonly window: unknown }>;
export const isFigure = (condition: AlertCondition): condition is FigureCondition => 'window' in condition;

/**
 * on: beyond the limit. off: back behind clear. between: neither, so what held goes on holding. none: without a base there is
 * no figure, which neither raises nor clears.
 */
export type Side = 'on' | 'off' | 'between' | 'none';

/** Ratios 0.., rates per hour of known planned time; null without a base. */
export function figureOf(condition: FigureCondition, tally: Readonly<Tally>): number | null {
  switch (condition.kind) {
    case 'ratioBelow':
      return ratioOf(tally, condition.ratio);
    case 'performanceAbove':
      return ratioOf(tally, 'performance');
    case 'scrapRateAbove':
      return tally.total > 0 ? tally.reject / tally.total : null;
    case 'microStopsAbove':
      return perHour(tally.microStops, tally);
    case 'piecesBelow':
      return perHour(tally.good, tally);
  }
}

function perHour(count: number, tally: Readonly<Tally>): number | null {
  const planned = plannedMs(tally);
  return planned > 0 ? (count * HOUR_MS) / planned : null;
}

const isBelow = ({ kind }: FigureCondition): boolean => kind === 'ratioBelow' || kind === 'piecesBelow';

export function sideOf(condition: FigureCondition, figure: number | null): Side {
  if (figure === null) return 'none';
  const { limit, clear } = condition;
  if (isBelow(condition)) return figure < limit ? 'on' : figure >= clear ? 'off' : 'between';
  return figure > limit ? 'on' : figure <= clear ? 'off' : 'between';
}
