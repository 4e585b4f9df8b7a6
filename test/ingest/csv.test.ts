// CSV: how a table's rows become events, on small tables and on the soda bottling line's own.
// In: tables and mappings. Out: events.
// Touches a folder of its own under the system's temporary one, and the recordings.

import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { parseEvent } from '../../src/core/event.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { isoOf, MINUTE_MS } from '../../src/core/time.ts';
import { csvFormat } from '../../src/ingest/file/csv-reader.ts';
import { timeReaderOf } from '../../src/ingest/file/csv-time.ts';
import { MappingError, type Recorded, type Unreadable } from '../../src/ingest/source.ts';
import { needs, recording, sodaFile } from '../support/recordings.ts';

type Read = Recorded | Unreadable;

async function readPath(path: string, mapping: unknown, machine: string | null = null): Promise<Read[]> {
  const all: Read[] = [];
  for await (const each of csvFormat.read({ path, machine, mapping, onBytes: () => {} })) all.push(each);
  return all;
}

async function readTables(tables: Record<string, string>, mapping: string | null): Promise<Read[]> {
  const folder = mkdtempSync(join(tmpdir(), 'oee-csv-'));
  try {
    for (const [name, text] of Object.entries(tables)) writeFileSync(join(folder, name), text);
    return await readPath(join(folder, Object.keys(tables)[0] ?? ''), mapping === null ? null : parseYaml(mapping));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const short = (all: Read[]) =>
  all.map(each => {
    if ('fault' in each) return `${each.where} ${each.fault.code}`;
    const { id, at, ...rest } = each.event;
    return `${isoOf(Number(at))} ${Object.values(rest).join(' ')}`;
  });

test('a row becomes the events that the mapping says, in its order, in the zone that it says', async () => {
  const table = [
    'Report of line 7',
    'Date;Begin;Finish;Order;Article;Status;Fault;Good;Scrap',
    '29.03.2026;01:30;03:30;17;A;R;;120;3',
    '29.03.2026;03:30:15;04:00;18;"B;2";S;E4;;',
    '30.02.2026;03:30;04:00;19;C;X;;1;0',
  ].join('\r\n');
  const mapping = `
machine: press-7
zone: Europe/Oslo
delimiter: ";"
skipLines: 1
times:
  start: { columns: [Date, Begin], format: DD.MM.YYYY HH:mm:ss }
  end: { columns: [Date, Finish], format: DD.MM.YYYY HH:mm:ss }
events:
  - { type: order, at: start, phase: start, order: "PO-{Order}", product: "{Article}" }
  - { type: state, at: start, state: { column: Status, map: { R: producing, S: stop }, else: unknown }, reason: "{Fault}" }
  - { type: count, at: end - 1ms, good: "{Good}", reject: "{Scrap}", when: "{Good}" }
`;
  const all = await readTables({ 'line.csv': `\ufeff${table}` }, mapping);
  // the clocks were put forward at 02:00, so the two hours on the clock were one
  assert.deepEqual(short(all), [
    '2026-03-29T00:30:00.000Z press-7 order start PO-17 A',
    '2026-03-29T00:30:00.000Z press-7 state producing',
    '2026-03-29T01:29:59.999Z press-7 count 120 3',
    '2026-03-29T01:30:15.000Z press-7 order start PO-18 B;2',
    '2026-03-29T01:30:15.000Z press-7 state stop E4',
    'line.csv:5 OEE_CSV_TIME',
    'line.csv:5 OEE_CSV_TIME',
    'line.csv:5 OEE_CSV_TIME',
  ]);
  assert.ok(all.every(each => 'fault' in each || !isRejection(parseEvent(each.event, 0))));
});

test('times are read in every form that tables write', () => {
  const read = (format: string, ...cells: string[]) => {
    const at = timeReaderOf(format, 'America/New_York')?.(cells) ?? null;
    return at === null ? null : isoOf(at);
  };
  const same = '2026-08-29T15:50:00.000Z';
  assert.equal(read('iso', '2026-08-29T11:50:00-04:00'), same);
  assert.equal(read('iso', '2026-08-29 11:50'), same);
  assert.equal(read('iso', '2026-08-29', '11:50:00.000'), same);
  assert.equal(read('M/D/YYYY h:mm A', '8/29/2026 11:50 AM'), same);
  assert.equal(read('M/D/YYYY h:mm A', '8/29/2026 12:05 am'), '2026-08-29T04:05:00.000Z');
  assert.equal(read('epochS', '1788018600'), same);
  assert.equal(read('epochMs', '1788018600000'), same);
  assert.equal(read('excel', '46263', '0.49305555555555558'), same);
  assert.equal(read('excel', '46263', '1.5'), '2026-08-30T16:00:00.000Z');
  assert.equal(read('YYYY-MM-DD HH:mm:ss', '2026-08-29 11:50:00,25'), '2026-08-29T15:50:00.250Z');
  for (const wrong of ['', 'noon', '46263']) assert.equal(read('iso', wrong), null);
  for (const wrong of ['', 'noon', '1e9']) assert.equal(read('excel', wrong), null);
  assert.equal(read('DD.MM.YYYY HH:mm', '29.08.2026 24:00'), null);
  assert.equal(timeReaderOf('iso', 'Mars/Olympus'), null);
  assert.equal(timeReaderOf('sometimes', 'UTC'), null);
});

test('lengths without times are laid end to end, found by key in the other table', async () => {
  const mapping = `
join: { lost: { file: lost.csv, skipLines: 1, key: Nr, equals: "{Batch}" } }
times: { start: { columns: [Start] } }
events:
  - series:
      from: start
      columns: lost.*
      each: { type: state, state: stop, reason: "F{column}" }
      after: { type: state, state: producing }
`;
  const all = await readTables(
    {
      'run.csv': 'Start,Batch\n2026-01-05T06:00Z,7\n2026-01-05T08:00Z,8\n2026-01-05T09:00Z,9',
      'lost.csv': 'Factors,,\nNr,1,2,3\n8,,,\n7,10,,2.5',
    },
    mapping,
  );
  assert.deepEqual(short(all), [
    '2026-01-05T06:00:00.000Z run state stop F1',
    '2026-01-05T06:10:00.000Z run state stop F3',
    '2026-01-05T06:12:30.000Z run state producing',
    '2026-01-05T08:00:00.000Z run state producing',
    '2026-01-05T09:00:00.000Z run state producing',
  ]);
});

test('a table whose columns are fields needs no mapping', async () => {
  const table = [
    'id,machine,at,type,state,good,reason',
    'a,filler,2026-01-05T06:00:00Z,state,EXECUTE,,',
    ',filler,1767592800000,count,,12,',
    'c,,2026-01-05T07:00:00,state,HELD,,17',
  ].join('\n');
  const all = await readTables({ 'events.csv': table }, null);
  const events = all.map(each => ('event' in each ? each.event : null));
  assert.deepEqual(events[0], {
    id: 'a',
    machine: 'filler',
    at: '2026-01-05T06:00:00Z',
    type: 'state',
    state: 'EXECUTE',
  });
  const { id, ...count } = events[1] ?? {};
  assert.deepEqual(count, { machine: 'filler', at: 1767592800000, type: 'count', good: 12 });
  assert.match(String(id), /^filler-1767592800000/);
  assert.deepEqual([events[2]?.machine, events[2]?.reason], ['events', '17']);
  await assert.rejects(readTables({ 'x.csv': 'a,b\n1,2' }, null), /no column "type".*--mapping/s);
});

test('a mapping says all its faults at once, misspelt columns and doubled keys included', async () => {
  const faultsOf = async (mapping: string, tables: Record<string, string> = { 'a.csv': 'A,B\n1,2' }) => {
    const error = await readTables(tables, mapping).then(
      () => null,
      (reason: unknown) => reason,
    );
    assert.ok(error instanceof MappingError, String(error));
    return error.faults;
  };
  const wrong = `
colour: red
zone: Mars
skipLines: -1
times: { t: { columns: [], format: someday } }
events:
  - { type: state, at: noon }
  - { type: conut, at: t }
  - { type: count, at: t, good: [1], god: 2 }
  - series: { from: t, unit: weeks, columns: x.*, each: { type: state, state: stop }, till: t }
`;
  assert.deepEqual((await faultsOf(wrong)).map(fault => fault.split(':')[0]).sort(), [
    'colour',
    'events[0].at',
    'events[0].state',
    'events[1].type',
    'events[2].god',
    'events[2].good',
    'events[3].series.till',
    'events[3].series.unit',
    'skipLines',
    'times.t.columns',
    'times.t.format',
    'zone',
  ]);
  const misspelt = 'times: { t: { columns: [AA] } }\nevents: [{ type: state, at: t, state: "{BB}" }]';
  assert.equal((await faultsOf(misspelt)).length, 2);
  const doubled = `join: { x: { file: x.csv, key: K, equals: "{A}" } }\n${misspelt.replace('AA', 'A').replace('BB', 'x.V')}`;
  assert.match((await faultsOf(doubled, { 'a.csv': 'A\n1', 'x.csv': 'K,V\n1,a\n1,b' })).join(), /"1" stands twice/);
});

test('a quote that is never closed ends the reading with a reason, after the rows before it', async () => {
  const mapping = 'times: { t: { columns: [A] } }\nevents: [{ type: heartbeat, at: t }]';
  const all = await readTables({ 'a.csv': 'A,B\n2026-01-05T06:00Z,x\n2026-01-05T07:00Z,"y\n' }, mapping);
  assert.deepEqual(
    short(all).map(each => each.split(' ')[1]),
    ['a', 'OEE_CSV_SYNTAX'],
  );
});

const soda = ['line_productivity', 'line_downtime', 'products', 'downtime_factors'].map(sodaFile);
const sodaMapping: unknown = parseYaml(
  readFileSync(new URL('../support/plants/soda-mapping.yaml', import.meta.url), 'utf8'),
);

test(
  'the soda line: 38 batches of 3,858 min, 2,470 of them producing, and every factor’s minutes',
  needs(...soda),
  async () => {
    const all = await readPath(recording(sodaFile('line_productivity')), sodaMapping);
    const events = all.map(each => {
      assert.ok('event' in each);
      const event = parseEvent(each.event, 0);
      assert.ok(!isRejection(event), JSON.stringify(event));
      return event;
    });
    assert.equal(new Set(events.map(event => event.id)).size, events.length);
    // The test's own reading: between an order's start and its end, each state holds until the next.
    const order = { order: 0, state: 1, count: 2 } as Record<string, number>;
    events.sort((a, b) => a.at - b.at || (order[a.type] ?? 9) - (order[b.type] ?? 9) || (a.id < b.id ? -1 : 1));
    const minutes: Record<string, number> = {};
    let word = '';
    let since = 0;
    let running = 0;
    const batches = new Map<string, number>();
    for (const event of events) {
      if (running > 0) minutes[word] = (minutes[word] ?? 0) + (event.at - since) / MINUTE_MS;
      since = event.at;
      if (event.type === 'order') running += event.phase === 'start' ? 1 : -1;
      if (event.type === 'order' && event.phase === 'start') batches.set(event.order, event.at);
      if (event.type === 'state') word = event.state === 'stop' ? String(event.reason) : event.state;
      assert.ok(running === 0 || running === 1, 'batches follow one another');
    }
    assert.equal(batches.size, 38);
    assert.equal(events.filter(event => event.type === 'count').length, 38);
    assert.deepEqual(
      [minutes.producing, minutes.F6, minutes.F7, minutes.F4, minutes.F2, minutes.F8, minutes.plannedStop ?? 0],
      [2470, 332, 254, 225, 160, 145, 0],
    );
    assert.equal(
      Object.values(minutes).reduce((sum, each) => sum + each, 0),
      3858,
    );
    assert.equal(isoOf(batches.get('422111') ?? 0), '2024-08-29T15:50:00.000Z');
  },
);
