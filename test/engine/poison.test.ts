// Poison: an event on which the pipeline fails ends among the dead letters; all others get through, and the engine goes on.
// In: a worker on a log in memory, a plant in which one reason code makes the reducer throw. Out: laws about what is left.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPartition } from '../../src/core/checkpoint.ts';
import { findPoison } from '../../src/engine/find-poison.ts';
import { PartitionWorker } from '../../src/engine/partition-worker.ts';
import { MemoryLog } from '../support/memory-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const NOW = Date.UTC(2026, 10, 20, 8);
const READS_REASON = 'E42';

/** As a file of another program might give it: the codes of m1 are missing, so an event with a code makes the reader throw. */
function brokenPlant(): string {
  const plant = smallPlant();
  const machines = plant.machines.map(machine => (machine.id === 'm1' ? { ...machine, reasons: null } : machine));
  return JSON.stringify({ ...plant, machines });
}

const count = (index: number, machine = 'm1') => ({
  id: `c${index}`,
  machine,
  at: NOW - 100_000 + index,
  type: 'count',
  good: 1,
});
const poison = (id: string, at = NOW - 50_000) => ({
  id,
  machine: 'm1',
  at,
  type: 'state',
  state: 'stop',
  reason: READS_REASON,
});
const counts = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => count(from + index));

async function worked(log: MemoryLog): Promise<PartitionWorker> {
  const worker = new PartitionWorker(0, {
    own: () => log.own(),
    onAppend: (_, wake) => log.onAppend(wake),
    share: () => true,
    onCommit: () => {},
    log: (level, message, fields) => log.said.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
  });
  await log.committed(log.last());
  return worker;
}

const lettersOf = (log: MemoryLog) =>
  log.deadLetters.map(({ code, entry, index, event }) => [code, entry, index, event]);
const totalOf = (worker: PartitionWorker) => worker.partition.machines.get('m1')?.store.count;

test('one poisonous event among five hundred is a dead letter with its text; all others count; the next entry is worked', async t => {
  const log = new MemoryLog();
  log.append('plant', brokenPlant(), NOW);
  const bad = log.events([...counts(0, 300), poison('bad'), ...counts(300, 500)], NOW);
  const next = log.events(counts(500, 510), NOW + 1);
  log.append('tick', '', NOW + 1_000);
  const worker = await worked(log);
  t.after(() => worker.stop());
  assert.deepEqual(lettersOf(log), [['OEE_PIPELINE_POISON', bad, 300, JSON.stringify(poison('bad'))]]);
  assert.ok(next < log.last());
  assert.equal(totalOf(worker), 510);
  assert.deepEqual(worker.partition.accounting, { read: 511, inState: 510, repeats: 0, deadLettered: 1 });
  assert.equal(log.said.filter(line => line.startsWith('error')).length, 1, 'said once, as an error');
});

test('several poisonous events of an entry are each found', async t => {
  const log = new MemoryLog();
  log.append('plant', brokenPlant(), NOW);
  const bad = [0, 7, 8, 49].map(place => [place, poison(`bad-${place}`, NOW - 50_000 + place)] as const);
  const events: object[] = counts(0, 50);
  for (const [place, event] of bad) events[place] = event;
  log.events(events, NOW);
  const worker = await worked(log);
  t.after(() => worker.stop());
  assert.deepEqual(
    log.deadLetters.map(({ code, index }) => [code, index]),
    bad.map(([place]) => ['OEE_PIPELINE_POISON', place]),
  );
  assert.equal(totalOf(worker), 46);
});

test('an entry full of poison is given up whole, event by event: the fault is not in single events', async t => {
  const log = new MemoryLog();
  log.append('plant', brokenPlant(), NOW);
  log.events(
    Array.from({ length: 40 }, (_, index) => poison(`bad-${index}`, NOW - 50_000 + index)),
    NOW,
  );
  log.events(counts(0, 5), NOW + 1);
  const worker = await worked(log);
  t.after(() => worker.stop());
  assert.deepEqual(
    log.deadLetters.map(({ code, index }) => `${code} ${index}`),
    Array.from({ length: 40 }, (_, index) => `OEE_PIPELINE_POISON ${index}`),
  );
  assert.equal(totalOf(worker), 5);
});

test('an entry of the engine’s own kinds that somebody else wrote is set aside whole', async t => {
  const log = new MemoryLog();
  log.append('plant', JSON.stringify(smallPlant()), NOW);
  const strange = ['garbage', '{}', 'null', '[]'].flatMap(body => [
    log.append('plant', body, NOW),
    ...(body === '{}' || body === '[]' ? [] : [log.append('rollup', body, NOW)]),
  ]);
  log.events(counts(0, 5), NOW + 1);
  const worker = await worked(log);
  t.after(() => worker.stop());
  assert.deepEqual(
    log.deadLetters.map(({ code, entry }) => [code, entry]),
    strange.map(entry => ['OEE_PIPELINE_POISON', entry]),
  );
  assert.equal(worker.partition.plant?.name, 'small');
  assert.equal(totalOf(worker), 5);
});

test('what was worked before the poison is neither lost nor done twice, also after a restart', async t => {
  const log = new MemoryLog();
  log.append('plant', brokenPlant(), NOW);
  for (let index = 0; index < 20; index += 1) log.events(counts(index * 10, index * 10 + 10), NOW + index);
  log.events([poison('bad')], NOW + 30);
  const worker = await worked(log);
  await worker.stop();
  const again = loadPartition(0, () => true, log.checkpoint());
  assert.equal(again.machines.get('m1')?.store.count, 200);
  assert.deepEqual(again.accounting, { read: 201, inState: 200, repeats: 0, deadLettered: 1 });
  t.diagnostic(`${log.commits} commits`);
});

test('an array, and lines that only look like one, are searched as they are read', async () => {
  const log = new MemoryLog();
  log.append('plant', brokenPlant(), NOW);
  const before = log.workedAlone();
  const entry = (body: string) => ({ id: '9-1', at: NOW, kind: 'events' as const, body });
  const found = async (body: string) => [...(await findPoison(entry(body), before, 0, () => true))];
  assert.deepEqual(await found(JSON.stringify([count(1), poison('bad'), count(2)])), ['9-1:1']);
  assert.deepEqual(await found(`[\n${JSON.stringify(count(1))}\n${JSON.stringify(poison('bad'))}`), ['9-1:2']);
});
