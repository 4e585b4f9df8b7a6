// Simulation: the whole engine in virtual time, through deaths, lost replies, sleepers and shorter pasts, held to an auditor.
// In: seeds (SEEDS=n for another number of them, SEED=n for one). Out: laws that hold; a seed that breaks one is named.
// Touches virtual time only.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { simulatedRun } from './simulated-run.ts';

const ONE = process.env.SEED === undefined ? null : Number(process.env.SEED);
const SEEDS = Number(process.env.SEEDS ?? 60);

test('whatever dies, sleeps or falls back: every event once, books that balance, figures that another method finds too', async () => {
  let deaths = 0;
  let refused = 0;
  for (let seed = ONE ?? 1; seed <= (ONE ?? SEEDS); seed += 1) {
    const run = await simulatedRun(seed);
    deaths += run.deaths;
    refused += run.staleRefused;
    assert.deepEqual(run.broken, [], `seed ${seed} (again with SEED=${seed})`);
  }
  if (ONE !== null) return;
  assert.ok(deaths > SEEDS / 2, `only ${deaths} deaths befell the engine`);
  assert.ok(refused > 0, 'no overtaken owner ever tried to commit');
});

test('a seed is one exact run: told again it leaves the same trace', async () => {
  const [first, second] = [await simulatedRun(ONE ?? 7), await simulatedRun(ONE ?? 7)];
  assert.equal(second.hash, first.hash);
  assert.deepEqual(second.broken, first.broken);
});
