// Simulation: the whole engine in virtual time, through deaths, lost replies, sleepers and shorter pasts, held to an auditor.
// In: seeds (SEEDS=n for another number of them, SEED=n for one). Out: laws that hold; a seed that breaks one is named.
// Touches virtual time, and child processes in which it passes.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runSeeds, seedsFrom } from './seed-lanes.ts';
import { simulatedRun } from './simulated-run.ts';

const ONE = process.env.SEED === undefined ? null : Number(process.env.SEED);
const ASKED = process.env.SEEDS;
const SEEDS = ONE === null ? Number(ASKED ?? 300) : 1;
/** Nobody asked for a number: as many as fit, so that a busy machine plays fewer and not longer. */
const ENOUGH_MS = 30_000;

test('whatever dies, sleeps, leaves or falls back: every event once, books that balance, figures that another method finds too', async () => {
  const begun = Date.now();
  const sum = { seeds: 0, deaths: 0, leavings: 0, failOvers: 0, staleRefused: 0, replayed: 0, loads: 0 };
  await runSeeds(seedsFrom(ONE ?? 1, SEEDS), run => {
    sum.seeds += 1;
    for (const name of ['deaths', 'leavings', 'failOvers', 'staleRefused', 'replayed', 'loads'] as const)
      sum[name] += run[name];
    assert.deepEqual(run.broken, [], `seed ${run.seed} (again with SEED=${run.seed})`);
    return ASKED !== undefined || Date.now() - begun < ENOUGH_MS;
  });
  if (ASKED !== undefined) assert.equal(sum.seeds, SEEDS);
  // weather in which nothing ever happens proves nothing
  if (sum.seeds < 100) return;
  for (const [what, times] of Object.entries(sum)) assert.ok(times > 0, `${what}: never in ${sum.seeds} seeds`);
});

test('a seed is one exact run: told again it leaves the same trace', async () => {
  const [first, second] = [await simulatedRun(ONE ?? 7), await simulatedRun(ONE ?? 7)];
  assert.equal(second.hash, first.hash);
  assert.deepEqual(second.broken, first.broken);
});
