// Made-up outputs: results and states as the engine would publish them, for tests of the ways out.
// In: what matters to a test. Out: whole outputs.
// Pure.

import type { LiveState, WindowKind, WindowResult } from '../../src/core/result.ts';
import { emptyTally, type Tally } from '../../src/core/tally.ts';

export const T0 = Date.UTC(2026, 10, 22, 6);

export function madeUpResult(unit: string, kind: WindowKind, more: Partial<WindowResult> = {}): WindowResult {
  const start = more.start ?? T0;
  return {
    type: 'result',
    unit,
    level: 'machine',
    kind,
    name: null,
    start,
    end: start + 3_600_000,
    edge: start + 60_000,
    businessDay: '2026-11-22',
    final: false,
    revision: 0,
    tally: madeUpTally(),
    basis: 'own',
    beside: null,
    by: null,
    why: null,
    ...more,
  };
}

/** The published shift: 8 h with 60 min of breaks and 47 min down; 19,271 pieces at 1 s, 423 of them rejects. */
export function madeUpTally(more: Partial<Tally> = {}): Tally {
  return {
    ...emptyTally(),
    plannedStop: 3_600_000,
    producing: 22_380_000,
    breakdown: 2_820_000,
    total: 19_271,
    good: 18_848,
    reject: 423,
    idealUs: 19_271_000_000,
    idealGoodUs: 18_848_000_000,
    stops: 3,
    failures: 1,
    ...more,
  };
}

export function madeUpState(unit: string, more: Partial<LiveState> = {}): LiveState {
  return {
    type: 'state',
    unit,
    at: T0,
    since: T0,
    category: 'producing',
    state: 'EXECUTE',
    reason: null,
    stopId: null,
    undecided: false,
    order: null,
    product: null,
    lastSign: T0,
    ...more,
  };
}
