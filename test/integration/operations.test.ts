// Operations: what an administrator does beside a running engine: look, mend, back up, restore, upgrade.
// In: the real program on real servers with half an hour of the demo plant. Out: stories in order, one engine for all of them.
// Touches child processes, a temporary folder, loopback.

import assert from 'node:assert/strict';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { WireResult } from '../../src/core/result-to-wire.ts';
import { simulate } from '../../src/demo/simulate.ts';
import { partitionOfLine } from '../../src/journal/keys.ts';
import type { LettersCommand } from '../../src/operate/letters-command.ts';
import { claimPort } from '../support/claimed-port.ts';
import { DEMO_SEED, demoPlant } from '../support/demo-plant.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { askedLetters, linesOf, type Told, typedVerb } from '../support/typed-verb.ts';

const PLANT_FILE = 'src/demo/plant.yaml';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const plant = demoPlant();
/** Half hours that are long over: the plant has its breaks, its nights, and clocks that are wrong for a while. */
const HALF_HOURS = [3, 5, 7, 9, 11].map(back => {
  const from = (Math.floor(Date.now() / HOUR_MS) - back) * HOUR_MS;
  const told = simulate({ plant, seed: DEMO_SEED, from, to: from + HOUR_MS / 2, withLatest: true });
  return { from, events: [...told].map(({ event }) => event) };
});
/** The busiest of those in which every clock is right. */
const [{ from: FROM, events: EVENTS }] = HALF_HOURS.filter(({ from, events }) =>
  events.every(({ at }) => Math.abs(new Date(at ?? 0).getTime() - from) < DAY_MS),
).sort((a, b) => b.events.length - a.events.length) as [(typeof HALF_HOURS)[number]];
const UNITS = [...plant.machines, ...plant.lines, ...plant.areas, ...plant.sites].map(({ id }) => id);
const LINE = plant.lines[0]?.id ?? '';
const MACHINE = plant.machines.find(machine => machine.line === LINE)?.id ?? '';
const AHEAD = 'OEE_PIPELINE_AHEAD';

let engine: EngineChild;
let second: RedisChild;
let folder: string;
before(async () => {
  [engine, second, folder] = await Promise.all([
    startEngineChild(PLANT_FILE),
    startRedisChild(),
    mkdtemp(join(tmpdir(), 'oee-operations-')),
  ]);
});
after(async () => {
  await engine?.close();
  await second?.close();
  await rm(folder, { recursive: true, force: true });
});

const verb = (words: readonly string[], more = {}): Promise<Told> =>
  typedVerb(engine, words, { OEE_PLANT: PLANT_FILE, ...more });
const letters = (more: Partial<LettersCommand>): Promise<Told> => askedLetters(engine.url, more);

/** Figures of everything, once nothing in them will change any more. */
async function figures(): Promise<WireResult[]> {
  const asked = async (): Promise<WireResult[]> =>
    (
      await Promise.all(UNITS.map(unit => engine.results({ unit, window: 'hour', from: FROM, to: FROM + HOUR_MS })))
    ).flat();
  return engine.until('final hours', asked, all => all.length === UNITS.length && all.every(result => result.final));
}
const OUTCOMES = ['read', 'inState', 'repeats', 'deadLettered'];
const accounting = (): Promise<number[]> =>
  Promise.all([
    engine.metric('oee_journal_accepted_total'),
    ...OUTCOMES.map(outcome => engine.metric('oee_pipeline_events_total', `outcome="${outcome}"`)),
  ]);

test('the doctor looks at everything, warns of what it finds, and calls broken what loses data', async () => {
  const receipt = await engine.send(EVENTS);
  assert.deepEqual([receipt.accepted > 500, receipt.rejected], [true, []]);
  await engine.settled();
  const first = await verb(['doctor']);
  assert.equal(first.code, 1, first.said);
  assert.equal(linesOf(first, /^bad/).length, 0, first.said);
  for (const line of [
    /^ok +redis +version 7/,
    /^ok +influxdb +"oee" is there/,
    /^ok +engine +ready/,
    /^ok +plant .*3 lines, 11 machines/,
    /^ok +log +worked in up to now/,
    /^ok +letters +no dead/,
    /^ok +partitions .* worked by 1 process/,
    /^ok +redis +its clock/,
    /^warn +redis .*no memory limit → /,
  ]) {
    assert.equal(linesOf(first, line).length, 1, `${line} in\n${first.said}`);
  }
  await engine.redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
  const broken = await verb(['doctor', '--json']);
  await engine.redis.command('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  assert.equal(broken.code, 2);
  const { findings, partitions } = JSON.parse(broken.said) as {
    findings: { level: string; what: string; remedy: string | null }[];
    partitions: { partition: number; owner: string | null; sinkLags: Record<string, number> }[];
  };
  const bad = findings.filter(({ level }) => level === 'bad');
  assert.deepEqual(
    bad.map(({ what }) => what),
    ['maxmemory-policy allkeys-lru: it may delete state'],
  );
  assert.ok(
    findings.every(({ level, remedy }) => (level === 'ok') === (remedy === null)),
    'a remedy for all that is not well',
  );
  const ofLine = partitions.find(({ partition }) => partition === partitionOfLine(LINE, 256));
  assert.ok(ofLine?.owner !== null && 'influx' in (ofLine?.sinkLags ?? {}));
});

test('the doctor speaks plainly of neighbours that are away, and starts none', async () => {
  const port = await claimPort();
  const away = { REDIS_URL: `redis://127.0.0.1:${port}`, INFLUX_URL: `http://127.0.0.1:${port}`, PORT: String(port) };
  const own = { REDIS_URL: '', INFLUX_URL: '', PORT: String(port), OEE_DATA_DIR: join(folder, 'none') };
  const stranger = { REDIS_URL: second.url.replace('//', '//nobody:wrong@') };
  const [told, nothing, denied] = await Promise.all([away, own, stranger].map(more => verb(['doctor'], more)));
  assert.ok(told !== undefined && nothing !== undefined && denied !== undefined);
  assert.equal(told.code, 2);
  assert.equal(linesOf(told, /^bad +redis .*does not answer.* → /).length, 1, told.said);
  assert.equal(linesOf(told, /^warn +(influxdb|engine) .*→ /).length, 2, told.said);
  assert.equal(linesOf(nothing, /^bad +redis +no REDIS_URL, and no Redis of our own runs/).length, 1, nothing.said);
  assert.equal(linesOf(denied, /^bad +redis .*WRONGPASS/).length, 1, denied.said);
});

test('dead letters are counted by reason, mended and replayed on purpose, or discarded', async () => {
  const later = Date.now() + 10 * HOUR_MS;
  const ahead = [1, 2, 3, 4].map(n => ({
    id: `ahead-${n}`,
    machine: MACHINE,
    at: later + n,
    type: 'count',
    good: 1,
    reject: 0,
  }));
  assert.equal((await engine.send(ahead)).accepted, 4);
  const kept = (): Promise<number> => engine.metric('oee_journal_dead_letters_kept', `code="${AHEAD}"`);
  await engine.until('letters', kept, count => count === 4);

  const list = await verb(['dead-letters', 'list', '--code', AHEAD]);
  assert.equal(list.code, 0);
  assert.match(list.said, new RegExp(`^ +4 ${AHEAD} +\\(${MACHINE} 4\\)$`, 'm'));
  const names = linesOf(list, /^\d+\/\d+-\d+ /).map(line => line.split(' ')[0] ?? '');
  assert.equal(names.length, 4);
  assert.equal((await letters({ deed: 'replay', all: true, code: AHEAD })).code, 1, 'not without --yes');
  const wrong = await letters({ deed: 'replay', letters: names.slice(0, 1), set: ['at=yesterday'] });
  assert.deepEqual([wrong.code, /OEE_EVENT_FIELD/.test(wrong.said)], [1, true]);
  assert.equal(await kept(), 4);

  const read = async (): Promise<number> => engine.metric('oee_pipeline_events_total', 'outcome="inState"');
  const before = await read();
  const at = new Date(FROM + 1_000).toISOString();
  const mended = await verb(['dead-letters', 'replay', names[0] ?? '', '--set', `at=${at}`]);
  assert.deepEqual([mended.code, mended.said.trim()], [0, '1 replayed']);
  const file = join(folder, 'mended.json');
  await writeFile(file, JSON.stringify({ ...ahead[0], id: 'whole', at: FROM + 2_000 }));
  assert.equal((await letters({ deed: 'replay', letters: names.slice(1, 2), file })).code, 0);
  await engine.until('two more facts', read, now => now === before + 2);
  assert.match((await letters({ deed: 'show', letters: names.slice(2, 3) })).said, /"remedy": ".+"/);
  assert.match(
    (await verb(['doctor'])).said,
    new RegExp(`^warn +letters +2 dead letters ${AHEAD} of ${MACHINE} → `, 'm'),
  );
  const gone = await verb(['dead-letters', 'discard', '--all', '--machine', MACHINE, '--yes']);
  assert.match(gone.said, /^2 discarded$/m);
  await engine.until('none left', kept, count => count === 0);
  assert.match((await letters({ deed: 'list' })).said, /^no dead letters$/m);
});

test('a backup of the running engine, restored into an empty Redis, gives the same figures and knows every event', async () => {
  const was = await figures();
  assert.ok(
    was.some(({ tally }) => tally.total > 100),
    'something was made',
  );
  const file = join(folder, 'journal.jsonl.gz');
  const backup = await verb(['backup', file]);
  assert.equal(backup.code, 0, backup.said);
  assert.ok((await stat(file)).size > 10_000);
  const books = await accounting();
  await engine.kill();
  const there = { REDIS_URL: second.url };
  const restored = await verb(['restore', file], there);
  assert.equal(restored.code, 0, restored.said);
  assert.equal((await verb(['restore', file], there)).code, 2, 'not over a journal');
  await engine.start(there);
  assert.deepEqual(await accounting(), books);
  const same = ({ tally, oee, revision, window, unit }: WireResult): unknown => ({
    unit,
    window,
    tally,
    oee,
    revision,
  });
  assert.deepEqual((await figures()).map(same), was.map(same));
  const receipt = await engine.send(EVENTS);
  assert.deepEqual([receipt.accepted, receipt.duplicates], [0, EVENTS.length]);
  assert.deepEqual((await figures()).map(same), was.map(same));
  assert.equal(
    (await verb(['restore', file, '--force'], there)).said.includes('OEE_BACKUP_IN_USE'),
    true,
    'an engine works there',
  );
});

test('state of a newer program is left alone: nobody owns the partition, and everybody is told', async () => {
  const there = { REDIS_URL: second.url };
  const partition = partitionOfLine(LINE, 256);
  const state = `oee:{p${String(partition).padStart(3, '0')}}:st`;
  await engine.kill();
  const head = String(await second.command('HGET', state, 'p'));
  const newer = JSON.stringify({ ...(JSON.parse(head) as object), stateRevision: 999 });
  await second.command('HSET', state, 'p', newer);
  // ready it is not, and not waited for
  void engine.start(there).catch(() => undefined);
  interface Health {
    readonly ready: boolean;
    readonly partitions: { readonly refused: { readonly partition: number; readonly code: string }[] };
  }
  const health = await engine.until(
    'a refusal',
    () => engine.get<Health>('/health/ready'),
    ({ partitions }) => partitions.refused.length > 0,
  );
  assert.deepEqual(
    [health.ready, health.partitions.refused.map(({ code, partition: p }) => [p, code])],
    [false, [[partition, 'OEE_STATE_NEWER']]],
  );
  const told = await verb(['doctor'], there);
  assert.equal(told.code, 2);
  assert.equal(
    linesOf(told, new RegExp(`^bad +state +partition ${partition} was saved by a newer program`)).length,
    1,
    told.said,
  );
  assert.equal(
    linesOf(told, new RegExp(`^bad +partitions +nobody works partition ${partition} `)).length,
    1,
    told.said,
  );
  assert.equal(String(await second.command('HGET', state, 'p')), newer, 'it is as it was');
  await engine.kill();
  await second.command('HSET', state, 'p', head);
  await engine.start(there);
  assert.equal((await verb(['doctor'], there)).code, 1, 'all is as before');
});
