// Planned pieces, loss rows: what the page works out by itself, by other ways of counting.
// In: tallies, explanations. Out: plans, losses.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resultToWire, tallyToWire } from '../../src/core/result-to-wire.ts';
import { emptyTally } from '../../src/core/tally.ts';
import { lossesIn } from '../../src/web/loss-rows.ts';
import { lowestOf } from '../../src/web/lowest-machine.ts';
import { plannedPieces } from '../../src/web/planned-pieces.ts';
import { speak } from '../../src/web/spoken-texts.ts';
import { madeUpResult } from '../support/made-up-outputs.ts';

await speak('en');

const result = (tally: Partial<ReturnType<typeof emptyTally>>) => ({
  ...resultToWire(madeUpResult('filler', 'hour')),
  tally: tallyToWire({ ...emptyTally(), ...tally }),
});

test('an hour at a cycle of 2 s and a target of 80 % wants 1440 good pieces, whatever it made', () => {
  const made = { producing: 1_800_000, breakdown: 1_800_000, total: 500, good: 400, reject: 100 };
  assert.equal(plannedPieces(result({ ...made, idealUs: 1_000_000_000 }), 0.8), 1440);
});

test('without a target, without pieces, or with pieces of an unknown cycle there is no plan', () => {
  const made = { producing: 3_600_000, total: 5, good: 5, idealUs: 5_000_000 };
  assert.equal(plannedPieces(result(made), null), null);
  assert.equal(plannedPieces(result({ producing: 3_600_000 }), 0.8), null);
  assert.equal(plannedPieces(result({ ...made, uncycled: 1 }), 0.8), null);
});

test('the lowest machine of a site is the one with the lowest OEE; what has none is not the lowest, and one alone is none', () => {
  const at = (unit: string, oee: number | null) => ({ ...resultToWire(madeUpResult(unit, 'shift')), oee });
  assert.equal(
    lowestOf([at('capper', 0.7), null, at('filler', 0.4), at('packer', null), at('labeller', 0.5)]),
    'filler',
  );
  assert.equal(lowestOf([at('capper', 0.7), null, at('packer', null)]), null);
});

test('nobody is sent to a machine whose shift is over while others work; where all of them rest, their last shift is compared', () => {
  const at = (unit: string, oee: number, isOver: boolean) => {
    const result = { ...resultToWire(madeUpResult(unit, 'shift')), oee };
    const { start, end } = result.window;
    return { ...result, window: { ...result.window, edge: isOver ? end : start } };
  };
  const working = [at('capper', 0.7, false), at('packer', 0.6, false)];
  assert.equal(lowestOf([...working, at('filler', 0.1, true)]), 'packer');
  assert.equal(lowestOf([at('capper', 0.7, true), at('filler', 0.1, true)]), 'filler');
});

test('losses are clipped to the span, added up by cause, the greatest first; planned stops are none', () => {
  const at = (minute: number) => new Date(minute * 60_000).toISOString();
  const interval = (from: number, to: number, category: string, reason: string | null) =>
    ({ unit: 'filler', from: at(from), to: at(to), category, reason }) as never;
  const explained = {
    intervals: [
      interval(0, 10, 'breakdown', 'E1'),
      interval(10, 20, 'producing', null),
      interval(20, 22, 'breakdown', 'E1'),
      interval(22, 40, 'plannedStop', null),
      interval(40, 90, 'starved', null),
    ],
  } as never;
  const rows = lossesIn(explained, [], 5 * 60_000, 60 * 60_000);
  assert.deepEqual(
    rows.map(({ category, ms, times }) => [category, ms / 60_000, times]),
    [
      ['starved', 20, 1],
      ['breakdown', 7, 2],
    ],
  );
});

test('causes of machines side by side are told by each machine’s own words: one code may be two reasons', () => {
  const stop = (unit: string, from: number) => ({
    unit,
    from: new Date(from * 60_000).toISOString(),
    to: new Date((from + 5) * 60_000).toISOString(),
    category: 'breakdown',
    reason: 'E1',
  });
  const explained = { intervals: [stop('b1', 0), stop('b2', 1), stop('b1', 9), stop('b3', 10)] } as never;
  const machines = [
    { id: 'b1', reasons: { E1: { text: 'Jam' } } },
    { id: 'b2', reasons: { E1: { text: 'Valve' } } },
  ] as never;
  assert.deepEqual(
    lossesIn(explained, machines, 0, 60 * 60_000).map(({ text, ms, times }) => [text, ms / 60_000, times]),
    [
      ['Jam (Breakdown)', 10, 2],
      ['Valve (Breakdown)', 5, 1],
      ['E1 (Breakdown)', 5, 1],
    ],
  );
});
