// Worker processes: `--workers n`: children that compute, started with us, replaced when they die, gone when we are.
// In: the real program with two workers on a real Redis. Out: who runs, and that nobody is left.
// Touches child processes, loopback, temporary folders.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { EIGHT_LINES, PARTITIONS } from '../support/eight-lines.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { type Ready, type RoleProcess, startRoleProcess, until } from '../support/role-process.ts';

async function withTwoWorkers(t: TestContext): Promise<{ program: RoleProcess; redis: RedisChild }> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-with-workers-'));
  const plant = join(folder, 'plant.yaml');
  await writeFile(plant, EIGHT_LINES);
  const redis = await startRedisChild();
  const settings = { REDIS_URL: redis.url, INFLUX_URL: 'none', OEE_PLANT: plant, OEE_DATA_DIR: folder };
  const more = { OEE_PARTITIONS: String(PARTITIONS), OEE_LEASE_MS: '1500' };
  const program = await startRoleProcess({ ...settings, ...more }, ['--workers', '2']);
  t.after(async () => {
    await program.kill();
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  });
  return { program, redis };
}

/** The process ids of two workers that both tell their address. */
async function twoWorkers({ get }: RoleProcess): Promise<number[]> {
  const { workers = [] } = await until(
    'two workers',
    () => get<Ready>('/health/ready'),
    ({ workers: found = [] }) => found.length === 2 && found.every(({ pid, url }) => pid !== null && url !== null),
  );
  return workers.map(({ pid }) => pid ?? 0);
}

const isThere = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
const allGone = (pids: readonly number[]): Promise<readonly number[]> =>
  until(
    'the workers to be gone',
    async () => pids.filter(isThere),
    left => left.length === 0,
  );
const ownersIn = async (redis: RedisChild): Promise<unknown[]> =>
  Promise.all(
    Array.from({ length: PARTITIONS }, (_, partition) => redis.command('HGET', `oee:{p00${partition}}:meta`, 'owner')),
  );

test('two workers do the work beside a process that owns nothing; one that is killed is replaced; all end with it', async t => {
  const { program, redis } = await withTwoWorkers(t);
  const { partitions } = await program.ready();
  assert.deepEqual([partitions.all, partitions.owned], [PARTITIONS, 0]);
  const pids = await twoWorkers(program);
  const [victim = 0, survivor = 0] = pids;
  process.kill(victim, 'SIGKILL');
  const now = await until(
    'another in its place',
    () => twoWorkers(program),
    found => !found.includes(victim),
  );
  assert.ok(now.includes(survivor), 'the other one is as it was');
  await until(
    'what it owned to be taken over',
    () => ownersIn(redis),
    owners => owners.every(owner => owner !== '' && !String(owner).includes(`-${victim}-`)),
  );
  program.signal('SIGTERM');
  assert.equal(await program.gone, 0);
  assert.deepEqual(now.filter(isThere), []);
  assert.ok(
    (await ownersIn(redis)).every(owner => owner === ''),
    'and everything was given back',
  );
});

test('workers whose parent is killed without a word end by themselves, and give back what they own', async t => {
  const { program, redis } = await withTwoWorkers(t);
  await program.ready();
  const pids = await twoWorkers(program);
  await program.kill();
  await allGone(pids);
  assert.ok((await ownersIn(redis)).every(owner => owner === ''));
});
