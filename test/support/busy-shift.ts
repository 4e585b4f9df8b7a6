// Busy shift: one made-up early shift on the small plant with everything in it that a report shows.
// In: a rig. Out: the same rig after the shift's watermark: stops with and without reasons, orders, silence, scrap.
// Pure.

import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import type { PipelineRig } from './pipeline-rig.ts';

/** a Monday, 06:00 UTC */
export const SHIFT_START = Date.UTC(2026, 10, 16, 6);
export const SHIFT_END = SHIFT_START + 8 * HOUR_MS;

/** Events of machine m1: stops, two of them unexplained, one explained; two orders; an hour of silence; scrap. */
export function busyEvents(machine: string, start = SHIFT_START): Record<string, unknown>[] {
  const at = (minutes: number): number => start + minutes * MINUTE_MS;
  const event = (id: string, minute: number, more: object) => ({
    id: `${machine}-${id}`,
    machine,
    at: at(minute),
    ...more,
  });
  const state = (id: string, minute: number, word: string, reason?: string) =>
    event(id, minute, { type: 'state', state: word, ...(reason === undefined ? {} : { reason }) });
  const beats = Array.from({ length: 95 }, (_, n) => event(`b${n}`, 3 + n * 5, { type: 'heartbeat' }));
  return [
    state('s0', 0, 'producing'),
    event('o1', 1, { type: 'order', phase: 'start', order: 'PO-4711', product: 'p', quantity: 9000 }),
    event('c1', 59, { type: 'count', good: 3100, reject: 40 }),
    state('s1', 60, 'stop', 'C1'),
    state('s2', 85, 'producing'),
    state('s3', 120, 'stop'),
    state('s4', 131, 'producing'),
    event('c2', 150, { type: 'count', good: 2900, reject: 12 }),
    state('s5', 160, 'starved'),
    state('s6', 175, 'producing'),
    event('o2', 200, { type: 'order', phase: 'start', order: 'PO-4712', product: 'q' }),
    state('s7', 210, 'breakdown'),
    state('s8', 238, 'producing'),
    event('c3', 239, { type: 'count', good: 700, reject: 9 }),
    state('s9', 300, 'stop'),
    state('s10', 301, 'producing'),
    event('c4', 470, { type: 'count', good: 1500, reject: 70, rework: 11 }),
    // an hour of which nobody heard anything
    ...beats.filter(beat => beat.at < at(330) || beat.at > at(390)),
  ];
}

/** The shift, told up to a minute after its watermark. */
export function busyShift(rig: PipelineRig): PipelineRig {
  rig.events(busyEvents('m1'), SHIFT_END);
  rig.events(busyEvents('m2'), SHIFT_END);
  return rig.tick(SHIFT_END + 20_000).tick(SHIFT_END + 2 * MINUTE_MS);
}
