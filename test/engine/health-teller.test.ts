// Health teller: what the owner of the alerts about the engine sees goes into its log, and nobody else's word does.
// In: lags, neighbours, dead letters that a test makes up. Out: entries.
// Touches a timer of a millisecond.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseHealth } from '../../src/core/alert-health.ts';
import { startHealthTeller } from '../../src/engine/health-teller.ts';

test('a look at the engine says who is behind, who is away and since when, and how many letters wait', async () => {
  const told: string[] = [];
  let clock = 5_000;
  const { promise: twice, resolve } = deferred();
  const stop = startHealthTeller(
    {
      isOurs: () => true,
      partitions: [3, 7],
      lagMs: async partition => (partition === 7 ? 1_200 : 0),
      deadLetters: async () => 4,
      neighbours: [
        { name: 'redis', required: true, check: async () => null },
        { name: 'influx', required: false, check: () => Promise.reject(new Error('refused')) },
      ],
      append: async body => {
        told.push(body);
        clock += 10_000;
        if (told.length === 2) resolve();
      },
      now: () => clock,
      log: () => {},
    },
    1,
  );
  await twice;
  await stop();
  assert.deepEqual(parseHealth(told[0] ?? ''), { lagMs: { 7: 1_200 }, awayMs: { influx: 1 }, deadLetters: 8 });
  assert.deepEqual(parseHealth(told[1] ?? '')?.awayMs, { influx: 10_000 });
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
