// Let past go: what no question, window or correction can need any more is forgotten, after everything of the entry was said.
// In: work that was told. Out: the work with the texts to drop; machines without what lies beyond their horizon.
// Pure; changes the machines in place.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { forgetSaid } from '../core/confirmation-book.ts';
import { forgetPast } from '../core/forget-past.ts';
import { letGo } from '../core/machine-results.ts';
import type { Work } from './work.ts';

/** Finished windows are let go this often, by the machine's own watermark: looking through them costs as much as a hundred events. */
const LET_GO_EVERY_MS = 600_000;

export const letPastGo = (): MonoTypeOperatorFunction<Work> => map(withoutPast);

export function withoutPast(work: Work): Work {
  for (const [machine, watermarkBefore] of work.watermarkBefore) {
    if (Math.floor(machine.finalUpTo / LET_GO_EVERY_MS) === Math.floor(watermarkBefore / LET_GO_EVERY_MS)) continue;
    letGo(machine);
    work.drop.push(...forgetPast(machine));
    forgetSaid(machine.book, machine.keptFrom);
  }
  return work;
}
