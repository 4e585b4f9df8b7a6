// Loss steps: the way from all time down to good pieces, step by step: each loss once, the steps sum up.
// In: a tally as it comes over the wire. Out: steps with where they start and end, in milliseconds.
// Pure.

import type { WireTally } from '../core/result-to-wire.ts';
import type { Category } from '../core/tally.ts';
import { CATEGORY_TEXT, LOSS_TEXT } from './spoken-texts.ts';

export interface LossStep {
  readonly name: string;
  /** what is left after this step, and before it */
  readonly from: number;
  readonly to: number;
  /** pieces that this time makes at the mean ideal cycle of the window; null where nobody can say */
  readonly pieces: number | null;
  readonly kind: 'level' | 'loss' | 'gain';
  readonly look: Category | 'speed' | 'rejects' | 'level';
}

const OUTSIDE: readonly Category[] = ['notScheduled', 'plannedStop', 'unknown'];
const STOPS: readonly Category[] = ['breakdown', 'setup', 'starved', 'blocked', 'idle'];

/** @returns without ideal cycles for all pieces the steps end at the run time: nothing is invented below it */
export function lossStepsOf(tally: WireTally): LossStep[] {
  const steps: LossStep[] = [];
  let left = tally.calendarMs;
  const hasCycle = tally.uncycled === 0 && tally.total > 0 && tally.idealMs > 0;
  const pieces = (ms: number): number | null => (hasCycle ? (ms * tally.total) / tally.idealMs : null);
  const level = (name: string): void => {
    steps.push({ name, from: 0, to: left, pieces: pieces(left), kind: 'level', look: 'level' });
  };
  const lose = (name: string, ms: number, look: LossStep['look']): void => {
    if (ms === 0) return;
    steps.push({ name, from: left - ms, to: left, pieces: pieces(ms), kind: ms > 0 ? 'loss' : 'gain', look });
    left -= ms;
  };
  level(LOSS_TEXT.calendar);
  for (const category of OUTSIDE) lose(CATEGORY_TEXT[category], tally.categoriesMs[category], category);
  level(LOSS_TEXT.planned);
  for (const category of STOPS) lose(CATEGORY_TEXT[category], tally.categoriesMs[category], category);
  level(LOSS_TEXT.run);
  if (tally.uncycled !== 0) return steps;
  lose(CATEGORY_TEXT.microStop, tally.categoriesMs.microStop, 'microStop');
  lose(LOSS_TEXT.speed, tally.runMs - tally.categoriesMs.microStop - tally.idealMs, 'speed');
  level(LOSS_TEXT.ideal);
  lose(LOSS_TEXT.rejects, tally.idealMs - tally.idealGoodMs, 'rejects');
  level(LOSS_TEXT.good);
  return steps;
}
