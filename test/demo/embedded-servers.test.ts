// Embedded servers: the stories of a Redis and an InfluxDB that run as children of the program.
// In: real servers in temporary folders. Out: laws about their lives.
// Touches: child processes, each ended by its own id.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { DemoServerError } from '../../src/demo/demo-server.ts';
import { startInflux } from '../../src/demo/embedded-influx.ts';
import { startRedis } from '../../src/demo/embedded-redis.ts';
import { queryInflux, silentLog } from '../support/influx-child.ts';

let dataDir = '';
before(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'oee-embedded-'));
});
after(() => rm(dataDir, { recursive: true, force: true }));

/** One inline command, one short answer. */
function redis(url: string, command: string): Promise<string> {
  return new Promise((settle, fail) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(`${command}\r\n`));
    socket.once('error', fail);
    socket.once('data', data => {
      socket.destroy();
      settle(data.toString().trim());
    });
  });
}

/** A process that has ended and waits for its parent to notice is not alive any more. */
function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

/** Resolves when the process is gone; one that stays is ended, so that a broken promise fails here and leaves nothing. */
async function gone(pid: number): Promise<void> {
  for (let poll = 0; poll < 1_000; poll += 1) {
    if (!alive(pid)) return;
    await pause(10);
  }
  process.kill(pid, 'SIGKILL');
  assert.fail(`process ${pid} is still there`);
}

const restarted = (server: { onRestart(listener: () => void): void }) =>
  new Promise<void>(settle => server.onRestart(settle));

/** A program that starts a Redis on the folder and tells its process id. */
async function ownerOf(folder: string): Promise<{ owner: ChildProcess; redisPid: number }> {
  const program = `
    import { startRedis } from ${JSON.stringify(new URL('../../src/demo/embedded-redis.ts', import.meta.url).href)};
    const redis = await startRedis({ dataDir: ${JSON.stringify(folder)}, log() {} });
    console.log(redis.pid());`;
  const args = ['--import', 'tsx', '--input-type=module', '-e', program];
  const owner = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  assert.ok(owner.stdout);
  for await (const line of createInterface({ input: owner.stdout })) return { owner, redisPid: Number(line) };
  throw new Error('the program ended without a word');
}

test('a Redis that is killed comes back at the same address with everything that it had taken', async () => {
  const folder = join(dataDir, 'killed');
  const server = await startRedis({ dataDir: folder, log: silentLog });
  try {
    assert.equal(await redis(server.url, 'SET piece 19271'), '+OK');
    // Asks for what a commit would wait for at most: the file holds it.
    assert.match(await redis(server.url, 'CONFIG SET appendfsync always'), /OK/);
    const first = server.pid();
    const back = restarted(server);
    process.kill(first, 'SIGKILL');
    await back;
    assert.notEqual(server.pid(), first);
    assert.match(await redis(server.url, 'GET piece'), /19271/);
  } finally {
    await server.stop();
  }
});

test('the journal runs as the journal must: every write in a file, nothing thrown away to make room', async () => {
  const server = await startRedis({ dataDir: join(dataDir, 'config'), log: silentLog });
  try {
    for (const [name, value] of [
      ['appendonly', 'yes'],
      ['appendfsync', 'always'],
      ['save', ''],
      ['maxmemory-policy', 'noeviction'],
      ['bind', '127.0.0.1'],
    ]) {
      assert.equal((await redis(server.url, `CONFIG GET ${name}`)).split('\r\n')[4] ?? '', value, name);
    }
  } finally {
    await server.stop();
  }
});

test('stop leaves no process, and the next start finds the data at the same address', async () => {
  const folder = join(dataDir, 'stopped');
  const first = await startRedis({ dataDir: folder, log: silentLog });
  await redis(first.url, 'SET piece 7');
  await first.stop();
  assert.equal(alive(first.pid()), false);
  const second = await startRedis({ dataDir: folder, log: silentLog });
  try {
    assert.equal(second.url, first.url);
    assert.match(await redis(second.url, 'GET piece'), /7/);
  } finally {
    await second.stop();
  }
});

test('stop while it is dead and on its way back leaves no process either', async () => {
  const server = await startRedis({ dataDir: join(dataDir, 'halfway'), log: silentLog });
  const first = server.pid();
  process.kill(first, 'SIGKILL');
  await gone(first);
  await server.stop();
  assert.equal(alive(server.pid()), false);
});

test('a program that is killed takes its Redis with it', async () => {
  const { owner, redisPid } = await ownerOf(join(dataDir, 'watched'));
  assert.equal(alive(redisPid), true);
  owner.kill('SIGKILL');
  await gone(redisPid);
});

test('an orphan of an earlier run is ended by the next start, which goes on with its data', async () => {
  const folder = join(dataDir, 'orphan');
  const { owner, redisPid } = await ownerOf(folder);
  // A stopped Redis cannot follow its watchdog's signal: it outlives its owner, as on a machine that lost the watchdog too.
  process.kill(redisPid, 'SIGSTOP');
  const ended = new Promise(settle => owner.once('exit', settle));
  owner.kill('SIGKILL');
  await ended;
  assert.equal(alive(redisPid), true);
  const warned: string[] = [];
  const next = startRedis({ dataDir: folder, log: (_, message) => warned.push(message) });
  while (warned.length === 0) await pause(5);
  process.kill(redisPid, 'SIGCONT');
  const server = await next;
  try {
    assert.match(warned[0] ?? '', /earlier run/);
    assert.equal(alive(redisPid), false);
    assert.equal(await redis(server.url, 'PING'), '+PONG');
  } finally {
    await server.stop();
  }
});

test('two programs cannot have the same data: the second is told who has it', async () => {
  const folder = join(dataDir, 'shared');
  const { owner, redisPid } = await ownerOf(folder);
  try {
    await assert.rejects(startRedis({ dataDir: folder, log: silentLog }), (error: unknown) => {
      assert.ok(error instanceof DemoServerError);
      assert.equal(error.code, 'OEE_DEMO_DATA_IN_USE');
      assert.match(error.message, new RegExp(String(owner.pid)));
      return true;
    });
    assert.equal(alive(redisPid), true);
  } finally {
    owner.kill('SIGKILL');
    await gone(redisPid);
  }
});

test('a server that is not installed is named, with what to do about it', async () => {
  const missing = (code: string) => (error: unknown) => {
    assert.ok(error instanceof DemoServerError);
    assert.equal(error.code, code);
    assert.match(error.remedy, /install/);
    return true;
  };
  const options = { dataDir: join(dataDir, 'missing'), log: silentLog, command: 'no-such-server' };
  await assert.rejects(startRedis(options), missing('OEE_DEMO_NO_REDIS'));
  await assert.rejects(startInflux({ ...options, database: 'oee' }), missing('OEE_DEMO_NO_INFLUX'));
});

test('an influxd that is killed comes back at the same address with its points, and stop leaves no process', async () => {
  const server = await startInflux({ dataDir: join(dataDir, 'influx'), database: 'plant', log: silentLog });
  try {
    const body = 'oee,unit=filler total=19271i 1795327200000';
    const written = await fetch(`${server.url}/write?db=plant&precision=ms`, { method: 'POST', body });
    assert.equal(written.status, 204);
    const back = restarted(server);
    process.kill(server.pid(), 'SIGKILL');
    await back;
    const rows = await queryInflux(server.url, 'plant', 'SELECT total FROM oee');
    assert.deepEqual(rows, [{ time: 1_795_327_200_000, total: 19271 }]);
  } finally {
    await server.stop();
  }
  assert.equal(alive(server.pid()), false);
});
