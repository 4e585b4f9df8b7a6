// Dead letter routes: found by reason and machine, counted, mended and sent on their way again, or let go.
// In: letters in a real journal, asked over the routes. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import type { DeadLetter } from '../../src/core/log-entry.ts';
import { deadLetterRoutes } from '../../src/engine/dead-letter-routes.ts';
import { letterOf, type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { smallPlant } from '../support/small-plant.ts';

const AHEAD = 'OEE_PIPELINE_AHEAD';
let redis: RedisChild;
let journal: OpenedJournal;
let app: FastifyInstance;
let home: number;
let other: number;

before(async () => {
  redis = await startRedisChild();
  journal = await openedJournal(redis.url);
  [home, other] = [journal.partitionOf('line-1'), journal.partitionOf('line-2')];
  assert.notEqual(home, other, 'the lines lie in two partitions');
  app = fastify();
  await app.register(deadLetterRoutes, {
    letters: journal.deadLetters,
    tally: journal.tally,
    partitionOf: journal.partitionOf,
    plant: () => smallPlant(),
    now: () => 0,
    partitions: Array.from({ length: journal.partitionCount }, (_, p) => p),
  });
});
after(async () => {
  await app?.close();
  await journal?.close();
  await redis?.close();
});

interface Listed extends DeadLetter {
  readonly partition: number;
  readonly id: string;
  readonly replayable: boolean;
}
type Method = 'GET' | 'POST' | 'DELETE';
async function ask<T>(method: Method, url: string, body?: object): Promise<{ status: number; body: T }> {
  const answer = await app.inject({
    method,
    url: `/v1/dead-letters${url}`,
    ...(body === undefined ? {} : { payload: body }),
  });
  return { status: answer.statusCode, body: answer.json() as T };
}
const list = async (query = ''): Promise<Listed[]> =>
  (await ask<{ deadLetters: Listed[] }>('GET', query)).body.deadLetters;
const keyOf = (partition: number, what: string): string => `oee:{p${String(partition).padStart(3, '0')}}:${what}`;
const logged = async (partition: number): Promise<string[]> => {
  const found = await redis.command('XRANGE', keyOf(partition, 'in'), '-', '+');
  return (found as [string, string[]][]).map(([, fields]) => fields[1] ?? '');
};
const empty = async (): Promise<void> => {
  for (const { partition, id } of await list('?count=1000')) await journal.deadLetters.discard(partition, id);
};
const count = (id: string, machine: string, good: unknown = 3): string =>
  JSON.stringify({ id, machine, at: '2030-01-01T00:00:00Z', type: 'count', good, reject: 0 });

test('letters are found by reason, machine and partition, page by page', async () => {
  for (let n = 0; n < 6; n++) {
    const [machine, partition] = n % 2 === 0 ? ['m1', home] : ['p1', other];
    const code = n < 4 ? AHEAD : 'OEE_PIPELINE_TOO_LATE';
    const letter = JSON.stringify(letterOf(`e${n}`, { code, machine }));
    await redis.command('XADD', keyOf(partition, 'dlq'), `${100 + n}-0`, 'n', 1, 'l', letter);
  }
  const events = (letters: readonly Listed[]): string[] => letters.map(letter => letter.event);
  assert.deepEqual(events(await list()), ['e5', 'e4', 'e3', 'e2', 'e1', 'e0']);
  assert.deepEqual(events(await list(`?code=${AHEAD}&machine=m1`)), ['e2', 'e0']);
  assert.deepEqual(events(await list(`?partition=${other}`)), ['e5', 'e3', 'e1']);
  const first = (await ask<{ deadLetters: Listed[]; next: string }>('GET', `?code=${AHEAD}&count=3`)).body;
  assert.deepEqual(events(first.deadLetters), ['e3', 'e2', 'e1']);
  const second = (
    await ask<{ deadLetters: Listed[]; next: string | null }>('GET', `?code=${AHEAD}&count=3&before=${first.next}`)
  ).body;
  assert.deepEqual([events(second.deadLetters), second.next], [['e0'], null]);
  assert.equal((await ask('GET', '?partition=one')).status, 400);
});

test('the summary counts by reason and machine, and follows what comes and goes', async () => {
  const summary = async (): Promise<unknown[]> => {
    const { body } = await ask<{ letters: number; byReason: { code: string; letters: number; machines: object }[] }>(
      'GET',
      '/summary',
    );
    return [body.letters, ...body.byReason.map(({ code, letters, machines }) => [code, letters, machines])];
  };
  assert.deepEqual(await summary(), [6, [AHEAD, 4, { m1: 2, p1: 2 }], ['OEE_PIPELINE_TOO_LATE', 2, { m1: 1, p1: 1 }]]);
  await journal.deadLetters.add(home, [letterOf('e6', { code: AHEAD, machine: 'm1' })]);
  const [gone] = await list(`?machine=p1`);
  await ask('DELETE', `/${gone?.partition}/${gone?.id}`);
  assert.deepEqual(await summary(), [6, [AHEAD, 5, { m1: 3, p1: 2 }], ['OEE_PIPELINE_TOO_LATE', 1, { m1: 1 }]]);
  await empty();
  assert.deepEqual(await summary(), [0]);
});

test('a letter goes into the log as it is, with fields set, or as a whole new event; and is then gone', async () => {
  await journal.deadLetters.add(home, [
    letterOf(count('a', 'm1'), { code: AHEAD }),
    letterOf(count('b', 'm1'), { code: AHEAD }),
    letterOf('{"id":"c","mach'),
  ]);
  const [broken, late, early] = await list();
  const replay = (letter: Listed | undefined, body?: object): ReturnType<typeof ask> =>
    ask('POST', `/${letter?.partition}/${letter?.id}/replay`, body);
  assert.equal((await replay(early)).status, 200);
  assert.equal((await replay(late, { set: { at: '2026-11-20T08:00:00Z', reject: null, total: 4 } })).status, 200);
  const unreadable = await replay(broken, { set: { machine: 'm1' } });
  assert.deepEqual(
    [unreadable.status, (unreadable.body as { code: string }).code],
    [422, 'OEE_SERVER_LETTER_UNREADABLE'],
  );
  assert.equal((await replay(broken, { event: JSON.parse(count('c', 'm2')) as object })).status, 200);
  assert.deepEqual(await logged(home), [
    count('a', 'm1'),
    '{"id":"b","machine":"m1","at":"2026-11-20T08:00:00Z","type":"count","good":3,"total":4}',
    count('c', 'm2'),
  ]);
  assert.deepEqual(await list(), []);
  assert.equal((await replay(broken)).status, 404);
});

test('what is mended wrongly stays a letter, and its sender hears what the door would say', async () => {
  await journal.deadLetters.add(home, [letterOf(count('d', 'm1'))]);
  const [letter] = await list();
  const before = await logged(home);
  const refusals = [
    [{ machine: 'nobody' }, 'OEE_EVENT_UNKNOWN_MACHINE'],
    [{ good: -1 }, 'OEE_EVENT_FIELD'],
    [{ at: '2026-11-20T08:00:00' }, 'OEE_EVENT_TIME_WITHOUT_OFFSET'],
    [{ machine: 'p1' }, 'OEE_SERVER_LETTER_ELSEWHERE'],
  ] as const;
  for (const [set, code] of refusals) {
    const answer = await ask<{ code: string; remedy: string }>('POST', `/${home}/${letter?.id}/replay`, { set });
    assert.deepEqual([answer.status, answer.body.code], [422, code]);
    assert.ok(answer.body.remedy.length > 0);
  }
  assert.equal((await list()).length, 1);
  assert.deepEqual(await logged(home), before);
  await empty();
});

test('a result that InfluxDB refused is shown, says that it is no event, and can only be discarded', async () => {
  await journal.deadLetters.add(home, [
    letterOf('{"type":"result"}', { code: 'OEE_INFLUX_REFUSED', entry: 'out:7-1' }),
  ]);
  const [letter] = await list();
  assert.equal(letter?.replayable, false);
  const shown = await ask<Listed>('GET', `/${home}/${letter?.id}`);
  assert.equal(shown.body.event, '{"type":"result"}');
  const refused = await ask<{ code: string }>('POST', `/${home}/${letter?.id}/replay`);
  assert.deepEqual([refused.status, refused.body.code], [409, 'OEE_SERVER_LETTER_IS_RESULT']);
  assert.equal((await ask('DELETE', `/${home}/${letter?.id}`)).status, 200);
  assert.equal((await ask('DELETE', `/${home}/${letter?.id}`)).status, 404);
  assert.equal((await ask('GET', '/4000/1-1')).status, 404, 'a partition that never was');
});
