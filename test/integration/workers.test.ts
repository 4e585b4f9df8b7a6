// Workers: several real processes share a plant: fairly, through joining, leaving, death and sleep, to the same figures.
// In: child processes in their roles on a real Redis. Out: what holds of partitions, commits and figures.
// Touches child processes, loopback, temporary folders.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { WireResult } from '../../src/core/result-to-wire.ts';
import { chanceOf } from '../support/chance-of.ts';
import { AREA, EIGHT_LINES, LINES, MACHINES, PARTITIONS, SITE, shiftEvents } from '../support/eight-lines.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { type HeardCommand, openRedisEar } from '../support/redis-ear.ts';
import { type RoleProcess, startRoleProcess, until } from '../support/role-process.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Two days ago: within the horizon, and all of it past. */
const DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const BATCH = 200;
/** Only who is stopped or killed may lose it, on a busy machine too: longer than such a machine lets anybody wait. */
const LEASE_MS = 4_000;
const METAS = Array.from({ length: PARTITIONS }, (_, partition) => `oee:{p00${partition}}:meta`);

let folder: string;
let redis: RedisChild;
let settings: Record<string, string>;
/** takes in and answers; owns nothing */
let door: RoleProcess;
const workers: RoleProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'oee-workers-'));
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, EIGHT_LINES);
  redis = await startRedisChild();
  settings = {
    REDIS_URL: redis.url,
    INFLUX_URL: 'none',
    OEE_PLANT: plant,
    OEE_PARTITIONS: String(PARTITIONS),
    OEE_DATA_DIR: folder,
    OEE_TICK_MS: '250',
    OEE_LEASE_MS: String(LEASE_MS),
  };
  door = await startRoleProcess({ ...settings, OEE_ROLE: 'ingest,web' });
  workers.push(...(await Promise.all([1, 2, 3].map(() => startRoleProcess({ ...settings, OEE_ROLE: 'compute' })))));
});
after(async () => {
  await Promise.all([door, ...workers].filter(each => each !== undefined).map(each => each.kill()));
  await redis?.close();
  await rm(folder, { recursive: true, force: true });
});

const field = async (name: string): Promise<(string | null)[]> =>
  Promise.all(METAS.map(async meta => (await redis.command('HGET', meta, name)) as string | null));
const fences = async (): Promise<number[]> => (await field('fence')).map(Number);
/** the process id of each partition's owner, which its name holds; 0 for none */
const owners = async (): Promise<number[]> =>
  (await field('owner')).map(name => Number(/-(\d+)-[0-9a-f]{8}$/.exec(name ?? '')?.[1] ?? 0));
const partitionsOf = (pid: number, all: readonly number[]): number[] =>
  all.flatMap((owner, partition) => (owner === pid ? [partition] : []));

/** Waits until the partitions are shared so, the largest share first, and every worker works its own. */
async function shared(...shares: readonly number[]): Promise<number[]> {
  const count = (all: readonly number[]): number[] =>
    [...new Set(all)].map(pid => (pid === 0 ? -1 : partitionsOf(pid, all).length)).sort((a, b) => b - a);
  return until('fair shares', owners, found => count(found).join() === shares.join());
}

const EVENTS = chanceOf(7).shuffled(shiftEvents(DAY));
const PIECES = (EVENTS as { good?: number; reject?: number }[]).reduce(
  (sum, { good = 0, reject = 0 }) => sum + good + reject,
  0,
);
let sent = 0;
/** Sends so many batches of the shift, shuffled; each twice, as a nervous gateway does. */
async function sendBatches(count: number): Promise<void> {
  for (let n = 0; n < count && sent < EVENTS.length; n += 1) {
    const batch = EVENTS.slice(sent, sent + BATCH);
    sent += batch.length;
    const first = await door.send(batch);
    assert.deepEqual([first.accepted, first.rejected], [batch.length, []]);
    assert.equal((await door.send(batch)).duplicates, batch.length);
  }
}

test('three workers share eight partitions 3, 3, 2, and a fourth takes two over without anybody waiting for a lease', async () => {
  const before = await shared(3, 3, 2);
  assert.deepEqual(new Set(before), new Set(workers.map(worker => worker.pid)));
  await Promise.all([door, ...workers].map(each => each.ready()));
  const fencesBefore = await fences();
  const fourth = await startRoleProcess({ ...settings, OEE_ROLE: 'compute' });
  workers.push(fourth);
  const now = await shared(2, 2, 2, 2);
  const moved = now.flatMap((pid, partition) => (pid === before[partition] ? [] : [partition]));
  assert.deepEqual(moved, partitionsOf(fourth.pid, now), 'only what the newcomer took changed hands');
  const raised = (await fences()).map((fence, partition) => fence - (fencesBefore[partition] ?? 0));
  assert.deepEqual(
    raised,
    raised.map((_, partition) => (moved.includes(partition) ? 1 : 0)),
    'each once',
  );
});

test('what a killed worker owned under load is taken over, and the others keep theirs', async () => {
  await sendBatches(5);
  const [victim] = workers.splice(0, 1);
  assert.ok(victim !== undefined);
  const before = await owners();
  await Promise.all([sendBatches(5), victim.kill()]);
  const now = await shared(3, 3, 2);
  for (const [partition, pid] of before.entries())
    if (pid !== victim.pid) assert.equal(now[partition], pid, `partition ${partition} stays where it was`);
});

test('a worker that slept for longer than its lease finds its partitions handed over once, and joins again', async () => {
  const [sleeper] = workers;
  assert.ok(sleeper !== undefined);
  const lostSoFar = async (): Promise<number> =>
    (await sleeper.metric('oee_engine_hand_overs_total')).get('{outcome="lost"}') ?? 0;
  const lostBefore = await lostSoFar();
  const [mine, fencesBefore] = [partitionsOf(sleeper.pid, await owners()), await fences()];
  sleeper.signal('SIGSTOP');
  await sendBatches(3);
  await shared(4, 4);
  const raised = (await fences()).map((fence, partition) => fence - (fencesBefore[partition] ?? 0));
  assert.deepEqual(
    raised,
    raised.map((_, partition) => (mine.includes(partition) ? 1 : 0)),
  );
  sleeper.signal('SIGCONT');
  await shared(3, 3, 2);
  const lost = await until(
    'the sleeper to notice what it lost',
    async () => (await lostSoFar()) - lostBefore,
    count => count >= mine.length,
  );
  assert.equal(lost, mine.length);
});

test('one that wakes with work in hand commits nothing of it: every commit since is one of the new owners', async t => {
  const [sleeper] = workers;
  assert.ok(sleeper !== undefined);
  const ear = await openRedisEar(redis.port);
  t.after(() => ear.close());
  // its name as a word of its own: what others commit may speak of it, too
  const itsName = new RegExp(`^\\S+-${sleeper.pid}-[0-9a-f]{8}$`);
  const isItsOwn = ({ words }: HeardCommand): boolean => words.some(word => itsName.test(word));
  const isAct = ({ words }: HeardCommand, act: string): boolean => words[1]?.startsWith(`oee_${act}_`) === true;
  // its roster and its leases speak over a connection of their own: the one that commits is the one that reads
  const { source } = await ear.next(heard => isItsOwn(heard) && isAct(heard, 'commit_step'));
  // asked when there was something to read: it is about to work it in
  const reading = ear.next(heard => heard.source === source && isAct(heard, 'stream_edges'));
  const load = sendBatches(6);
  await reading;
  sleeper.signal('SIGSTOP');
  await load;
  await shared(4, 4);
  // it wakes up to be told to end: it may only try what it had in hand
  const from = ear.heard.length;
  const isTry = (heard: HeardCommand): boolean => isItsOwn(heard) && isAct(heard, 'commit_step');
  sleeper.signal('SIGTERM');
  sleeper.signal('SIGCONT');
  assert.equal(await sleeper.gone, 0, 'it ends in peace');
  workers.splice(0, 1);
  await sendBatches(1);
  const tries = ear.heard.flatMap((heard, at) => (at >= from && isTry(heard) ? [at] : []));
  for (const at of tries)
    assert.deepEqual(deedsAfter(ear.heard, at), ['HMGET'], 'it asks whose the partition is, and does nothing');
});

/** What the function that was called here did. */
function deedsAfter(heard: readonly HeardCommand[], at: number): (string | undefined)[] {
  const rest = heard.slice(at + 1);
  return rest
    .slice(
      0,
      rest.findIndex(({ source }) => source !== 'lua'),
    )
    .map(({ words }) => words[0]);
}

test('a worker that is told to stop gives back at once what it owned, under load too', async () => {
  const leaver = workers.pop();
  assert.ok(leaver !== undefined);
  const load = sendBatches(4);
  leaver.signal('SIGTERM');
  assert.equal(await leaver.gone, 0);
  assert.deepEqual(partitionsOf(leaver.pid, await owners()), [], 'no lease of its is left to run out');
  await load;
  await shared(8);
});

test('after all that the figures are those of a run without faults, and every event is accounted for', async t => {
  await sendBatches(Number.POSITIVE_INFINITY);
  const calm = await startRoleProcess({ ...settings, OEE_PREFIX: 'calm' });
  t.after(() => calm.kill());
  await calm.ready();
  for (let at = 0; at < EVENTS.length; at += 1_000) await calm.send(EVENTS.slice(at, at + 1_000));

  const units = [...MACHINES, ...LINES, AREA, SITE];
  const shift = `from=${DAY + 6 * HOUR_MS}&to=${DAY + 14 * HOUR_MS}`;
  const figuresOf = async (from: RoleProcess): Promise<Omit<WireResult, 'revision'>[]> => {
    const ask = (unit: string, kind: string) =>
      from.get<{ results: WireResult[] }>(`/v1/oee?unit=${unit}&window=${kind}&${shift}`);
    const answers = await Promise.all(units.flatMap(unit => [ask(unit, 'shift'), ask(unit, 'hour')]));
    // a revision counts how often a figure was told, and that depends on when the ticks fell
    return answers.flatMap(({ results }) => results.map(({ revision: _, ...figures }) => figures));
  };
  const [figures] = await until(
    'the same figures of all units, all final',
    () => Promise.all([figuresOf(door), figuresOf(calm)]),
    ([mine, theirs]) => mine.length === units.length * 9 && JSON.stringify(mine) === JSON.stringify(theirs),
  );
  const totals = figures
    .filter(({ window }) => window.kind === 'shift')
    .map(({ level, tally }) => [level, tally.total]);
  const sums = ['machine', 'line', 'area', 'site'].map(level =>
    totals.reduce((sum, [at, total]) => sum + (at === level ? Number(total) : 0), 0),
  );
  assert.deepEqual(sums, Array(4).fill(PIECES), 'every piece that was sent, at every level');
  assert.ok(figures.every(({ final }) => final));
  const [accepted, read] = await Promise.all(
    ['oee_journal_accepted_total', 'oee_pipeline_events_total'].map(async name => {
      const values = [...(await door.metric(name))].filter(([label]) => !/repeats|inState|deadLettered/.test(label));
      return values.reduce((sum, [, value]) => sum + value, 0);
    }),
  );
  assert.equal(accepted, EVENTS.length);
  assert.equal(read, EVENTS.length, 'the books of those who follow are those of the owners');
});
