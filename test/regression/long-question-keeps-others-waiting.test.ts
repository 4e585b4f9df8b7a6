// A question over a day of minutes stood in everybody's way for seconds: nothing else was answered, taken in or told meanwhile.
// In: the query routes over a day of a machine's facts. Out: what was seen before it was mended, and is seen no more.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as breath } from 'node:timers/promises';
import { fastify } from 'fastify';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { Partition } from '../../src/core/partition.ts';
import { queryRoutes } from '../../src/query/query-routes.ts';
import { ReadModel } from '../../src/query/read-model.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const MINUTE_MS = 60_000;
const MINUTES = 24 * 60;
const END = Date.UTC(2026, 10, 20, 8);
const BEGIN = END - MINUTES * MINUTE_MS;
/** Answers that fit in between: far more than one, and far fewer than there are. */
const OTHERS_MIN = 5;

function dayOfMinutes(): Partition {
  const log = new MemoryLog();
  log.append('plant', JSON.stringify(smallPlant()), BEGIN);
  const every10 = Array.from({ length: MINUTES / 10 + 1 }, (_, index) => ({
    id: `c${index}`,
    machine: 'm1',
    at: BEGIN + index * 10 * MINUTE_MS,
    type: 'count',
    good: 10,
  }));
  log.events(every10, END);
  return loadPartition(0, () => true, log.workedAlone());
}

async function stage() {
  const plant = smallPlant();
  let partition: Partition | null = dayOfMinutes();
  const view = { plant: () => plant, partitionOf: () => partition };
  const app = fastify();
  await app.register(queryRoutes, { model: new ReadModel(view), view, now: () => END });
  const ask = async (query: string) => {
    const { statusCode, headers, body } = await app.inject(`/v1/oee?${query}`);
    return { statusCode, type: String(headers['content-type']), results: JSON.parse(body).results as Answered[] };
  };
  const giveBack = (): void => {
    partition = null;
  };
  return { ask, giveBack, long: `unit=m1&window=minute&from=${BEGIN}&to=${END}` };
}

interface Answered {
  readonly window: { readonly start: string };
  readonly tally: { readonly total: number };
}

/** Every minute once, in order, with its pieces. */
function isWhole(results: readonly Answered[]): void {
  const starts = Array.from({ length: MINUTES }, (_, minute) => new Date(BEGIN + minute * MINUTE_MS).toISOString());
  assert.deepEqual(
    results.map(({ window }) => new Date(window.start).toISOString()),
    starts,
  );
  results.forEach(({ tally }, minute) => {
    assert.equal(tally.total, minute % 10 === 0 ? 10 : 0);
  });
}

test('while a question over a day of minutes is answered, others are asked and answered in between; its answer is whole', async () => {
  const { ask, long } = await stage();
  let over = false;
  const answer = ask(long).then(told => {
    over = true;
    return told;
  });
  let others = 0;
  for (; !over; others += 1) {
    assert.equal((await ask('unit=m1&window=hour')).statusCode, 200);
    await breath();
  }
  const { statusCode, type, results } = await answer;
  assert.deepEqual([statusCode, type], [200, 'application/json; charset=utf-8']);
  isWhole(results);
  assert.ok(others >= OTHERS_MIN, `${others} others were answered meanwhile`);
});

test('an answer that has begun is whole, though the partition is given back meanwhile', async () => {
  const { ask, giveBack, long } = await stage();
  const answer = ask(long);
  await breath();
  giveBack();
  isWhole((await answer).results);
});
