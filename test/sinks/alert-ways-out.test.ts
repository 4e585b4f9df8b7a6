// Alert ways out: what a Grafana annotation and a screen may rely on.
// In: made-up alerts. Out: laws about points of InfluxDB and frames of /v1/live.
// Touches: loopback ports.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alertToWire } from '../../src/core/alert-to-wire.ts';
import type { Output } from '../../src/core/result.ts';
import { ALERT_FIELDS, ALERT_TAGS } from '../../src/sinks/influx/history-fields.ts';
import { outputToLines } from '../../src/sinks/influx/result-to-lines.ts';
import { openLiveDoor } from '../support/live-door.ts';
import { listenLive } from '../support/live-listener.ts';
import { madeUpAlert } from '../support/made-up-alert.ts';
import { madeUpResult, madeUpTally, T0 } from '../support/made-up-outputs.ts';

const MINUTE = 60_000;
const placeOf = (unit: string) =>
  unit === 'engine'
    ? { site: null, area: null, line: null }
    : { site: 'oslo', area: 'filling', line: unit === 'hall' ? null : 'line-1' };
const lineOf = (output: Output): { key: string; text: string } => {
  const [line, ...more] = outputToLines(output, placeOf);
  assert.ok(line !== undefined && more.length === 0);
  return line;
};
const fieldsOf = (text: string): Record<string, string> => {
  const pairs = text.matchAll(/[ ,](\w+)=("(?:[^"\\]|\\.)*"|[^, ]+)(?=,| \d+$)/g);
  return Object.fromEntries(Array.from(pairs, ([, name = '', value = '']) => [name, value]));
};

test('an alert is one point at the instant it was raised, with bounded tags, written over as it changes', () => {
  const raised = lineOf(madeUpAlert());
  assert.equal(
    raised.text.split(' ')[0],
    'alert,area=filling,line=line-1,rule=filler-stopped,severity=critical,site=oslo,unit=filler',
  );
  assert.equal(raised.text.split(' ').at(-1), String(T0 + 10 * MINUTE));
  const over = lineOf(
    madeUpAlert({
      sequence: 3,
      news: 'resolved',
      status: 'resolved',
      resolvedAt: T0 + 25 * MINUTE,
      at: T0 + 40 * MINUTE,
      acknowledged: { by: 'Anna', at: T0 + 12 * MINUTE, why: 'on it' },
    }),
  );
  assert.equal(over.key, raised.key);
  const [before, after] = [fieldsOf(raised.text), fieldsOf(over.text)];
  assert.deepEqual(Object.keys(before).sort(), Object.keys(after).sort(), 'what is left out would keep its old value');
  assert.deepEqual(
    [before.status, before.resolvedAt, before.until, before.durationMs, before.acknowledgedBy],
    ['"active"', '0i', `${T0 + 10 * MINUTE}i`, `${10 * MINUTE}i`, '""'],
  );
  assert.deepEqual(
    [after.status, after.resolvedAt, after.until, after.durationMs, after.acknowledgedBy],
    ['"resolved"', `${T0 + 25 * MINUTE}i`, `${T0 + 25 * MINUTE}i`, `${25 * MINUTE}i`, '"Anna"'],
  );
  assert.notEqual(lineOf(madeUpAlert({ unit: 'capper' })).key, raised.key);
});

test('the names that dashboards are built from are those that an alert has', () => {
  const { text } = lineOf(madeUpAlert());
  const tags = text.slice(0, text.indexOf(' ')).split(',').slice(1);
  assert.deepEqual(tags.map(tag => tag.split('=')[0]).sort(), [...ALERT_TAGS].sort());
  const fields = Object.keys(fieldsOf(text.slice(text.indexOf(' '))));
  assert.deepEqual(fields.sort(), [...ALERT_FIELDS].sort());
});

test('a hall without power names fifty machines and counts the rest; the engine has no place', () => {
  const members = Array.from({ length: 60 }, (_, n) => ({ unit: `m${n}`, since: T0, until: null, value: null }));
  const { text } = lineOf(madeUpAlert({ unit: 'hall', level: 'area', members }));
  assert.match(text, /members="m0, m1, [^"]*m49 and 10 more"/);
  assert.match(text, /memberCount=60i/);
  const engine = lineOf(madeUpAlert({ unit: 'engine', level: 'engine', rule: 'lag' })).text;
  assert.match(engine, /^alert,rule=lag,severity=critical,unit=engine /);
});

/** Documents for other programs: no point, no frame. */
const DOCUMENTS: readonly Output[] = [
  {
    type: 'report',
    unit: 'filler',
    result: madeUpResult('filler', 'shift'),
    losses: [],
    unexplained: [],
    more: { losses: 0, unexplained: 0 },
  },
  {
    ...{ type: 'confirmation', id: 'filler:PO-1:x', revision: 0, unit: 'filler', line: 'line-1', order: 'PO-1' },
    ...{ product: null, shift: { name: 'early', start: T0, end: T0 + 1, businessDay: null }, from: T0, to: T0 + 1 },
    ...{ tally: madeUpTally(), before: null, by: null, why: null },
  } as Output,
];

test('shift reports and confirmations are no history of figures', () => {
  for (const document of DOCUMENTS) assert.deepEqual(outputToLines(document, placeOf), []);
});

test('a snapshot has the alerts that are active under the units that were asked for, each as it is known now', async t => {
  const door = await openLiveDoor();
  t.after(() => door.close());
  const members = ['capper', 'filler'].map(unit => ({ unit, since: T0, until: null, value: null }));
  door.hub.publish([
    madeUpAlert({ sequence: 1, acknowledged: { by: 'Anna', at: T0, why: null } }),
    madeUpAlert({ sequence: 0 }),
    madeUpAlert({ id: 'power', unit: 'line-1', level: 'line', members }),
    madeUpAlert({ id: 'over', sequence: 0 }),
    madeUpAlert({ id: 'over', sequence: 1, status: 'resolved', resolvedAt: T0 }),
    madeUpAlert({ id: 'undone', status: 'withdrawn' }),
    madeUpAlert({ id: 'other', unit: 'packer' }),
    madeUpAlert({ id: 'gone', unit: 'no-more' }),
    madeUpAlert({ id: 'lag', unit: 'engine', level: 'engine', members: [] }),
    ...DOCUMENTS,
  ]);
  const seen = async (units: unknown) => {
    const client = await listenLive(door.url);
    client.say({ op: 'subscribe', units });
    const { alerts } = await client.hears(frame => frame.op === 'snapshot');
    client.socket.close();
    await client.closed;
    return alerts?.map(alert => `${alert.id}@${alert.sequence}`);
  };
  assert.deepEqual(await seen(['filler']), [`filler-stopped:filler:${T0}@1`, 'power@0']);
  assert.deepEqual(await seen(['line-1']), ['power@0']);
  assert.deepEqual(await seen(['engine']), ['lag@0']);
  assert.deepEqual(await seen('*'), [`filler-stopped:filler:${T0}@1`, 'power@0', 'other@0', 'lag@0']);
});

test('a client hears of an alert as it is raised, acknowledged and over, in the shape of the API, and of no document', async t => {
  const door = await openLiveDoor();
  t.after(() => door.close());
  const client = await listenLive(door.url);
  client.say({ op: 'subscribe', units: ['filler'], windows: ['shift'] });
  await client.hears(frame => frame.op === 'snapshot');
  const acknowledged = { by: 'Anna', at: T0 + 12 * MINUTE, why: 'on it' };
  const said = [
    madeUpAlert(),
    madeUpAlert({ sequence: 1, news: 'acknowledged', acknowledged }),
    madeUpAlert({ sequence: 2, news: 'resolved', status: 'resolved', resolvedAt: T0 + 25 * MINUTE, acknowledged }),
  ];
  door.hub.publish([...DOCUMENTS, ...said, madeUpAlert({ unit: 'capper', id: 'else' })]);
  await client.hears(frame => frame.alert?.status === 'resolved');
  const frames = client.frames.filter(frame => frame.op !== 'snapshot');
  assert.deepEqual(
    frames.map(frame => [frame.op, frame.offset, frame.alert]),
    said.map((alert, index) => ['alert', index + 1, alertToWire(alert)]),
  );
  assert.equal(frames[1]?.alert?.acknowledged?.at, '2026-11-22T06:12:00.000Z');
  assert.ok(frames.every(frame => !('tell' in (frame.alert ?? {}))));
});
