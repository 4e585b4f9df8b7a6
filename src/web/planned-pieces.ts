// Planned pieces: how many good pieces a window should have by now: its planned time at the ideal speed of its mix, times the target.
// In: a result, the unit's target. Out: a number of pieces, or null where nobody can say.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';

/** @returns null without a target, without pieces, or where a piece has no ideal cycle: a plan is not guessed */
export function plannedPieces({ tally }: WireResult, target: number | null): number | null {
  if (target === null || tally.uncycled !== 0 || tally.idealMs <= 0 || tally.total <= 0) return null;
  const meanCycleMs = tally.idealMs / tally.total;
  return (tally.plannedMs * target) / meanCycleMs;
}
