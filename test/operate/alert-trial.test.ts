// Alert trial: the dry run of alert rules says what would have been, from a file and from the journal alike.
// In: a short morning of two machines, rules about it. Out: moments, counts and the table.
// Touches: a temporary folder, a child redis-server.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { alertsVerb, type TryOptions } from '../../src/alerts-verb.ts';
import { readConfig } from '../../src/config.ts';
import type { AlertTrial } from '../../src/operate/alert-trial.ts';
import { openedJournal } from '../support/opened-journal.ts';
import { startRedisChild } from '../support/redis-child.ts';

const plantText = (rules: string): string => `plant: Trial
products: { p: {} }
calendars: { c: { zone: Europe/Oslo, shifts: { early: { start: 06:00, end: 14:00 } }, weekly: { mon-sun: [early] } } }
defaults: { calendar: c, cycles: { p: 1s }, product: p, silence: off }
sites:
  - id: site
    zone: Europe/Oslo
    areas: [{ id: hall, lines: [{ id: line-1, kind: parallel, machines: [{ id: m1 }, { id: m2 }] }] }]
alerts:
${rules}
  - { id: behind, text: Behind, when: { lag: longer than 1min } }
`;
const RULES = `  - { id: stopped, text: Stands, when: { stop: longer than 10min }, on: { machines: all }, severity: critical }
  - { id: hushed, text: Stands, when: { stop: longer than 10min }, on: { machines: [m2] }, quiet: [06:00-14:00] }
  - { id: never, text: Stands, when: { stop: longer than 2h }, on: { machines: all } }`;

/** By the clocks of Oslo. */
const at = (time: string): string => `2026-03-02T${time}:00+01:00`;
const state = (machine: string, time: string, word: string): object => ({
  ...{ id: `${machine}-${time}`, machine, at: at(time), type: 'state', state: word },
});
/** m1 stands twice, m2 once; a clock is wrong, a machine is strange, a word is unknown. */
const MORNING = [
  state('m1', '06:00', 'producing'),
  state('m2', '06:00', 'producing'),
  state('m1', '06:30', 'stop'),
  state('m1', '07:05', 'producing'),
  state('m2', '09:00', 'stop'),
  state('m2', '09:15', 'producing'),
  state('m1', '11:00', 'stop'),
  state('m1', '11:05', 'producing'),
  state('m1', '12:00', 'producing'),
  state('m2', '12:00', 'producing'),
];
const ODD = [
  { id: 'x1', machine: 'm1', at: '2099-01-01T00:00:00Z', type: 'state', state: 'stop' },
  { id: 'x2', machine: 'm9', at: at('08:00'), type: 'state', state: 'stop' },
  { id: 'x3', machine: 'm1', at: at('08:00'), type: 'state', state: 'dancing' },
  { id: 'x4', machine: 'm1', type: 'state', state: 'stop' },
];

interface Tried {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function tried(
  options: Partial<TryOptions>,
  plant: string,
  environment: Record<string, string> = {},
): Promise<Tried> {
  const folder = await mkdtemp(join(tmpdir(), 'oee-trial-'));
  await writeFile(join(folder, 'plant.yaml'), plant);
  await writeFile(join(folder, 'events.ndjson'), [...ODD, ...MORNING].map(event => JSON.stringify(event)).join('\n'));
  const said = { out: '', err: '' };
  const into = (key: keyof typeof said) => ({
    write: (text: string) => {
      said[key] += text;
    },
  });
  const config = readConfig({ OEE_DATA_DIR: join(folder, 'data'), ...environment });
  assert.ok('port' in config);
  const code = await alertsVerb(
    {
      ...{ deed: 'try', plantFile: join(folder, 'plant.yaml'), from: at('06:00'), to: at('12:30'), json: false },
      ...{ eventsFile: join(folder, 'events.ndjson'), ...options },
    },
    config,
    () => {},
    {
      out: into('out'),
      err: into('err'),
      now: () => Date.UTC(2026, 5, 1),
    },
  );
  await rm(folder, { recursive: true });
  return { code, ...said };
}

const trialIn = ({ out }: Tried): AlertTrial => JSON.parse(out) as AlertTrial;

test('a rule is tried against what happened: how often, how long, and each moment', async () => {
  const answer = await tried({ json: true }, plantText(RULES));
  assert.equal(answer.code, 0, answer.err);
  const trial = trialIn(answer);
  assert.deepEqual(
    trial.rules.map(({ rule, fired, longestMs, totalMs, untold }) => [
      rule,
      fired,
      longestMs / 60_000,
      totalMs / 60_000,
      untold,
    ]),
    [
      ['stopped', 2, 35, 50, 0],
      ['hushed', 1, 15, 15, 1],
      ['never', 0, 0, 0, 0],
    ],
  );
  assert.deepEqual(
    trial.moments.map(({ rule, unit, from, raisedAt, to }) => [
      rule,
      unit,
      ...[from, raisedAt, to].map(t => Date.parse(t ?? '')),
    ]),
    [
      ['stopped', 'm1', ...['06:30', '06:40', '07:05'].map(time => Date.parse(at(time)))],
      ['hushed', 'm2', ...['09:00', '09:10', '09:15'].map(time => Date.parse(at(time)))],
      ['stopped', 'm2', ...['09:00', '09:10', '09:15'].map(time => Date.parse(at(time)))],
    ],
  );
  assert.deepEqual(trial.notTried, ['behind']);
});

test('what was no event, not of this plant, or ahead of time is said and not tried', async () => {
  const { err } = await tried({}, plantText(RULES));
  assert.match(err, /1 lines were no events: OEE_EVENT_FIELD/);
  assert.match(err, /1 events are of machines that the plant file does not have/);
  assert.match(err, /1 events are stamped in the future/);
  assert.match(err, /1 events are not for this plant file: OEE_EVENT_UNKNOWN_STATE/);
});

test('the table reads in eighty columns to a hundred and twenty, by the plant’s own clock', async () => {
  const { out } = await tried({}, plantText(RULES));
  const lines = out.split('\n');
  assert.equal(lines[0], '2026-03-02 06:00 to 2026-03-02 12:30 Europe/Oslo: 6.5 h, 11 events, 3 alerts');
  assert.ok(
    lines.every(line => line.length <= 120),
    lines.find(line => line.length > 120),
  );
  assert.match(out, /\nstopped +critical +2 +35 min +50 min/);
  assert.match(out, /\nnever +warning +0 +– +–/);
  assert.match(out, /\n +2026-03-02 09:00 +15 min +hushed +m2 +nobody told/);
  assert.match(out, /not tried, since of the engine itself there is no history: behind/);
});

test('a span in which something was going on already begins with it; one of nothing is refused with what there is', async () => {
  const later = trialIn(await tried({ from: '330min', to: at('12:30'), json: true }, plantText(RULES)));
  assert.deepEqual([later.from, later.moments[0]?.unit], [new Date(at('07:00')).toISOString(), 'm1']);
  const refusals: [Partial<TryOptions>, string][] = [
    [{ from: at('13:00'), to: at('14:00') }, 'OEE_ALERTS_NO_FACTS'],
    [{ from: 'monday' }, 'OEE_ALERTS_TIME'],
    [{ from: at('12:00'), to: at('11:00') }, 'OEE_ALERTS_TIME'],
    [{ eventsFile: '/nowhere/events' }, 'OEE_ALERTS_FILE'],
    [{ plantFile: '/nowhere/plant.yaml' }, 'OEE_PLANT_FILE'],
    [{ deed: 'guess' }, 'OEE_ALERTS_DEED'],
  ];
  for (const [options, expected] of refusals) {
    const { code, err, out } = await tried(options, plantText(RULES));
    assert.deepEqual([code, out], [2, '']);
    assert.match(err, new RegExp(`(^|\n)${expected}: [^\n]+\n {2}[^\n]+`), 'with a remedy');
  }
  const broken = await tried({}, plantText(RULES.replace('longer than 10min', 'longer than 10')));
  assert.match(broken.err, /a duration with its unit, such as longer than 10min/);
});

/** What the engine keeps of the morning, put where it keeps it. */
async function keptMorning(t: TestContext): Promise<string> {
  const redis = await startRedisChild();
  t.after(() => redis.close());
  const journal = await openedJournal(redis.url);
  const partition = journal.partitionOf('line-1');
  const ownership = await journal.own(partition);
  assert.ok(ownership !== null);
  const day = Math.floor(Date.parse(at('06:00')) / 86_400_000);
  const textOf = (machine: string): string =>
    MORNING.filter(event => 'machine' in event && event.machine === machine)
      .map(event => `${JSON.stringify({ ...event, at: Date.parse((event as { at: string }).at) })}\n`)
      .join('');
  await ownership.commit({
    offset: '1-1',
    append: new Map(['m1', 'm2'].map(machine => [`f:${machine}:${day}`, textOf(machine)])),
    set: new Map([['head', '{}']]),
    drop: [],
    outputs: [],
    deadLetters: [],
  });
  await ownership.release();
  await journal.close();
  return redis.url;
}

test('the facts of the journal give the same trial as the file that they came from', async t => {
  const REDIS_URL = await keptMorning(t);
  const options = { json: true, from: at('06:00'), to: at('12:30') };
  const fromJournal = await tried({ ...options, eventsFile: null }, plantText(RULES), { REDIS_URL });
  assert.equal(fromJournal.code, 0, fromJournal.err);
  const fromFile = trialIn(await tried(options, plantText(RULES)));
  assert.deepEqual(trialIn(fromJournal).moments, fromFile.moments);
  const nothing = await tried({ ...options, eventsFile: null }, plantText(RULES), { REDIS_URL, OEE_PREFIX: 'none' });
  assert.match(nothing.err, /^OEE_ALERTS_NO_FACTS: there is no journal under "none"/);
});
