// Laws of delivery: however the same events come in, the figures are the same to the digit.
// In: made-up plants, events and deliveries. Out: laws over the whole pipeline, restarts included.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { deliver, figuresOf, readingsOf } from '../support/delivered.ts';
import { SPANS } from '../support/made-up-calendar.ts';
import { deliveries } from '../support/made-up-delivery.ts';
import { events, machine, plantWith } from '../support/made-up-shift.ts';

const RUNS = { includeErrorInReport: true, numRuns: Number(process.env.OEE_LAW_RUNS ?? 25) };

const twoWays = fc
  .tuple(machine, events)
  .chain(([m, list]) => fc.tuple(fc.constant(m), fc.constant(list), deliveries(list.length)));

test('any order, repetition, batching, ticks and restarts give the figures and timelines of one sorted delivery', () => {
  fc.assert(
    fc.property(twoWays, ([m, list, steps]) => {
      const p = plantWith(m);
      const plain = deliver(p, list, [{ events: list.map((_, index) => index) }]);
      const wild = deliver(p, list, steps);
      assert.deepEqual(readingsOf(wild, SPANS), readingsOf(plain, SPANS));
      assert.deepEqual(figuresOf(wild), figuresOf(plain));
    }),
    RUNS,
  );
});

test('at every moment each event that was read is in the state, a repeat, or a dead letter', () => {
  const garbage = fc.constantFrom<unknown>(
    null,
    7,
    {},
    [],
    { type: 'count' },
    { id: 'x', machine: 'none', type: 'heartbeat', at: 5 },
  );
  fc.assert(
    fc.property(twoWays, garbage, ([m, list, steps], rubbish) => {
      const p = plantWith(m);
      const mixed = [...list, rubbish as object];
      let sent = 0;
      deliver(p, mixed, [...steps, { events: [list.length, 0, list.length] }], rig => {
        const { read, inState, repeats, deadLettered } = rig.partition.accounting;
        assert.equal(read, inState + repeats + deadLettered);
        assert.equal(deadLettered, rig.deadLetters.length);
        assert.ok(read >= sent);
        sent = read;
      });
      const told = steps.flatMap(step => ('events' in step ? step.events : [])).length + 3;
      assert.equal(sent, told);
    }),
    { ...RUNS, numRuns: 15 },
  );
});
