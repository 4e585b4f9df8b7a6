// Webhook kills: the engine, Redis and the receiver die at any moment, and an ERP that keeps ids has booked each piece once.
// In: the real program, a real Redis, the receiver of the program as a process. Out: quantities, ids.
// Touches child processes, a temporary folder, loopback. KILLS: how many; SEED: which.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { ReceiverLedger } from '../../src/demo/receiver-ledger.ts';
import { type Arrived, startTrialReceiver } from '../../src/demo/trial-receiver.ts';
import { chanceOf } from '../support/chance-of.ts';
import { claimPort } from '../support/claimed-port.ts';
import { confirmedOrders, confirmedPlant, RECEIVER_VARIABLE } from '../support/confirmed-orders.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { ownChild } from '../support/own-child.ts';
import { ROOT } from '../support/program-child.ts';
import { startRedisChild } from '../support/redis-child.ts';
import { TRIAL_SECRET } from '../support/webhook-stage.ts';

const KILLS = Number(process.env.KILLS ?? 5);
const SEED = Number(process.env.SEED ?? 1);
const PATIENCE_MS = 240_000;
const SETTINGS = { [RECEIVER_VARIABLE]: TRIAL_SECRET, INFLUX_URL: 'none', OEE_PARTITIONS: '4' };

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await wait(100)) {
    assert.ok(Date.now() < end, `it never comes: ${what}`);
  }
}

test('killed between the answer and the note of it, the engine sends the same bytes under the same id', async () => {
  const arrived: Arrived[] = [];
  const receiver = await startTrialReceiver({
    ...{ port: 0, secrets: [TRIAL_SECRET], answers: [], ledgerFile: null },
    onArrived: each => void arrived.push(each),
  });
  const redis = await startRedisChild();
  const proxy = await startFaultProxy(redis.port);
  const engine = await startEngineChild(confirmedPlant(receiver.url), { ...SETTINGS, REDIS_URL: proxy.url });
  try {
    // the engine has heard the answer, and cannot note it before it dies
    const heard = proxy.loseRequestOf('oee_note_hook').then(() => proxy.shut());
    const answer = await fetch(`${engine.url}/v1/webhooks/erp/test`, { method: 'POST' });
    const { id } = (await answer.json()) as { id: string };
    await heard;
    await engine.kill();
    assert.equal(arrived.length, 1);
    proxy.open();
    await engine.start();
    await until('the repeat', () => arrived.length > 1);
    await until('it is noted', async () => (await waitingOf(engine)) === 0);
    const told = arrived.map(each => [each.id, each.body, each.signed, each.reception]);
    const { body } = arrived[0] ?? assert.fail();
    assert.deepEqual(told, [
      [id, body, true, 'new'],
      [id, body, true, 'repeat'],
    ]);
  } finally {
    proxy.open();
    await engine.close();
    await proxy.close();
    await redis.close();
    await receiver.close();
  }
});

async function waitingOf(engine: EngineChild): Promise<number> {
  const { receivers } = await engine.get<{ receivers: { waiting: number }[] }>('/v1/webhooks');
  return receivers[0]?.waiting ?? Number.NaN;
}

interface ReceiverChild {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
}

async function receiverChild(ledger: string): Promise<ReceiverChild> {
  const port = await claimPort();
  let child: ChildProcess | null = null;
  const words = ['receive', '--port', String(port), '--secrets', RECEIVER_VARIABLE, '--ledger', ledger];
  return {
    url: `http://127.0.0.1:${port}/`,
    start: async () => {
      child = ownChild(
        spawn(process.execPath, ['--import', 'tsx', 'src/main.ts', ...words], {
          ...{ cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...SETTINGS } },
        }),
      );
      child.stdout?.resume();
      await once(child, 'spawn');
    },
    kill: async () => {
      if (child === null || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function ledgerIn(file: string): ReceiverLedger {
  const ledger = new ReceiverLedger();
  if (!existsSync(file)) return ledger;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (!line.endsWith(']')) continue;
    const [id, body] = JSON.parse(line) as [string, string];
    ledger.take(id, body);
  }
  return ledger;
}

/** Sends until it is taken in, whoever is dead at the time. */
async function send(url: string, events: readonly object[]): Promise<void> {
  const body = JSON.stringify(events);
  await until('events are taken in', async () => {
    try {
      const answer = await fetch(`${url}/v1/events`, {
        ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body },
        signal: AbortSignal.timeout(5_000),
      });
      return answer.status === 202;
    } catch {
      return false;
    }
  });
}

test(`after ${KILLS} random kills of engine, Redis and receiver a ledger by id holds the very quantities`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'oee-hooks-'));
  const file = join(folder, 'ledger.ndjson');
  const [receiver, redis] = [await receiverChild(file), await startRedisChild('--appendfsync', 'always')];
  await receiver.start();
  const engine = await startEngineChild(confirmedPlant(receiver.url), { ...SETTINGS, REDIS_URL: redis.url });
  const { batches, expected } = confirmedOrders(Date.now());
  const chance = chanceOf(SEED);
  const restart = [
    async () => {
      await engine.kill();
      await engine.start();
    },
    async () => {
      await redis.kill();
      await redis.start();
    },
    async () => {
      await receiver.kill();
      await receiver.start();
    },
  ];
  try {
    let fed = false;
    const feeding = (async () => {
      for (const batch of batches) await send(engine.url, batch);
      fed = true;
    })();
    for (let kill = 0; kill < KILLS; kill++) {
      await wait(chance.below(400));
      await (kill < restart.length ? restart[kill] : restart[chance.below(restart.length)])?.();
    }
    await feeding;
    assert.ok(fed);
    const wanted = JSON.stringify([...expected].sort());
    await until('every order is booked', () => JSON.stringify([...ledgerIn(file).perOrder()].sort()) === wanted);
    await until('nothing waits', async () => (await waitingOf(engine)) === 0);
    const ledger = ledgerIn(file);
    assert.deepEqual(ledger.broken, []);
    assert.equal(JSON.stringify([...ledger.perOrder()].sort()), wanted);
  } finally {
    await receiver.kill();
    await engine.close();
    await redis.close();
    await rm(folder, { recursive: true, force: true });
  }
});
