// Lowest machine: which machine of a site has the lowest OEE just now: where a supervisor goes first.
// In: machines with their results. Out: the one, or none.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';
import { hasEnded } from './window-age.ts';

/**
 * Where some work, those whose window is over are not asked: nobody goes there.
 * @returns null with fewer than two machines that have an OEE: the only one is not the lowest of anything
 */
export function lowestOf(results: readonly (WireResult | null)[]): string | null {
  const told = results.filter(result => result !== null);
  const running = told.filter(result => !hasEnded(result));
  const known = (running.length > 0 ? running : told).flatMap(({ unit, oee }) => (oee === null ? [] : [{ unit, oee }]));
  if (known.length < 2) return null;
  return known.reduce((lowest, each) => (each.oee < lowest.oee ? each : lowest)).unit;
}
