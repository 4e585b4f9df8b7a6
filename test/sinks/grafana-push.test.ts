// Grafana push: the newest of every series once a second, and nobody waits for a Grafana that is slow, away or says no.
// In: a real HTTP listener that reads and answers as Grafana's push endpoint does; timers in the test's hands. Out: laws.
// Touches a loopback port.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { grafanaPush } from '../../src/sinks/grafana/grafana-push.ts';
import { outputToLines } from '../../src/sinks/influx/result-to-lines.ts';
import { madeUpAlert } from '../support/made-up-news.ts';
import { madeUpResult, T0 } from '../support/made-up-outputs.ts';

const PLACE = { site: 'works', area: 'hall 1', line: 'line-1' };
/** Name, tags, fields, nanoseconds: what Grafana's reader takes; milliseconds would be an instant of 1970. */
const LINE = /^(?<series>[a-z_]+(?:,[a-z]+=(?:\\.|[^\\ ,=])+)+) (?<fields>.+) (?<ns>\d{19})$/;

interface Said {
  readonly series: string;
  readonly fields: string;
  readonly ns: string;
}

/** Grafana's door: the token first, then the stream, then every line; 200 with nothing in it. */
async function grafana(t: TestContext) {
  const pushes: Said[][] = [];
  const broken: string[] = [];
  const server: Server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const lines = Buffer.concat(parts).toString().split('\n');
    const isKnown = request.headers.authorization === 'Bearer glsa_right';
    const isStream = request.method === 'POST' && /^\/api\/live\/push\/[\w-]+$/.test(request.url ?? '');
    const read = lines.map(line => LINE.exec(line)?.groups as unknown as Said | undefined);
    broken.push(...lines.filter((_, at) => read[at] === undefined));
    const status = !isKnown ? 401 : !isStream ? 404 : read.includes(undefined) ? 400 : 200;
    if (status === 200) pushes.push(read as Said[]);
    response.writeHead(status).end(status === 401 ? '{"message":"Unauthorized"}' : '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/live/push/oee`;
  return { url, server, pushes, broken };
}

function pusher(url: string, token: string | null, post: typeof fetch = fetch) {
  const timers: { run: () => void; afterMs: number }[] = [];
  let settled: () => void = () => undefined;
  const push = grafanaPush({
    ...{ url, token, fetch: post },
    linesOf: output => outputToLines(output, () => PLACE),
    setTimer: (run, afterMs) => {
      timers.push({ run, afterMs });
      settled();
      return () => undefined;
    },
  });
  /** lets the timer go off; resolves when the next one is set. @returns how long that one waits */
  const turn = async (): Promise<number> => {
    const next = new Promise<void>(resolve => {
      settled = resolve;
    });
    timers.shift()?.run();
    await next;
    return timers[0]?.afterMs ?? Number.NaN;
  };
  return { push, turn };
}

const result = (edge: number, good: number) =>
  madeUpResult('filler 1', 'shift', {
    name: 'early',
    edge: T0 + edge,
    tally: { ...madeUpResult('x', 'shift').tally, good },
  });

test('the newest of each series goes out, with its instant in nanoseconds, and nothing twice', async t => {
  const { url, pushes, broken } = await grafana(t);
  const { push, turn } = pusher(url, 'glsa_right');
  push.take([
    result(1, 10),
    result(2, 20),
    madeUpAlert('filler 1'),
    madeUpResult('capper', 'shift', { name: 'early' }),
  ]);
  push.take([result(3, 30), { ...result(4, 40), kind: 'hour' }]);
  assert.equal(await turn(), 1_000);
  const [first = []] = pushes;
  assert.deepEqual(first.map(({ series }) => series.split(',')[0]).sort(), ['alert', 'oee', 'oee', 'oee']);
  const shift = first.find(({ series }) => series.includes('unit=filler\\ 1') && series.includes('window=shift'));
  assert.match(shift?.fields ?? '', /\bgood=30i\b/);
  assert.equal(shift?.ns, `${T0}000000`);
  await turn();
  assert.equal(pushes.length, 1, 'what did not change is not said again');
  assert.deepEqual([broken, push.trouble()], [[], null]);
  await push.close();
});

test('told no, it says why and what to do, asks less and less often, and then tells the newest, not the oldest', async t => {
  const { url, pushes } = await grafana(t);
  let shown = 'glsa_wrong';
  const post: typeof fetch = (input, init) =>
    fetch(input, {
      ...init,
      headers: { ...(init?.headers as Record<string, string>), authorization: `Bearer ${shown}` },
    });
  const { push, turn } = pusher(url, 'any', post);
  push.take([result(1, 10), madeUpResult('capper', 'shift')]);
  const waits: number[] = [];
  for (let n = 0; n < 6; n += 1) waits.push(await turn());
  const under = turn();
  // told while the push that will fail is under way
  push.take([result(5, 50)]);
  waits.push(await under);
  assert.deepEqual(waits, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  assert.match(push.trouble() ?? '', /401.*GRAFANA_LIVE_TOKEN/);
  shown = 'glsa_right';
  assert.equal(await turn(), 1_000);
  assert.deepEqual([pushes.length, pushes[0]?.length, push.trouble()], [1, 2, null]);
  assert.ok(
    pushes[0]?.some(({ fields }) => /\bgood=50i\b/.test(fields)) &&
      !pushes[0]?.some(({ fields }) => /\bgood=10i\b/.test(fields)),
  );
  await push.close();
});

test('away or silent, it holds nobody up and ends at once', async t => {
  const { url, server } = await grafana(t);
  server.removeAllListeners('request');
  const asked = once(server, 'request');
  const { push, turn } = pusher(url, 'glsa_right');
  push.take([result(1, 10)]);
  const under = turn();
  await asked;
  // nobody answers: what comes meanwhile is taken all the same, and closing waits for nothing
  for (let n = 0; n < 10_000; n += 1) push.take([result(n, n)]);
  await push.close();
  const nobody = pusher('http://127.0.0.1:1/api/live/push/oee', null);
  nobody.push.take([result(1, 10)]);
  await nobody.turn();
  assert.match(nobody.push.trouble() ?? '', /^away/);
  await nobody.push.close();
  void under;
});
