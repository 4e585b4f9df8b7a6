// Hanging test leaves its servers: one that could not start its cluster left five of six nodes, and the whole run waited for their last word.
// In: six nodes that want the same port, a program that is ended while its server runs, a port of a server that is down. Out: nothing left; the port is not given to anybody.
// Touches: child redis-servers, a child process, loopback.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { claim, claimPort } from '../support/claimed-port.ts';
import { ownChild } from '../support/own-child.ts';
import { allGone, type Process, processesBelow, ROOT } from '../support/program-child.ts';
import { startRedisChild } from '../support/redis-child.ts';
import { startRedisCluster } from '../support/redis-cluster.ts';

/** What a test does that hangs: its server is up, and nothing comes. */
const HANGS = `
  import { startRedisChild } from './test/support/redis-child.ts';
  await startRedisChild();
  console.log('up');`;

const serversBelow = (pid: number): Process[] =>
  processesBelow(pid).filter(({ command }) => command.includes('redis-server'));

test('a cluster of which one node does not start leaves none of the others', async () => {
  const wanted = await claimPort();
  await assert.rejects(startRedisCluster('--port', `${wanted}`), /Failed listening on port/);
  assert.deepEqual(serversBelow(process.pid), []);
});

test('a test that is ended takes its servers with it', async () => {
  const words = ['--import', 'tsx', '--input-type=module', '-e', HANGS];
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const hanging = ownChild(spawn(process.execPath, words, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] }));
  for await (const line of createInterface({ input: hanging.stdout })) if (line === 'up') break;
  const servers = serversBelow(hanging.pid ?? 0);
  assert.equal(servers.length, 1);
  const gone = once(hanging, 'exit');
  hanging.kill('SIGTERM');
  await gone;
  await allGone(servers);
});

test('the port of a server that is down stays its own', async () => {
  const redis = await startRedisChild();
  try {
    await redis.kill();
    assert.equal(await claim(redis.port), false);
    await redis.start();
    assert.equal(await redis.command('PING'), 'PONG');
  } finally {
    await redis.close();
  }
});
