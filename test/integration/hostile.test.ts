// Hostile input: whatever is posted or written into the streams, each gets its answer, and the good events count to the digit.
// In: good shifts by three doors, garbage in between. Out: statuses, codes, books that balance, dead letters that can be dealt with.
// Touches the real program, Redis and InfluxDB as child processes.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { partitionKeys, partitionOfLine } from '../../src/journal/keys.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { hostileBodies } from '../support/hostile-bodies.ts';
import { hostileEntries } from '../support/hostile-entries.ts';
import { hostileQuestions } from '../support/hostile-questions.ts';
import { CLASSIC, sheetEvents, sheetsPlant } from '../support/worked-sheets.ts';

const DAY_MS = 86_400_000;
const DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
/** The same shift by three doors, and a machine that all hostile events aim at, on a line of its own. */
const DOORS = ['by-http', 'by-lines', 'by-array'] as const;
const VICTIM = 'victim';
const sheetOf = (id: string, group = 'single') => ({ ...CLASSIC, id, group });
const PLANT = sheetsPlant([...DOORS.map(id => sheetOf(id)), sheetOf(VICTIM, 'other')]).replace(
  'defaults:',
  'settings: { maxAhead: 2s }\ndefaults:',
);
const STREAM = partitionKeys('oee', partitionOfLine('line-single', 256)).in;
const VICTIMS_STREAM = partitionKeys('oee', partitionOfLine('line-other', 256)).in;

interface Letter {
  readonly partition: number;
  readonly id: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly event: string;
}

const bytesOf = (body: string | Buffer) => (typeof body === 'string' ? body : new Uint8Array(body));

let engine: EngineChild;
/** events that outsiders wrote into the streams, and letters that were replayed */
let outside = 0;
/** copies of events that name no machine: each line's partition holds one */
let everywhere = 0;
const goodEvents: Readonly<Record<string, object[]>> = Object.fromEntries(
  DOORS.map(id => [id, sheetEvents(sheetOf(id), DAY)]),
);
const SLICES = 6;

before(async () => {
  engine = await startEngineChild(PLANT);
});
after(() => engine.close());

/** One part of each door's shift: good events between the bad ones. */
async function goodSlice(index: number): Promise<void> {
  const part = (id: string): object[] => {
    const events = goodEvents[id] ?? [];
    const size = Math.ceil(events.length / SLICES);
    return events.slice(index * size, (index + 1) * size);
  };
  const { rejected } = await engine.send(part('by-http'));
  assert.deepEqual(rejected, []);
  const lines = part('by-lines').map(event => JSON.stringify(event));
  await engine.redis.command('XADD', STREAM, '*', 'b', lines.join('\n'));
  await engine.redis.command('XADD', STREAM, '*', 'b', JSON.stringify(part('by-array')));
  outside += part('by-lines').length + part('by-array').length;
}

const books = async (name: string, ...outcomes: string[]): Promise<number[]> =>
  Promise.all(outcomes.map(outcome => engine.metric(name, `outcome="${outcome}"`)));
const letters = async (): Promise<Letter[]> =>
  (await engine.get<{ deadLetters: Letter[] }>('/v1/dead-letters?count=1000')).deadLetters;

async function booksBalance(): Promise<void> {
  const [sent = 0, accepted = 0, duplicate = 0, rejected = 0] = await books(
    'oee_ingest_events_total',
    ...['sent', 'accepted', 'duplicate', 'rejected'],
  );
  assert.equal(sent, accepted + duplicate + rejected, 'sent = accepted + duplicate + rejected');
  const held = await engine.metric('oee_journal_accepted_total');
  assert.equal(held, accepted + everywhere, 'the journal holds what was accepted');
  const [read = 0] = await engine.until(
    'everything is read',
    () => books('oee_pipeline_events_total', 'read'),
    ([sofar = 0]) => sofar >= held + outside,
  );
  const [inState = 0, repeats = 0, dead = 0] = await books(
    'oee_pipeline_events_total',
    ...['inState', 'repeats', 'deadLettered'],
  );
  assert.equal(read, held + outside, 'what was accepted and what others wrote is read');
  assert.equal(read, inState + repeats + dead, 'read = in state + repeats + dead-lettered');
  assert.equal(await engine.metric('oee_journal_dead_letters_total'), dead, 'the journal holds the dead letters');
}

test('every hostile body is refused with its code, a message one can read and a remedy', async () => {
  await goodSlice(0);
  const bodies = hostileBodies(VICTIM, DAY);
  for (const [index, { what, body, headers = {}, status, code }] of bodies.entries()) {
    const answer = await fetch(`${engine.url}/v1/events`, { method: 'POST', headers, body: bytesOf(body) });
    const told = (await answer.json()) as Record<string, unknown>;
    assert.deepEqual([answer.status, told.code], [status, code], `${what}: ${JSON.stringify(told).slice(0, 300)}`);
    assert.ok(String(told.message).length > 3 && String(told.message).length < 300, `${what}: ${told.message}`);
    assert.ok(String(told.remedy).length > 10, `${what} has a remedy`);
    if (index === Math.floor(bodies.length / 2)) await goodSlice(1);
  }
  await booksBalance();
});

test('among bad lines the good ones are taken, and each bad one is named by its place', async () => {
  const good = (id: string) => JSON.stringify({ id, machine: VICTIM, at: DAY, type: 'heartbeat' });
  const lines = [good('m1'), '{"id":', good('m2'), '7', '', good('m1'), good('m3').replace('victim', 'nobody')];
  const { status, body } = await engine.post(lines.join('\n'), 'application/x-ndjson');
  assert.equal(status, 202);
  const rejected = (body.rejected as { index: number; code: string }[]).map(({ index, code }) => [index, code]);
  assert.deepEqual(
    { ...body, rejected },
    {
      sent: 6,
      accepted: 2,
      duplicates: 1,
      rejected: [
        [1, 'OEE_HTTP_JSON'],
        [3, 'OEE_EVENT_NOT_AN_OBJECT'],
        [5, 'OEE_EVENT_UNKNOWN_MACHINE'],
      ],
    },
  );
  const another = JSON.stringify({ id: 'm1', machine: VICTIM, at: DAY, type: 'count', good: 1 });
  const reused = await engine.post(another);
  assert.deepEqual([reused.status, reused.body.code], [400, 'OEE_EVENT_ID_REUSED']);
  const innards = JSON.stringify({ id: 'm4', machine: VICTIM, at: DAY + 1, type: 'heartbeat' });
  const kept = await engine.post(innards.replace('{', '{"__proto__":{"machine":"by-http","good":9},"toString":1,'));
  assert.deepEqual([kept.status, kept.body.accepted], [202, 1], 'fields that mean nothing are left out');
  await goodSlice(2);
  await booksBalance();
});

test('stamps far ahead and long ago are dead letters of the log; strange but legal events harm nobody', async () => {
  const person = { by: 'x', why: 'y' };
  const at = Date.now();
  const events = [
    { type: 'heartbeat', at },
    { type: 'heartbeat', at: Date.UTC(2199, 11, 31) },
    { type: 'count', good: 1, at: 0 },
    { type: 'count', good: 1, at: at - 30 * DAY_MS },
    { type: 'heartbeat', at: at + 1, id: '\u0000\u2028\n"\\' },
    { type: 'count', at: at + 2, total: 1e9, good: 1e9 },
    { type: 'shift', from: at - 1, to: Date.UTC(2199, 0, 1), planned: 'notScheduled', ...person },
    { type: 'cycle', from: 0, product: '__proto__', idealCycleMs: 1e-9, ...person },
    { type: 'order', at: at + 3, phase: 'start', order: '__proto__', product: 'piece' },
    { type: 'revoke', id: 'r1', revokes: 'r2', ...person },
    { type: 'revoke', id: 'r2', revokes: 'r1', ...person },
    { type: 'revoke', id: 'r3', revokes: 'r3', machine: undefined, ...person },
  ].map((event, index) => ({ id: `strange-${index}`, machine: VICTIM, ...event }));
  const first = await engine.send(events.slice(0, 1));
  const rest = await engine.send(events.slice(1));
  assert.equal(first.accepted + rest.accepted, events.length);
  everywhere += 1;
  await goodSlice(3);
  await booksBalance();
  const codes = (await letters()).map(({ code }) => code).sort();
  assert.deepEqual(codes, ['OEE_PIPELINE_AHEAD', 'OEE_PIPELINE_TOO_LATE', 'OEE_PIPELINE_TOO_LATE']);
});

test('garbage written straight into a stream becomes dead letters, one by one, with code, remedy and text', async () => {
  const known = new Set((await letters()).map(({ id }) => id));
  const entries = hostileEntries(VICTIM, 'by-http', Date.now() - 60_000, Date.now());
  for (const [index, { fields, codes, good }] of entries.entries()) {
    await engine.redis.command('XADD', VICTIMS_STREAM, '*', ...fields);
    outside += codes.length + good;
    if (index === Math.floor(entries.length / 2)) await goodSlice(4);
  }
  await booksBalance();
  const fresh = (await letters()).filter(({ id }) => !known.has(id)).reverse();
  const expected = entries.flatMap(({ what, codes }) => codes.map(code => [what, code] as const));
  for (const [index, [what, code]] of expected.entries()) {
    const letter = fresh[index];
    assert.equal(letter?.code, code, `${what}: ${JSON.stringify(letter)?.slice(0, 300)}`);
    assert.ok((letter?.remedy.length ?? 0) > 10 && (letter?.message.length ?? 999) < 300, `${what} is explained`);
    assert.ok((letter?.event.length ?? 9_999) <= 4_096, `${what} is cut`);
  }
  assert.equal(fresh.length, expected.length, 'and no others');
});

test('a dead letter is replayed or discarded by the API, once; wrong names are told so', async () => {
  const at = Date.now() + 3_000;
  const early = { id: 'early', machine: VICTIM, at, type: 'heartbeat' };
  await engine.send([early]);
  await booksBalance();
  const [ahead, ...others] = await letters();
  assert.deepEqual([ahead?.code, ahead?.event], ['OEE_PIPELINE_AHEAD', JSON.stringify(early)]);
  const act = async (method: string, path: string): Promise<[number, unknown]> => {
    const answer = await fetch(`${engine.url}/v1/dead-letters/${path}`, { method });
    const told = (await answer.json()) as { code?: string };
    return [answer.status, told.code ?? Object.keys(told)[0]];
  };
  const garbage = others.find(({ code }) => code === 'OEE_PIPELINE_UNREADABLE');
  assert.deepEqual(await act('DELETE', `${garbage?.partition}/${garbage?.id}`), [200, 'discarded']);
  assert.deepEqual(await act('DELETE', `${garbage?.partition}/${garbage?.id}`), [404, 'OEE_SERVER_NO_LETTER']);
  await engine.until(
    'its time',
    async () => Date.now(),
    now => now > at,
  );
  const dead = await engine.metric('oee_pipeline_events_total', 'outcome="deadLettered"');
  assert.deepEqual(await act('POST', `${ahead?.partition}/${ahead?.id}/replay`), [200, 'replayed']);
  assert.deepEqual(await act('POST', `${ahead?.partition}/${ahead?.id}/replay`), [404, 'OEE_SERVER_NO_LETTER']);
  outside += 1;
  await booksBalance();
  assert.equal(await engine.metric('oee_pipeline_events_total', 'outcome="deadLettered"'), dead, 'its time had come');
  for (const name of ['x/1-1', '-1/1-1', '1.5/1-1', '7/x', '7/1-', `7/${'1'.repeat(400)}-1`]) {
    const [status, code] = await act('DELETE', name);
    assert.ok(status === 400 || status === 414, `${name.slice(0, 20)}: ${status}`);
    assert.equal(code, 'OEE_SERVER_REQUEST', name);
  }
  assert.equal((await act('DELETE', '9999/1-1'))[0], 404);
  assert.deepEqual((await engine.get<{ code: string }>('/v1/dead-letters?before=x')).code, 'OEE_SERVER_REQUEST');
});

test('hostile questions are refused with a code, at once', async () => {
  for (const [path, status, code] of hostileQuestions('by-http', DAY)) {
    const answer = await fetch(engine.url + path);
    const told = (await answer.json()) as { code: string; remedy: string };
    assert.deepEqual([answer.status, told.code], [status, code], `${path}: ${JSON.stringify(told)}`);
    assert.ok(told.remedy.length > 10, `${path} has a remedy`);
  }
});

test('after all that, three doors give one figure: that of the published shift, here and in InfluxDB', async () => {
  await goodSlice(5);
  await booksBalance();
  await engine.settled();
  const { A, P, Q, OEE } = CLASSIC.exact;
  const figures: unknown[] = [];
  for (const unit of DOORS) {
    const [shift] = await engine.results({ unit, window: 'shift', from: DAY, to: DAY + DAY_MS });
    for (const [name, value] of Object.entries({ availability: A, performance: P, quality: Q, oee: OEE })) {
      const told = shift?.[name as 'oee'];
      assert.ok(typeof told === 'number' && Math.abs(told - value.value) < 1e-9, `${unit} ${name}: ${told}`);
    }
    assert.equal(shift?.final, true);
    const [row] = await engine.influx.rows(
      `SELECT "oee", "total", "good", "final" FROM oee WHERE "unit"='${unit}' AND "window"='shift'`,
    );
    assert.deepEqual([row?.total, row?.good, row?.final], [19_271, 18_848, true], `${unit} in InfluxDB`);
    figures.push({ ...shift, unit: '' });
  }
  assert.deepEqual(figures[1], figures[0], 'lines written into the stream are the same as HTTP');
  assert.deepEqual(figures[2], figures[0], 'and so is an array');
});
