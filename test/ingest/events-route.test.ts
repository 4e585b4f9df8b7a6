// Events route: what a sender gets back over HTTP, whatever he sends.
// In: requests, injected or over a socket. Out: status, code, remedy, and what the journal in memory holds.
// Touches a loopback port in the tests that need a real body stream.

import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { type EventsRouteOptions, eventsRoute } from '../../src/ingest/http/events-route.ts';
import { intakeOf } from '../../src/ingest/intake.ts';
import { machineModel, memoryJournal } from '../support/memory-journal.ts';
import { REFUSED_BODIES } from '../support/refused-bodies.ts';

const AT = '2026-11-22T06:00:00.000Z';
const beat = (id: string, machine = 'filler') => ({ id, machine, at: AT, type: 'heartbeat' });

async function house(options: Partial<EventsRouteOptions> = {}) {
  const journal = memoryJournal([machineModel('filler'), machineModel('packer')]);
  const intake = intakeOf(journal.ports);
  const app = fastify();
  await app.register(eventsRoute, { intake, ...options });
  const post = async (
    payload: string | Buffer | Readable,
    type = 'application/json',
    headers: Record<string, string> = {},
  ) => {
    const reply = await app.inject({
      method: 'POST',
      url: '/v1/events',
      payload,
      headers: { 'content-type': type, ...headers },
    });
    return { status: reply.statusCode, headers: reply.headers, body: reply.json() };
  };
  return { app, journal, intake, post };
}
const NDJSON = 'application/x-ndjson';

test('an object, an array and NDJSON say the same thing', async () => {
  const { post, journal } = await house();
  assert.deepEqual((await post(JSON.stringify(beat('a')))).body, { sent: 1, accepted: 1, duplicates: 0, rejected: [] });
  assert.equal((await post(JSON.stringify([beat('a'), beat('b')]))).body.duplicates, 1);
  const lines = `${[beat('b'), beat('c'), beat('d')].map(each => JSON.stringify(each)).join('\r\n')}\r\n\r\n`;
  const reply = await post(lines, NDJSON);
  assert.deepEqual([reply.status, reply.body.accepted, reply.body.duplicates], [202, 2, 1]);
  assert.equal(journal.events().length, 4);
});

test('202 comes only after the journal holds the events', async () => {
  const { post, journal } = await house();
  const held = journal.hold();
  let answered = false;
  const reply = post(JSON.stringify(beat('a'))).then(each => {
    answered = true;
    return each;
  });
  await held.asked(1);
  for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve));
  assert.equal(answered, false);
  held.open();
  assert.equal((await reply).status, 202);
});

test('a wrong item is refused at its place and the rest comes in, in an array as in NDJSON', async () => {
  const items = [
    JSON.stringify(beat('a')),
    `{"id":"deep","x":${'['.repeat(40)}${']'.repeat(40)}}`,
    '{"id":"twice","id":"again","machine":"filler","at":0,"type":"heartbeat"}',
    '{"id":"p","machine":"filler","at":0,"type":"heartbeat","note":"a \\"quoted: , {[ text\\\\"}',
    JSON.stringify(beat('z', 'nobody')),
    '17',
  ];
  const want = [
    [1, 'OEE_HTTP_TOO_DEEP'],
    [2, 'OEE_HTTP_DUPLICATE_KEY'],
    [4, 'OEE_EVENT_UNKNOWN_MACHINE'],
    [5, 'OEE_EVENT_NOT_AN_OBJECT'],
  ];
  const { post } = await house();
  const array = await post(`[${items.join(' ,\n')}]`);
  assert.deepEqual([array.status, array.body.sent, array.body.accepted], [202, 6, 2]);
  assert.deepEqual(
    array.body.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
    want,
  );
  const lines = await post([...items, '{"id":', ''].join('\n'), NDJSON);
  assert.deepEqual([lines.status, lines.body.sent, lines.body.duplicates], [202, 7, 2]);
  assert.deepEqual(
    lines.body.rejected.map((each: { index: number; code: string }) => [each.index, each.code]),
    [...want, [6, 'OEE_HTTP_JSON']],
  );
});

const whole = JSON.stringify(beat('x'));

test('hostile bodies get a status, a code and a remedy; nothing is polluted, and the next event comes in', async t => {
  const { post, intake } = await house();
  for (const [name, payload, status, code] of REFUSED_BODIES) {
    await t.test(name, async () => {
      const reply = await post(payload);
      assert.deepEqual([reply.status, reply.body.code], [status, code]);
      assert.ok(reply.body.message.length > 0 && reply.body.message.length < 400, 'a message of readable length');
      assert.ok(reply.body.remedy.length > 10);
    });
  }
  assert.equal(({} as { machine?: string }).machine, undefined);
  assert.equal((await post(whole)).body.accepted, 1);
  const { sent, accepted, duplicate, rejected } = intake.counts();
  assert.equal(sent, accepted + duplicate + Object.values(rejected).reduce((sum, each) => sum + each, 0));
});

test('a byte order mark, own __proto__ keys and unknown fields do no harm', async () => {
  const { post, journal } = await house();
  const text = `\ufeff{"__proto__":{"admin":1},"constructor":{"prototype":{"admin":1}},${whole.slice(1)}`;
  assert.equal((await post(text)).body.accepted, 1);
  assert.equal((await post(text, NDJSON)).body.duplicates, 1);
  assert.deepEqual(journal.events(), [{ ...beat('x'), at: Date.parse(AT) }]);
  assert.equal(({} as { admin?: number }).admin, undefined);
});

test('gzip is unpacked, within the same bounds; what is no gzip or another packing is refused', async () => {
  const { post } = await house({ jsonBytesMax: 100_000 });
  const gzip = { 'content-encoding': 'gzip' };
  assert.equal((await post(gzipSync(whole), 'application/json', gzip)).body.accepted, 1);
  assert.equal((await post(gzipSync(whole), NDJSON, gzip)).body.duplicates, 1);
  const bomb = await post(gzipSync(`[${' '.repeat(5e6)}]`), 'application/json', gzip);
  assert.deepEqual([bomb.status, bomb.body.code], [413, 'OEE_HTTP_TOO_LARGE']);
  const lie = await post(whole, 'application/json', gzip);
  assert.deepEqual([lie.status, lie.body.code], [400, 'OEE_HTTP_BODY']);
  const brotli = await post(whole, 'application/json', { 'content-encoding': 'br' });
  assert.deepEqual([brotli.status, brotli.body.code], [415, 'OEE_HTTP_ENCODING']);
});

test('another content type is refused with the right ones named', async () => {
  const { post } = await house();
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
    const reply = await post(whole, type);
    assert.deepEqual([reply.status, reply.body.code], [415, 'OEE_HTTP_MEDIA_TYPE']);
    assert.match(reply.body.remedy, /application\/json/);
  }
});

test('NDJSON may be longer than JSON, but not a line of it; the bound ends what would never end', async () => {
  const { post } = await house({ jsonBytesMax: 500, lineBytesMax: 200, ndjsonBytesMax: 1_000_000 });
  const many = Array.from({ length: 3_000 }, (_, n) => JSON.stringify(beat(`n${n}`)));
  many[1_500] = JSON.stringify({ ...beat('long'), note: 'x'.repeat(9_000) });
  const reply = await post(many.join('\n'), NDJSON);
  assert.deepEqual([reply.status, reply.body.accepted], [202, 2_999]);
  assert.deepEqual(
    reply.body.rejected.map((each: { index: number; code: string; message: string }) => [each.index, each.code]),
    [[1_500, 'OEE_HTTP_LINE_TOO_LONG']],
  );
  assert.match(reply.body.rejected[0].message, /line 1501/);
  const endless = await post(Readable.from(Array(5).fill(Buffer.from(`${many.join('\n')}\n`))), NDJSON);
  assert.deepEqual([endless.status, endless.body.code, endless.body.accepted], [413, 'OEE_HTTP_TOO_LARGE', 0]);
  assert.ok(endless.body.duplicates > 5_000, 'what came before the bound is told');
});

test('a full journal is 503 with Retry-After and what is already certain; sending all of it again is safe', async () => {
  const { post, journal } = await house();
  const lines = Array.from({ length: 2_500 }, (_, n) => JSON.stringify(beat(`n${n}`))).join('\n');
  const { append } = journal.ports;
  let calls = 0;
  Object.assign(journal.ports, {
    append: (...given: Parameters<typeof append>) =>
      ++calls === 2 ? Promise.reject(Object.assign(new Error('full'), { retryAfterS: 9 })) : append(...given),
  });
  const full = await post(lines, NDJSON);
  assert.deepEqual([full.status, full.headers['retry-after'], full.body.code], [503, '9', 'OEE_INTAKE_JOURNAL_AWAY']);
  assert.equal(full.body.accepted, 1_000);
  const again = await post(lines, NDJSON);
  assert.deepEqual([again.status, again.body.accepted, again.body.duplicates], [202, 1_500, 1_000]);
});

test('more bodies at once than the bound are asked to wait, and the place is free again afterwards', async () => {
  const { post, journal } = await house({ inFlightMax: 2 });
  const held = journal.hold();
  const first = [post(JSON.stringify(beat('1'))), post(JSON.stringify(beat('2')))];
  await held.asked(2);
  const third = await post(JSON.stringify(beat('3')));
  assert.deepEqual([third.status, third.headers['retry-after'], third.body.code], [429, '1', 'OEE_HTTP_BUSY']);
  held.open();
  assert.deepEqual(
    (await Promise.all(first)).map(each => each.status),
    [202, 202],
  );
  assert.equal((await post(JSON.stringify(beat('3')))).status, 202);
});

test('bytes held by all bodies together are bounded too', async () => {
  const { post } = await house({ heldBytesMax: 1_000 });
  assert.equal((await post(JSON.stringify({ ...beat('a'), note: 'x'.repeat(2_000) }))).body.code, 'OEE_HTTP_BUSY');
  assert.equal((await post(whole)).status, 202);
});

test('over a real socket: a body cut off half-way changes nothing but what was whole, and the door stays open', async () => {
  const { app, journal } = await house();
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const closed = new Promise(resolve => app.server.once('connection', socket => socket.once('close', resolve)));
  const socket = connect(port, '127.0.0.1');
  socket.write(
    'POST /v1/events HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"id"',
  );
  await new Promise(resolve => app.server.once('request', resolve));
  socket.destroy();
  await closed;
  const url = `http://127.0.0.1:${port}/v1/events`;
  const headers = { 'content-type': 'application/json' };
  const large = await fetch(url, { method: 'POST', headers, body: `[${'1,'.repeat(4.2e6)}1]` });
  assert.deepEqual([large.status, ((await large.json()) as { code: string }).code], [413, 'OEE_HTTP_TOO_LARGE']);
  assert.equal((await fetch(url, { method: 'POST', headers, body: whole })).status, 202);
  assert.equal(journal.events().length, 1);
  await app.close();
});
