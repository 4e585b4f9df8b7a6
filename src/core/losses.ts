// Losses: where the time went, from calendar time to good time, each step named.
// In: a tally. Out: a waterfall in milliseconds and in pieces at the ideal cycle.
// Pure. The six big losses (Nakajima, Introduction to TPM, 1988) plus what the calendar and the neighbours took.

import { calendarMs, plannedMs, runMs, type Tally } from './tally.ts';

export interface Loss {
  readonly name:
    | 'notScheduled'
    | 'plannedStop'
    | 'unknown'
    | 'breakdown'
    | 'setup'
    | 'idle'
    | 'starved'
    | 'blocked'
    | 'microStop'
    | 'reducedSpeed'
    | 'rejects';
  readonly factor: 'schedule' | 'unknown' | 'availability' | 'performance' | 'quality';
  readonly ms: number;
  /** good pieces that this time would have made at the mean ideal cycle of the window; null without any cycle */
  readonly pieces: number | null;
}

export interface Waterfall {
  readonly calendarMs: number;
  readonly plannedMs: number;
  readonly runMs: number;
  readonly idealMs: number;
  readonly idealGoodMs: number;
  readonly losses: readonly Loss[];
}

/** The losses add up: calendar = idealGood + all losses, to the microsecond. Reduced speed is negative when performance is above 1. */
export function waterfallOf(t: Readonly<Tally>): Waterfall {
  const cycleMs = t.total > 0 && t.idealUs > 0 ? t.idealUs / 1000 / t.total : null;
  const loss = (name: Loss['name'], factor: Loss['factor'], ms: number): Loss => ({
    name,
    factor,
    ms,
    pieces: cycleMs === null ? null : ms / cycleMs,
  });
  return {
    calendarMs: calendarMs(t),
    plannedMs: plannedMs(t),
    runMs: runMs(t),
    idealMs: t.idealUs / 1000,
    idealGoodMs: t.idealGoodUs / 1000,
    losses: [
      loss('notScheduled', 'schedule', t.notScheduled),
      loss('plannedStop', 'schedule', t.plannedStop),
      loss('unknown', 'unknown', t.unknown),
      loss('breakdown', 'availability', t.breakdown),
      loss('setup', 'availability', t.setup),
      loss('idle', 'availability', t.idle),
      loss('starved', 'availability', t.starved),
      loss('blocked', 'availability', t.blocked),
      loss('microStop', 'performance', t.microStop),
      loss('reducedSpeed', 'performance', t.producing - t.idealUs / 1000),
      loss('rejects', 'quality', (t.idealUs - t.idealGoodUs) / 1000),
    ],
  };
}
