// Confirmation stories: orders longer than shifts, nights of 9 and 7 hours, orders that vanish or move, shifts without any.
// In: small plants, told event by event. Out: what an ERP is told to book.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CalendarModel } from '../../src/core/plant-model.ts';
import { HOUR_MS, isoOf, MINUTE_MS } from '../../src/core/time.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { confirmationsOf, ledgerOf } from '../support/said-orders.ts';
import { DAY_SHIFT, smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const THREE_SHIFTS: CalendarModel = {
  ...DAY_SHIFT,
  zone: 'Europe/Oslo',
  dayStart: '06:00',
  revisions: [
    {
      from: '1970-01-01',
      weekly: Array.from({ length: 7 }, () =>
        [
          ['early', '06:00', '14:00'],
          ['late', '14:00', '22:00'],
          ['night', '22:00', '06:00'],
        ].map(([name = '', start = '', end = '']) => ({ name, start, end, breaks: [] })),
      ),
      holidays: [],
      exceptions: [],
    },
  ],
};

let made = 0;
const event = (at: number, more: object): object => {
  made += 1;
  return { id: `e${made}`, machine: 'm1', at, ...more };
};
const order = (at: number, phase: 'start' | 'end', name: string): object =>
  event(at, { type: 'order', phase, order: name });
/** A heartbeat every four minutes, so that nothing is silent. */
const alive = (from: number, to: number): object[] =>
  Array.from({ length: Math.ceil((to - from) / (4 * MINUTE_MS)) }, (_, n) =>
    event(from + n * 4 * MINUTE_MS, { type: 'heartbeat' }),
  );

for (const [name, dusk, hours] of [
  ['spring', Date.UTC(2027, 2, 27, 21), 7],
  ['autumn', Date.UTC(2026, 9, 24, 20), 9],
] as const) {
  test(`an order that runs for two days is confirmed once in each shift, the ${name} night with its ${hours} hours`, () => {
    const rig = new PipelineRig(smallPlant({ calendar: THREE_SHIFTS }), dusk);
    const from = dusk - 12 * HOUR_MS;
    const to = dusk + 24 * HOUR_MS;
    rig
      .events(
        [event(from, { type: 'state', state: 'producing' }), order(from, 'start', 'LONG'), ...alive(from, to)],
        to,
      )
      .tick(to + 20_000);
    const ledger = [...ledgerOf(confirmationsOf(rig)).values()];
    const night = ledger.find(said => said.shift.start === dusk);
    assert.equal(night?.shift.name, 'night');
    assert.equal(night?.tally.producing, hours * HOUR_MS);
    assert.equal(night?.shift.businessDay, isoOf(dusk).slice(0, 10), 'the business day on which the night began');
    assert.equal(new Set(ledger.map(said => said.id)).size, ledger.length);
    assert.ok(ledger.length >= 4 && ledger.every(said => said.order === 'LONG' && said.revision === 0));
  });
}

/** One early shift of machine m1, told up to its watermark. */
function shift(...events: object[]): PipelineRig {
  const rig = new PipelineRig(smallPlant(), SIX);
  const end = SIX + 8 * HOUR_MS;
  const all = [event(SIX, { type: 'state', state: 'producing' }), ...alive(SIX, end), ...events];
  return rig
    .events(all, end)
    .tick(end + 20_000)
    .tick(end + 2 * MINUTE_MS);
}
const LATER = SIX + 9 * HOUR_MS;

test('a shift without orders confirms nothing', () => {
  assert.deepEqual(confirmationsOf(shift()), []);
});

test('several runs of one order in a shift are one confirmation, the sum of its parts', () => {
  const at = (minutes: number): number => SIX + minutes * MINUTE_MS;
  const rig = shift(
    ...[order(at(0), 'start', 'A'), event(at(10), { type: 'count', good: 5 }), order(at(60), 'start', 'B')],
    ...[order(at(90), 'start', 'A'), event(at(100), { type: 'count', good: 7 }), order(at(120), 'end', 'A')],
  );
  const [a, b] = confirmationsOf(rig);
  assert.deepEqual(
    [a?.order, a?.tally.good, a?.tally.producing, a?.from, a?.to],
    ['A', 12, 90 * MINUTE_MS, at(0), at(120)],
  );
  assert.deepEqual([b?.order, b?.tally.producing], ['B', 30 * MINUTE_MS]);
});

test('an order whose start is revoked is restated to nothing, in the name of who revoked it', () => {
  const start = { ...order(SIX, 'start', 'WRONG'), id: 'wrong' };
  const rig = shift(start, event(SIX + HOUR_MS, { type: 'count', good: 9 }));
  rig.events(
    [{ id: 'r', machine: 'm1', at: LATER, type: 'revoke', revokes: 'wrong', by: 'anna', why: 'other order' }],
    LATER,
  );
  rig.restart().tick(LATER + 1_000);
  const [said, taken] = confirmationsOf(rig);
  assert.equal(said?.tally.good, 9);
  assert.deepEqual([taken?.id, taken?.revision, taken?.tally.good, taken?.by], [said?.id, 1, 0, 'anna']);
  assert.deepEqual(taken?.before, said?.tally);
});

test('an order that turns out to have begun later is restated, though no figure of the shift has moved', () => {
  const rig = shift(order(SIX, 'start', 'A'), event(SIX + 2 * HOUR_MS, { type: 'count', good: 9 }));
  const shifts = (): number => rig.results().filter(r => r.unit === 'm1' && r.kind === 'shift' && r.final).length;
  const before = shifts();
  rig
    .events([order(SIX + HOUR_MS, 'start', 'B')], LATER)
    .restart()
    .tick(LATER + 1_000);
  assert.equal(shifts(), before, 'the shift has nothing new to say');
  const ledger = new Map([...ledgerOf(confirmationsOf(rig)).values()].map(said => [said.order, said]));
  assert.deepEqual([ledger.get('A')?.revision, ledger.get('A')?.tally.good], [1, 0]);
  assert.deepEqual([ledger.get('B')?.revision, ledger.get('B')?.tally.good], [0, 9]);
});
