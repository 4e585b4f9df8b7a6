// SHDR: what adapter lines mean, on small examples and on four real recordings.
// In: adapter lines. Out: events.
// Touches the recordings, which are never copied here.

import assert from 'node:assert/strict';
import { createReadStream, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { parse as parseYaml } from 'yaml';
import { type MachineEvent, parseEvent } from '../../src/core/event.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { shdrParser } from '../../src/ingest/mtconnect/shdr-parser.ts';
import { readShdr, type ShdrSource } from '../../src/ingest/mtconnect/shdr-reader.ts';
import { MappingError, type Recorded, type Unreadable } from '../../src/ingest/source.ts';
import { NIST, needs, nistFile, OKUMA_FILE, recording } from '../support/recordings.ts';
import { shdrTruth } from '../support/shdr-truth.ts';

const preset: unknown = parseYaml(
  readFileSync(new URL('../../src/ingest/mtconnect/shdr-default.yaml', import.meta.url), 'utf8'),
);

async function collect(source: ShdrSource): Promise<(Recorded | Unreadable)[]> {
  const all: (Recorded | Unreadable)[] = [];
  for await (const each of readShdr(source)) all.push(each);
  return all;
}
const fromText = (text: string, given: Partial<ShdrSource> = {}) =>
  collect({
    chunks: (async function* () {
      yield Buffer.from(text);
    })(),
    name: 'x.shdr',
    machine: 'x',
    onlyMachine: false,
    mapping: preset,
    ...given,
  });
const fromFile = (file: string) =>
  collect({
    chunks: createReadStream(recording(file)),
    name: basename(file),
    machine: basename(file).replace(/\.\w+$/, ''),
    onlyMachine: false,
    mapping: preset,
  });
const short = (all: (Recorded | Unreadable)[]) =>
  all.map(each => {
    if ('fault' in each) return each.fault.code;
    const { type, machine, state, total } = each.event;
    return [machine, type, state ?? total].filter(part => part !== undefined).join(' ');
  });

test('each kind of adapter line is known by its form', () => {
  const kinds: readonly (readonly [string, string])[] = [
    ['2022-08-08T13:51:34.7167146Z|avail|AVAILABLE', 'data'],
    ['2022-08-08T13:51:34.7167146Z|a|1|b|2|c|3', 'data'],
    ['2022-08-08T13:51:34Z@12.5|a|1', 'data'],
    ['2022-08-08T13:51:34|a|1', 'data'],
    ['2022-08-08T13:51:34Z|a|1|', 'data'],
    ['2022-08-08T13:51:34Z|a|UNAVAILABLE|b|UNAVAILABLE|c|UNAVAILABLE', 'data'],
    ['2016-11-01T17:31:17.066816Z|logic_cond|Unavailable||||', 'condition'],
    ['2016-11-01T17:31:17Z|system_cond|Warning|1101|||INTERFERE', 'condition'],
    ['2016-11-01T17:31:17Z|cond|FAULT|100|10|HIGH|too hot', 'condition'],
    ['2016-11-01T17:31:17Z|note|C7|Please change the oil', 'message'],
    ['* PONG 10000', 'protocol'],
    ['*adapterVersion: 2.1', 'protocol'],
    ['', 'blank'],
    ['2022-08-08T13:51:34Z|@REMOVE_ALL_ASSETS@|CuttingTool', 'asset'],
    ['yesterday|a|1', 'fault'],
    ['2022-08-08T13:51:34Z', 'fault'],
    ['2022-08-08T13:51:34Z||1', 'fault'],
    ['<xml/>', 'fault'],
  ];
  for (const [line, kind] of kinds) assert.equal(shdrParser()(line).kind, kind, line);
});

test('a multi-line asset is read over, up to its own end tag', () => {
  const parse = shdrParser();
  const lines = [
    '2022-08-08T13:43:36Z|@ASSET@|1.22|CuttingTool|--multiline--ABCD',
    '2022-08-08T13:43:36Z|execution|ACTIVE',
    '--multiline--OTHER',
    '--multiline--ABCD',
    '2022-08-08T13:43:36Z|execution|ACTIVE',
  ];
  assert.deepEqual(
    lines.map(line => parse(line).kind),
    ['asset', 'inside', 'inside', 'inside', 'data'],
  );
});

test('values become events: states, counters, signs of life now and then, and one at the very end', async () => {
  const all = await fromText(
    [
      '* PING',
      '2022-08-08T06:00:00.0000000Z|avail|AVAILABLE|execution|READY|PartCountAct|UNAVAILABLE',
      '2022-08-08T06:00:30Z|Xpos|1.5',
      '2022-08-08T06:01:00Z|Xpos|1.6',
      '2022-08-08T06:01:10Z|execution|ACTIVE|PartCountAct|17',
      '2022-08-08T06:01:20Z|execution|',
      '2022-08-08T06:01:25Z|PartCountAct|many',
      'rubbish',
      '2022-08-08T06:01:50Z|Xpos|1.7',
    ].join('\n'),
  );
  assert.deepEqual(short(all), [
    'x state READY',
    'x heartbeat',
    'x state ACTIVE',
    'x counter 17',
    'x state UNAVAILABLE',
    'OEE_SHDR_COUNTER',
    'OEE_SHDR_LINE',
    'x heartbeat',
  ]);
});

test('a key may carry its device; --machine overrules it, `devices` renames it', async () => {
  const text = ['M1:execution|READY', 'M1:Xpos|1', 'Path:feed|3', 'M2:execution|ACTIVE']
    .map((rest, i) => `2022-08-08T06:0${i * 2}:00Z|${rest}`)
    .join('\n');
  const devices = { ...(preset as object), devices: { M2: 'mill' } };
  assert.deepEqual(short(await fromText(text, { mapping: devices })), [
    'M1 state READY',
    'M1 heartbeat',
    'x heartbeat',
    'mill state ACTIVE',
  ]);
  const one = await fromText(text, { machine: 'all', onlyMachine: true });
  assert.ok(one.every(each => 'event' in each && each.event.machine === 'all'));
});

test('ids sort as the true times do, then as the lines, then along the line', async () => {
  const all = await fromText(
    [
      '2022-08-08T06:00:00.0009Z|execution|C',
      '2022-08-08T06:00:00.000123Z|execution|A|execution|B',
      '2022-08-08T06:00:00.0009001Z|execution|E',
      '2022-08-08T06:00:00.0009Z|execution|D',
    ].join('\n'),
  );
  const events = all.map(each => ('event' in each ? each.event : {})) as { id: string; state: string }[];
  const sorted = [...events].sort((a, b) => (a.id < b.id ? -1 : 1));
  assert.equal(sorted.map(event => event.state).join(''), 'ABCDE');
  assert.equal(new Set(events.map(event => event.id)).size, 5);
});

test('a mapping that does not fit says all its faults at once', async () => {
  const mapping = { keys: { execution: 'status', parts: { counter: 'all' } }, other: 'heartbeat', heartbeatEveryS: -1 };
  await assert.rejects(fromText('', { mapping }), (error: unknown) => {
    assert.ok(error instanceof MappingError);
    assert.deepEqual(
      error.faults.map(fault => fault.split(':')[0]),
      ['other', 'keys.execution', 'keys.parts', 'heartbeatEveryS'],
    );
    return true;
  });
});

/** The product's own order of facts: time, then id. */
const inOrder = (a: MachineEvent, b: MachineEvent) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

const files = [...NIST.map(nistFile), OKUMA_FILE];
for (const file of files) {
  test(`${basename(file)}: its events hold every state for exactly as long as the lines do`, needs(file), async () => {
    const all = await fromFile(file);
    const text = readFileSync(recording(file), 'utf8');
    const truth = shdrTruth(text, 'execution', 'pexecution');
    const events = all.map(each => {
      assert.ok('event' in each, 'every line of the recording can be read');
      const event = parseEvent(each.event, 0);
      assert.ok(!isRejection(event));
      return event;
    });
    assert.equal(new Set(events.map(event => event.id)).size, events.length);
    assert.equal(Math.max(...events.map(event => event.at)), truth.span.to, 'the newest line is a sign of life');
    const states = events.filter(event => event.type === 'state').sort(inOrder);
    assert.equal(states.length, truth.said);
    const held: Record<string, number> = {};
    states.forEach((event, i) => {
      const until = states[i + 1]?.at ?? truth.span.to;
      held[event.state] = (held[event.state] ?? 0) + until - event.at;
    });
    assert.deepEqual(held, truth.msByValue);
    const readings = text.match(/\|(PartCountAct|ppartcount)\|\d+/g)?.length ?? 0;
    assert.equal(events.filter(event => event.type === 'counter').length, readings);
  });
}

test('read twice, a recording gives the same events with the same ids', needs(OKUMA_FILE), async () => {
  assert.deepEqual(await fromFile(OKUMA_FILE), await fromFile(OKUMA_FILE));
});
