// Lowest machine: which machine of a site has the lowest OEE just now: where a supervisor goes first.
// In: machines with their results. Out: the one, or none.
// Pure.

import type { WireResult } from '../core/result-to-wire.ts';

/** @returns null with fewer than two machines that have an OEE: the only one is not the lowest of anything */
export function lowestOf(results: readonly (WireResult | null)[]): string | null {
  const known = results.flatMap(result =>
    result === null || result.oee === null ? [] : [{ unit: result.unit, oee: result.oee }],
  );
  if (known.length < 2) return null;
  return known.reduce((lowest, each) => (each.oee < lowest.oee ? each : lowest)).unit;
}
