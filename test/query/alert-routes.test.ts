// Alert routes: alerts are found by unit, rule, severity and time; what people say of them is in the journal before it is answered.
// In: states with alerts, asked over the routes; acts appended to a real journal. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import type { Alert, AlertRule } from '../../src/core/alert.ts';
import { type AlertAct, parseAct } from '../../src/core/alert-act.ts';
import { keepTold } from '../../src/core/alert-state.ts';
import type { WireAlert } from '../../src/core/alert-to-wire.ts';
import { newPartition, type Partition } from '../../src/core/partition.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { alertRoutes } from '../../src/query/alert-routes.ts';
import { madeUpAlert } from '../support/made-up-alert.ts';
import { T0 } from '../support/made-up-outputs.ts';
import { type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { smallPlant } from '../support/small-plant.ts';

const MINUTE = 60_000;
const ruleOf = (id: string, units: readonly string[]): AlertRule => ({
  ...{ id, text: id, condition: { kind: 'stopLonger', longerMs: 600_000 }, forMs: 0, severity: 'warning', units },
  ...{ togetherMs: 0, flapMs: 0, quiet: [], escalation: [] },
});
const PLANT: Plant = {
  ...smallPlant(),
  alerts: [ruleOf('stopped', ['m1', 'p1']), { ...ruleOf('lag', []), condition: { kind: 'engineLag', longerMs: 1 } }],
};

let redis: RedisChild;
let journal: OpenedJournal;
let app: FastifyInstance;
let states: Map<number, Partition> | null;

before(async () => {
  redis = await startRedisChild();
  journal = await openedJournal(redis.url);
  app = fastify({ ajv: { customOptions: { strict: false, removeAdditional: false } } });
  await app.register(alertRoutes, {
    plant: () => PLANT,
    states: () => (states === null ? null : [...states.values()]),
    partitionOf: journal.partitionOf,
    append: (partition: number, body: string) => journal.appendInternal(partition, 'alert-act', body),
    now: () => T0,
  });
});
after(async () => {
  await app?.close();
  await journal?.close();
  await redis?.close();
});
beforeEach(() => {
  states = new Map();
});

/** Puts an alert where the engine keeps it. */
function tell(alert: Alert, line: string): void {
  const partition = journal.partitionOf(line);
  const state = states?.get(partition) ?? newPartition(partition, () => true);
  keepTold(state.alerts, { alert, place: line, heardAt: null, heardStatus: null, heardMembers: 0, said: 0 });
  states?.set(partition, state);
}

type Answered<T> = { readonly status: number; readonly body: T & { readonly code?: string; readonly remedy?: string } };
async function ask<T = object>(method: 'GET' | 'POST', url: string, body?: object): Promise<Answered<T>> {
  const payload = body === undefined ? {} : { payload: body };
  const answer = await app.inject({ method, url: `/v1/alerts${url}`, ...payload });
  return { status: answer.statusCode, body: answer.json() };
}
type Listed = { readonly alerts: readonly WireAlert[]; readonly more: number; readonly mutes: readonly object[] };
const idsOf = async (query: string): Promise<string[]> =>
  (await ask<Listed>('GET', query)).body.alerts.map(({ id }) => id);

/** The acts in the log of a partition, as the pipeline will read them. */
async function acts(partition: number): Promise<unknown[]> {
  const key = `oee:{p${String(partition).padStart(3, '0')}}:in`;
  const found = (await redis.command('XRANGE', key, '-', '+')) as [string, string[]][];
  const fields = found.map(([, list]) => Object.fromEntries(list.flatMap((f, i) => (i % 2 ? [] : [[f, list[i + 1]]]))));
  return fields.filter(entry => Object.values(entry).includes('alert-act')).map(entry => parseAct(entry.b ?? ''));
}

function tellAll(): void {
  tell(madeUpAlert({ id: 'a', unit: 'm1', rule: 'stopped', severity: 'critical', since: T0 - 5 * MINUTE }), 'line-1');
  tell(
    madeUpAlert({
      ...{ id: 'b', unit: 'p1', rule: 'stopped', severity: 'warning', since: T0 - 60 * MINUTE },
      ...{ status: 'resolved', resolvedAt: T0 - 40 * MINUTE },
    }),
    'line-2',
  );
  const members = ['p1', 'p2'].map(unit => ({ unit, since: T0, until: null, value: null }));
  tell(madeUpAlert({ id: 'c', unit: 'line-2', level: 'line', members, since: T0 - 90 * MINUTE }), 'line-2');
  tell(madeUpAlert({ id: 'd', unit: 'engine', level: 'engine', rule: 'lag', members: [], since: T0 - 10 }), 'line-2');
}

test('alerts are listed youngest first, in the wire’s shape, and found by status, unit, rule, severity and time', async () => {
  tellAll();
  const { body } = await ask<Listed>('GET', '');
  assert.deepEqual(
    body.alerts.map(({ id, since }) => [id, since]),
    [
      ['d', new Date(T0 - 10).toISOString()],
      ['a', new Date(T0 - 5 * MINUTE).toISOString()],
      ['b', new Date(T0 - 60 * MINUTE).toISOString()],
      ['c', new Date(T0 - 90 * MINUTE).toISOString()],
    ],
  );
  assert.deepEqual(await idsOf('?status=active'), ['d', 'a', 'c']);
  assert.deepEqual(await idsOf('?unit=line-2'), ['b', 'c'], 'a line with the machines below it');
  assert.deepEqual(await idsOf('?unit=p2'), ['c'], 'a machine under an alert of its line');
  assert.deepEqual(await idsOf('?unit=site-1'), ['a', 'b', 'c']);
  assert.deepEqual(await idsOf('?unit=engine'), ['d']);
  assert.deepEqual(await idsOf('?rule=lag'), ['d']);
  assert.deepEqual(await idsOf('?severity=warning'), ['b']);
  assert.deepEqual(await idsOf(`?to=${T0 - 50 * MINUTE}`), ['b', 'c']);
  assert.deepEqual(await idsOf(`?from=${new Date(T0 - 30 * MINUTE).toISOString()}`), ['d', 'a', 'c']);
  const cut = await ask<Listed>('GET', '?limit=1');
  assert.deepEqual([cut.body.alerts.length, cut.body.more], [1, 3]);
  assert.equal((await ask<WireAlert>('GET', '/a')).body.id, 'a');
});

test('a question that makes no sense is refused with code and remedy', async () => {
  tellAll();
  const refusals = [
    ['?unit=m9', 404, 'OEE_QUERY_UNKNOWN_UNIT'],
    ['?rule=x', 404, 'OEE_QUERY_UNKNOWN_RULE'],
    ['?from=yesterday', 400, 'OEE_QUERY_TIME'],
    [`?from=${T0}&to=${T0}`, 400, 'OEE_QUERY_SPAN'],
    ['/x', 404, 'OEE_QUERY_NO_ALERT'],
  ] as const;
  for (const [query, status, code] of refusals) {
    const answer = await ask('GET', query);
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
    assert.ok((answer.body.remedy ?? '').length > 10);
  }
  assert.equal((await ask('GET', '?status=over')).status, 400);
  states = null;
  assert.deepEqual([(await ask('GET', '')).status, (await ask('GET', '/a')).status], [503, 503]);
});

test('an acknowledgement is in the journal of its line when it is answered; said again, it changes nothing', async () => {
  tellAll();
  const home = journal.partitionOf('line-1');
  assert.equal((await ask('POST', '/a/acknowledge', { by: 'Anna', why: 'on it' })).status, 202);
  const act = { op: 'ack', alert: 'a', rule: null, unit: null, by: 'Anna', why: 'on it', until: null };
  assert.deepEqual(await acts(home), [act]);
  tell(madeUpAlert({ id: 'a', unit: 'm1', acknowledged: { by: 'Anna', at: T0, why: 'on it' } }), 'line-1');
  assert.equal((await ask('POST', '/a/acknowledge', { by: 'Anna', why: 'on it' })).status, 202);
  assert.deepEqual(await acts(home), [act]);
  assert.deepEqual(
    [
      (await ask('POST', '/b/acknowledge', { by: 'Anna' })).body.code,
      (await ask('POST', '/x/mute', { by: 'A' })).body.code,
    ],
    ['OEE_QUERY_ALERT_OVER', 'OEE_QUERY_NO_ALERT'],
  );
  for (const body of [{}, { by: '  ' }, { by: 'Anna', wy: 'x' }]) {
    assert.equal((await ask('POST', '/a/acknowledge', body)).status, 400, JSON.stringify(body));
  }
});

test('a mute ends at an instant or after minutes, in the future and not in a year', async () => {
  tellAll();
  const home = journal.partitionOf('line-2');
  const before = (await acts(home)).length;
  const until = T0 + 30 * MINUTE;
  assert.equal((await ask('POST', '/c/mute', { by: 'Jo', minutes: 30 })).status, 202);
  assert.equal((await ask('POST', '/c/mute', { by: 'Jo', until: new Date(until).toISOString() })).status, 202);
  assert.equal((await ask('POST', '/c/unmute', { by: 'Jo', why: 'over' })).status, 202);
  const said = { alert: 'c', rule: null, unit: null, by: 'Jo' };
  assert.deepEqual((await acts(home)).slice(before), [
    { op: 'mute', ...said, why: null, until },
    { op: 'mute', ...said, why: null, until },
    { op: 'unmute', ...said, why: 'over', until: null },
  ]);
  const wrong = [{}, { minutes: 5, until }, { until: T0 - 1 }, { minutes: 32 * 1_440 }, { until: 'soon' }];
  for (const end of wrong) {
    const { status, body } = await ask('POST', '/c/mute', { by: 'Jo', ...end });
    assert.deepEqual([status, body.code], [400, 'OEE_QUERY_TIME'], JSON.stringify(end));
  }
});

test('a mute of a rule or a unit goes to every partition that judges it, and is listed until it ends', async () => {
  tellAll();
  const [one, two, areas] = ['line-1', 'line-2', 'area-1'].map(unit => journal.partitionOf(unit)) as [
    number,
    number,
    number,
  ];
  const count = async (): Promise<number[]> =>
    Promise.all([one, two, areas].map(async partition => (await acts(partition)).length));
  const change = async (url: string, body: object): Promise<number[]> => {
    const before = await count();
    assert.equal((await ask('POST', url, { by: 'Jo', ...body })).status, 202);
    return (await count()).map((n, i) => n - (before[i] ?? 0));
  };
  const expected = (...partitions: number[]): number[] =>
    [one, two, areas].map(partition => Number(partitions.includes(partition)));
  assert.deepEqual(await change('/mute', { rule: 'stopped', minutes: 5 }), expected(one, two));
  assert.deepEqual(await change('/mute', { unit: 'm1', minutes: 5 }), expected(one));
  assert.deepEqual(await change('/unmute', { unit: 'line-2', rule: 'stopped' }), expected(two));
  assert.deepEqual(await change('/mute', { rule: 'lag', minutes: 5 }), expected(one));
  assert.deepEqual(await change('/mute', { unit: 'area-1', minutes: 5 }), expected(one, two, areas));
  const inArea = (await acts(two)).at(-1) as AlertAct;
  assert.deepEqual([inArea.unit, inArea.by], ['line-2', 'Jo'], 'an area is muted with the lines below it');
  const codes = [{ minutes: 5 }, { rule: 'x', minutes: 5 }, { unit: 'x', minutes: 5 }, { rule: 'stopped' }].map(
    async body => (await ask('POST', '/mute', { by: 'Jo', ...body })).body.code,
  );
  const unknown = ['OEE_QUERY_UNKNOWN_RULE', 'OEE_QUERY_UNKNOWN_RULE', 'OEE_QUERY_UNKNOWN_UNIT', 'OEE_QUERY_TIME'];
  assert.deepEqual(await Promise.all(codes), unknown);
  for (const state of states?.values() ?? []) {
    state.alerts.mutes = [
      { rule: 'stopped', unit: null, by: 'Jo', why: null, until: T0 + MINUTE },
      { rule: null, unit: 'm1', by: 'Jo', why: null, until: T0 - 1 },
    ];
  }
  assert.deepEqual((await ask<Listed>('GET', '')).body.mutes, [
    { rule: 'stopped', unit: null, by: 'Jo', why: null, until: new Date(T0 + MINUTE).toISOString() },
  ]);
});
