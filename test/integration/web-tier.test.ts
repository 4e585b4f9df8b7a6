// Web tier: a process that owns nothing gives the same answers as the owner, after its death, a hand-over and a restart of Redis.
// In: an owner and followers, as real processes on a real Redis. Out: equal answers; nothing written by those who only look.
// Touches child processes, loopback, temporary folders.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { AREA, EIGHT_LINES, LINES, MACHINES, PARTITIONS, SITE, shiftEvents } from '../support/eight-lines.ts';
import { type Heard, listenLive } from '../support/live-listener.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { type RoleProcess, startRoleProcess, until } from '../support/role-process.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Two days ago: within the horizon, and all of it past. */
const DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const SHIFT = `from=${DAY + 6 * HOUR_MS}&to=${DAY + 14 * HOUR_MS}`;
const UNITS = [...MACHINES, ...LINES, AREA, SITE];
const [MACHINE = ''] = MACHINES;

interface Stage {
  readonly redis: RedisChild;
  start(role: string): Promise<RoleProcess>;
}

async function stage(t: TestContext): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-web-tier-'));
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, EIGHT_LINES);
  const redis = await startRedisChild('--enable-debug-command', 'yes');
  const started: RoleProcess[] = [];
  t.after(async () => {
    await Promise.all(started.map(each => each.kill()));
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  });
  const settings = {
    REDIS_URL: redis.url,
    INFLUX_URL: 'none',
    OEE_PLANT: plant,
    OEE_PARTITIONS: String(PARTITIONS),
    OEE_DATA_DIR: folder,
    OEE_TICK_MS: '250',
    OEE_LEASE_MS: '1000',
  };
  const start = async (role: string): Promise<RoleProcess> => {
    const process = await startRoleProcess({ ...settings, OEE_ROLE: role });
    started.push(process);
    return process;
  };
  return { redis, start };
}

/** Everything that can be asked of the shift, revisions and all, and the books of every partition. */
async function answersOf({ get, metric }: RoleProcess): Promise<string> {
  const paths = UNITS.flatMap(unit => [
    ...['shift', 'hour'].map(kind => `/v1/oee?unit=${unit}&window=${kind}&${SHIFT}`),
    `/v1/oee?unit=${unit}&${SHIFT}`,
    `/v1/units/${unit}/losses?${SHIFT}`,
  ]);
  const timelines = MACHINES.map(unit => `/v1/units/${unit}/timeline?${SHIFT}`);
  const minutes = [MACHINE, SITE].map(unit => `/v1/oee?unit=${unit}&window=minute&${SHIFT}`);
  const answers = await Promise.all([...paths, ...timelines, ...minutes].map(path => get<object>(path)));
  return JSON.stringify([answers, [...(await metric('oee_pipeline_events_total'))]]);
}

/** Waits until all have read so much, and give one answer. */
async function agree(events: number, ...processes: readonly RoleProcess[]): Promise<string> {
  const isRead = async ({ metric }: RoleProcess): Promise<boolean> => {
    const books = [...(await metric('oee_pipeline_events_total'))];
    return books.reduce((sum, [label, value]) => sum + (label.includes('"read"') ? value : 0), 0) === events;
  };
  await until(
    `${events} events in the books of all`,
    () => Promise.all(processes.map(isRead)),
    all => all.every(read => read),
  );
  const [answer = ''] = await until(
    'one answer of all',
    () => Promise.all(processes.map(answersOf)),
    answers => new Set(answers).size === 1,
  );
  return answer;
}

test('who only follows gives the answers of the owner, through its death, a heir and a restart of Redis, and writes nothing', async t => {
  const { redis, start } = await stage(t);
  const [owner, web] = await Promise.all([start('ingest,compute,web'), start('web')]);
  await Promise.all([owner.ready(), web.ready()]);
  const events = shiftEvents(DAY);
  for (let at = 0; at < events.length; at += 1_000) await owner.send(events.slice(at, at + 1_000));
  const first = await agree(events.length, owner, web);
  assert.ok(first.includes('"total":'), 'and it says something');
  assert.equal(
    (await fetch(`${web.url}/v1/events`, { method: 'POST', body: '[]' })).status,
    404,
    'nothing is taken in',
  );

  const live = await Promise.all([owner, web].map(({ url }) => listenLive(`${url.replace('http', 'ws')}/v1/live`)));
  for (const listener of live) listener.say({ op: 'subscribe', units: [MACHINE], windows: ['shift'] });
  await Promise.all(live.map(listener => listener.hears(({ op }) => op === 'snapshot')));
  const [from, to] = [DAY + 7 * HOUR_MS, DAY + 8 * HOUR_MS];
  const truth = { machine: MACHINE, type: 'reclassify', from, to, category: 'setup', by: 'lead', why: 'late truth' };
  await owner.send([{ id: 'truth', ...truth }]);
  const isTold = ({ op, result }: Heard): boolean => op === 'result' && result?.why === 'late truth';
  const told = await Promise.all(live.map(listener => listener.hears(isTold)));
  assert.deepEqual(told[1]?.result, told[0]?.result, 'the same frame from both');
  for (const { socket } of live) socket.terminate();
  const second = await agree(events.length + 1, owner, web);
  assert.notEqual(second, first);

  await owner.kill();
  const digest = await redis.command('DEBUG', 'DIGEST');
  const late = await start('web');
  await late.ready();
  assert.equal(await agree(events.length + 1, web, late), second, 'without any owner, also for one that came after it');
  await until(
    'the missing worker to be told',
    () => web.get<{ neighbours: { name: string; ok: boolean }[] }>('/health/ready'),
    ({ neighbours }) => neighbours.some(({ name, ok }) => name === 'workers' && !ok),
  );
  assert.equal(await redis.command('DEBUG', 'DIGEST'), digest, 'nothing in Redis has changed');

  const heir = await start('ingest,compute,web');
  await heir.ready();
  const count = { id: 'late-count', machine: MACHINE, at: from + 1, type: 'count', good: 7, reject: 0 };
  await heir.send([count]);
  const third = await agree(events.length + 2, heir, web, late);
  assert.notEqual(third, second);

  await redis.kill();
  await redis.start();
  await heir.send([{ ...count, id: 'later-count' }]);
  await agree(events.length + 3, heir, web, late);
  const loads = (await web.metric('oee_engine_replica_loads_total')).get('') ?? 0;
  assert.ok(loads >= 2 * PARTITIONS, 'what may have fallen back was loaded again');
  assert.deepEqual([...(await web.metric('oee_engine_hand_overs_total'))], [], 'and it never owned anything');
});
