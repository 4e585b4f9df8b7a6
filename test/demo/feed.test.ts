// Feed: the demo's news reach the engine once each, in time, whatever the engine answers.
// In: emissions, a virtual clock and a real HTTP server that misbehaves. Out: what it got.
// Touches a loopback port.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { type FeedSettings, feed } from '../../src/demo/feed.ts';
import type { Emission } from '../../src/demo/simulate.ts';

const START = Date.parse('2026-11-20T08:00:00Z');
const QUIET = { info: () => {}, warn: () => {} };

const emissionsEvery = (ms: number, count: number): Emission[] =>
  Array.from({ length: count }, (_, index) => ({
    sendAt: START + index * ms,
    event: { id: `e-${index}`, machine: 'filler', at: START + index * ms, type: 'heartbeat' },
  }));

/** A clock that stands still while others work and jumps when somebody sleeps. */
function virtualClock(at: number) {
  const clock = { at, naps: [] as number[] };
  return {
    clock,
    now: () => clock.at,
    sleep: async (ms: number) => {
      clock.naps.push(ms);
      clock.at += ms;
    },
  };
}

type Handler = (ids: string[], reply: ServerResponse, request: IncomingMessage) => void;

async function engine(t: TestContext, handler: Handler): Promise<string> {
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = [];
    request.on('data', chunk => chunks.push(chunk));
    request.on('end', () => {
      const lines = Buffer.concat(chunks).toString().trim().split('\n');
      handler(
        lines.map(line => JSON.parse(line).id),
        reply,
        request,
      );
    });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const accept = (reply: ServerResponse, ids: readonly string[]): void => {
  reply.writeHead(202, { 'content-type': 'application/json' });
  reply.end(JSON.stringify({ accepted: ids.length, duplicates: 0, rejected: [] }));
};

const settingsOf = (url: string, given: Partial<FeedSettings>): FeedSettings => {
  const { now, sleep } = virtualClock(START + 3_600_000);
  return { url, emissions: [], speed: Number.POSITIVE_INFINITY, now, sleep, log: QUIET, ...given };
};

test('busy, broken and silent answers are asked again until every event is in, once and in order', async t => {
  const got: string[] = [];
  let request = 0;
  const url = await engine(t, (ids, reply, incoming) => {
    request += 1;
    if (request === 1) return reply.writeHead(503, { 'retry-after': '2' }).end('{"code":"OEE_X"}');
    if (request === 2) return incoming.socket.destroy();
    if (request === 3) return reply.writeHead(429).end();
    if (request === 4) return reply.writeHead(500).end('not json');
    got.push(...ids);
    accept(reply, ids);
  });
  const emissions = emissionsEvery(1, 1_200);
  const summary = await feed(settingsOf(url, { emissions }));
  assert.deepEqual(
    got,
    emissions.map(({ event }) => event.id),
  );
  assert.deepEqual(summary, { sent: 1_200, accepted: 1_200, duplicates: 0, rejected: {}, retries: 4 });
});

test('a batch that is too large is halved until it fits', async t => {
  const got: string[] = [];
  const url = await engine(t, (ids, reply) => {
    if (ids.length > 100) return reply.writeHead(413).end('{}');
    got.push(...ids);
    accept(reply, ids);
  });
  await feed(settingsOf(url, { emissions: emissionsEvery(1, 500) }));
  assert.equal(got.length, 500);
  assert.deepEqual(got, [...new Set(got)]);
});

test('what the engine refuses is counted by code and not sent again', async t => {
  let requests = 0;
  const url = await engine(t, (ids, reply) => {
    requests += 1;
    const rejected = [{ index: 0, code: 'OEE_EVENT_FIELD', message: 'at is wrong' }];
    reply.writeHead(202).end(JSON.stringify({ accepted: ids.length - 2, duplicates: 1, rejected }));
  });
  const summary = await feed(settingsOf(url, { emissions: emissionsEvery(1, 10) }));
  assert.deepEqual(summary, { sent: 10, accepted: 8, duplicates: 1, rejected: { OEE_EVENT_FIELD: 1 }, retries: 0 });
  assert.equal(requests, 1);
});

test('a request that is refused whole is named by its code', async t => {
  const url = await engine(t, (_ids, reply) => reply.writeHead(415).end('{"code":"OEE_HTTP_MEDIA_TYPE"}'));
  const summary = await feed(settingsOf(url, { emissions: emissionsEvery(1, 3) }));
  assert.deepEqual(summary.rejected, { OEE_HTTP_MEDIA_TYPE: 3 });
});

test('nothing is sent before its time: the past at full speed, the present as it comes', async t => {
  const { clock, now, sleep } = virtualClock(START + 30_000);
  const arrivals: number[] = [];
  const url = await engine(t, (ids, reply) => {
    for (const id of ids) {
      arrivals.push(clock.at);
      assert.ok(START + Number(id.slice(2)) * 1_000 <= clock.at);
    }
    accept(reply, ids);
  });
  await feed(settingsOf(url, { emissions: emissionsEvery(1_000, 61), now, sleep }));
  assert.equal(arrivals.filter(at => at === START + 30_000).length, 31);
  assert.equal(clock.at, START + 60_000);
});

test('at ten times the speed the past goes by ten times as fast, and the present is not overtaken', async t => {
  const { clock, now, sleep } = virtualClock(START + 9_000);
  const last: number[] = [];
  const url = await engine(t, (ids, reply) => {
    last.push(clock.at);
    accept(reply, ids);
  });
  await feed(settingsOf(url, { emissions: emissionsEvery(1_000, 21), now, sleep, speed: 10 }));
  // After one second of catching up, ten seconds of the past are told and the clock is reached: from there on it is real time.
  assert.equal(last.at(-1), START + 20_000);
  assert.ok(last.filter(at => at < START + 10_000).length > 1);
});

test('an endless feed ends when it is told to, even while the engine is away', async () => {
  const end = new AbortController();
  let attempts = 0;
  const summary = await feed(
    settingsOf('http://127.0.0.1:1', {
      emissions: emissionsEvery(1, 5),
      signal: end.signal,
      post: async () => {
        attempts += 1;
        if (attempts === 3) end.abort();
        throw new TypeError('fetch failed');
      },
    }),
  );
  assert.equal(summary.sent, 0);
  assert.equal(attempts, 3);
});
