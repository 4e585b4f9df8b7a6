// Influx manners: what the sink makes of every answer that an InfluxDB, or a proxy before it, can give.
// In: a neighbour that answers as the story wants. Out: laws about errors, patience, credentials and paths.
// Touches a loopback port.

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { after, before, beforeEach, test } from 'node:test';
import type { InfluxOptions } from '../../src/sinks/influx/influx-address.ts';
import { influxSink } from '../../src/sinks/influx/influx-sink.ts';
import { SinkError } from '../../src/sinks/sink.ts';
import { madeUpResult } from '../support/made-up-outputs.ts';

interface Answer {
  readonly status: number;
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
}
type Asked = Pick<IncomingMessage, 'method' | 'url' | 'headers'> & { readonly body: string };

const asked: Asked[] = [];
let answer: (request: Asked) => Answer | null;
let server: Server;
let port = 0;

before(async () => {
  server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    const seen = { method, url, headers, body: await text(request) };
    asked.push(seen);
    const told = answer(seen);
    if (told === null) return;
    const body = typeof told.body === 'object' ? JSON.stringify(told.body) : (told.body ?? '');
    response.writeHead(told.status, { 'content-type': 'application/json', ...told.headers }).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  port = (server.address() as AddressInfo).port;
});
after(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  answer = () => ({ status: 204 });
});

const filler = madeUpResult('filler', 'hour');
const placeOf = () => ({ site: null, area: null, line: null });
const sinkOf = (more: Partial<InfluxOptions> = {}) =>
  influxSink({ url: `http://127.0.0.1:${port}`, bucket: 'plant', placeOf, ...more });

async function errorOf(told: Answer, more: Partial<InfluxOptions> = {}): Promise<SinkError> {
  answer = () => told;
  const error = await sinkOf(more)
    .write([filler], 0)
    .then(
      () => null,
      (caught: unknown) => caught,
    );
  assert.ok(error instanceof SinkError, `${told.status} must be worth another try`);
  return error;
}

test('1.x is written by database, 2.x and 3.x by organisation, bucket and token; always in milliseconds', async () => {
  await sinkOf().write([filler], 0);
  await sinkOf({ token: 'secret', org: 'acme' }).write([filler], 0);
  await sinkOf({ token: 'secret' }).write([filler], 0);
  assert.deepEqual(
    asked.map(({ method, url, headers }) => [method, url, headers.authorization]),
    [
      ['POST', '/write?db=plant&precision=ms', undefined],
      ['POST', '/api/v2/write?org=acme&bucket=plant&precision=ms', 'Token secret'],
      ['POST', '/api/v2/write?bucket=plant&precision=ms', 'Token secret'],
    ],
  );
  assert.match(asked[0]?.body ?? '', /^oee,level=machine,unit=filler,window=hour .* \d{13}$/);
});

test('a user of 1.x is known by name and password, from the options or from the address', async () => {
  const basic = `Basic ${Buffer.from('lab:p@ss').toString('base64')}`;
  await sinkOf({ username: 'lab', password: 'p@ss' }).write([filler], 0);
  await sinkOf({ url: `http://lab:p%40ss@127.0.0.1:${port}` }).write([filler], 0);
  assert.deepEqual(
    asked.map(({ headers }) => headers.authorization),
    [basic, basic],
  );
});

test('an InfluxDB behind a path is written behind that path', async () => {
  await sinkOf({ url: `http://127.0.0.1:${port}/influx/` }).write([filler], 0);
  assert.equal(asked[0]?.url, '/influx/write?db=plant&precision=ms');
});

test('no answer but 204 is a yes: everything else says what to do and is tried again', async () => {
  for (const [status, code, hint] of [
    [200, 'OEE_INFLUX_AWAY', /INFLUX_URL/],
    [302, 'OEE_INFLUX_FAILED', /sent again/],
    [401, 'OEE_INFLUX_DENIED', /INFLUX_TOKEN/],
    [403, 'OEE_INFLUX_DENIED', /INFLUX_TOKEN/],
    [404, 'OEE_INFLUX_NO_DATABASE', /INFLUX_URL/],
    [429, 'OEE_INFLUX_BUSY', /sent again/],
    [500, 'OEE_INFLUX_FAILED', /sent again/],
    [503, 'OEE_INFLUX_BUSY', /sent again/],
  ] as const) {
    const error = await errorOf({ status, body: { error: 'made up' } });
    assert.equal(error.code, code, String(status));
    assert.match(error.hint, hint, String(status));
  }
});

test('patience is kept as long as asked for: seconds, or a date by the neighbour’s own clock', async () => {
  const seconds = await errorOf({ status: 503, headers: { 'retry-after': '7' } });
  assert.equal(seconds.retryAfterMs, 7_000);
  const [date, later] = ['Sun, 22 Nov 2026 06:00:00 GMT', 'Sun, 22 Nov 2026 06:01:30 GMT'];
  const dated = await errorOf({ status: 429, headers: { date, 'retry-after': later } });
  assert.equal(dated.retryAfterMs, 90_000);
  assert.equal((await errorOf({ status: 503 })).retryAfterMs, null);
});

test('a 400 about the address gives up no point; one about a line gives up that line', async () => {
  for (const message of ['database is required', 'retention policy not found: week', 'bucket "plant" not found']) {
    assert.equal((await errorOf({ status: 400, body: { error: message } })).code, 'OEE_INFLUX_ADDRESS', message);
  }
  for (const body of [
    { error: "unable to parse 'oee,unit=org\\ required x=': missing field value" },
    { code: 'unprocessable entity', message: 'failure writing points: partial write: field type conflict dropped=1' },
    { error: 'partial write of line protocol occurred', data: [{ error_message: 'invalid column type' }] },
  ]) {
    answer = () => ({ status: 'code' in body ? 422 : 400, body });
    const [refused] = await sinkOf().write([filler], 0);
    assert.equal(refused?.code, 'OEE_INFLUX_REFUSED');
    assert.equal(refused?.output, filler);
  }
});

test('a request that is too large for a proxy is cut until it fits', async () => {
  const outputs = Array.from({ length: 64 }, (_, n) => madeUpResult(`unit-${n}`, 'hour'));
  const taken: string[] = [];
  answer = ({ body }) => {
    const lines = body.split('\n');
    if (lines.length > 10) return { status: 413, body: '<html>too large</html>' };
    taken.push(...lines);
    return { status: 204 };
  };
  assert.deepEqual(await sinkOf().write(outputs, 0), []);
  assert.equal(new Set(taken).size, 64);
});

test('a database that may not be made is asked for once, not for ever', async () => {
  const error = await errorOf({ status: 404, body: { error: 'database not found: "plant"' } });
  assert.equal(error.code, 'OEE_INFLUX_NO_DATABASE');
  assert.match(error.hint, /CREATE DATABASE "plant"/);
  assert.deepEqual(
    asked.map(({ url }) => url?.split('?')[0]),
    ['/write', '/query'],
  );
});

test('of several tellings of one point only the newest is sent, and all of them are refused when it is', async () => {
  const tellings = [0, 1, 2].map(revision => madeUpResult('filler', 'hour', { revision }));
  answer = () => ({ status: 400, body: { error: 'partial write: field type conflict dropped=1' } });
  const refused = await sinkOf().write(tellings.slice(0, 1).concat(tellings), 0);
  assert.deepEqual(new Set(refused.map(({ output }) => output)), new Set(tellings));
  answer = () => ({ status: 204 });
  asked.length = 0;
  await sinkOf().write(tellings, 0);
  const lines = asked[0]?.body.split('\n').filter(line => line.startsWith('oee,')) ?? [];
  assert.equal(lines.length, 1);
  assert.match(lines[0] ?? '', /,revision=2i,/);
});

test('what failed is not taken for written: the sliding window of its minute comes again', async () => {
  const sliding = madeUpResult('filler', 'last5m');
  const sink = sinkOf();
  answer = () => ({ status: 503 });
  await assert.rejects(sink.write([sliding], 0), SinkError);
  answer = () => ({ status: 204 });
  await sink.write([sliding], 0);
  await sink.write([sliding], 0);
  assert.equal(asked.length, 2);
});

test('closing breaks off a request that hangs', async () => {
  const sink = sinkOf();
  const hanging = new Promise<void>(settle => {
    answer = () => {
      settle();
      return null;
    };
  });
  const write = sink.write([filler], 0);
  await hanging;
  await sink.close();
  await assert.rejects(write, SinkError);
});
