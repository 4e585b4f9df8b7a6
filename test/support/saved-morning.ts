// Saved morning: a small plant's morning as events, so that a state saved by an older program can be gone on with.
// In: a rig. Out: the same rig after the first or the second half of the morning.
// Pure.

import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import type { PipelineRig } from './pipeline-rig.ts';

/** a Monday, 06:00 UTC: the shift of the small plant begins */
export const MORNING = Date.UTC(2026, 10, 16, 6);
const person = { by: 'op', why: 'seen' };

/** Two machines of a serial line and one beside it: states, counts, readings, an order, a correction. */
export function firstHalf(rig: PipelineRig): PipelineRig {
  const at = (minutes: number): number => MORNING + minutes * MINUTE_MS;
  rig.events(
    [
      { id: 'a1', machine: 'm1', at: at(0), type: 'state', state: 'producing' },
      { id: 'a2', machine: 'm1', at: at(1), type: 'order', phase: 'start', order: 'PO-1', product: 'q' },
      { id: 'a3', machine: 'm1', at: at(4), type: 'count', good: 60, reject: 3 },
      { id: 'b1', machine: 'm2', at: at(0), type: 'counter', total: 1000 },
      { id: 'b2', machine: 'm2', at: at(4), type: 'counter', total: 1210, reject: 4 },
      { id: 'c1', machine: 'p1', at: at(0), type: 'state', state: 'stop', reason: 'C1' },
    ],
    at(4),
  );
  rig.tick(at(5));
  rig.events(
    [
      { id: 'a4', machine: 'm1', at: at(6), type: 'state', state: 'breakdown' },
      { id: 'a5', machine: 'm1', at: at(9), type: 'state', state: 'producing' },
      {
        id: 'op-1',
        machine: 'm1',
        at: at(10),
        type: 'reclassify',
        from: at(6),
        to: at(8),
        category: 'setup',
        ...person,
      },
      { id: 'c2', machine: 'p1', at: at(10), type: 'state', state: 'producing' },
    ],
    at(10),
  );
  return rig.tick(at(11));
}

/** A late fact, a revocation, a counter that goes on, the order's end, and the time after which the hour is final. */
export function secondHalf(rig: PipelineRig): PipelineRig {
  const at = (minutes: number): number => MORNING + minutes * MINUTE_MS;
  rig.events(
    [
      { id: 'a3b', machine: 'm1', at: at(5), type: 'count', good: 10, reject: 0 },
      { id: 'op-2', at: at(12), type: 'revoke', revokes: 'op-1', ...person },
      { id: 'b3', machine: 'm2', at: at(13), type: 'counter', total: 1500, reject: 9 },
      { id: 'a6', machine: 'm1', at: at(14), type: 'order', phase: 'end', order: 'PO-1' },
      { id: 'a4', machine: 'm1', at: at(6), type: 'state', state: 'breakdown' },
    ],
    at(14),
  );
  rig.tick(at(15));
  return rig.tick(MORNING + HOUR_MS + 2 * MINUTE_MS);
}
