// Outages: Redis, InfluxDB or the engine itself die under load; afterwards everything is as if nothing had happened.
// In: the same shifts, once undisturbed and once with each neighbour away. Out: the same windows, here and in InfluxDB.
// Touches the real program, Redis and InfluxDB as child processes.

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { chanceOf } from '../support/chance-of.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { atAnyPace, type ToldWindows, toldWindows, withoutRevisions } from '../support/told-windows.ts';
import { CLASSIC, sheetEvents, sheetsPlant } from '../support/worked-sheets.ts';

const DAY_MS = 86_400_000;
const DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
/** The shift, clear of its last event by more than the lateness. */
const SPAN = { from: DAY + 5 * 3_600_000, to: DAY + 14 * 3_600_000 };
const MACHINES = ['a', 'b', 'c'];
const UNITS = [...MACHINES, 'line-left', 'line-right', 'area', 'site'];
const SHEETS = MACHINES.map(id => ({ ...CLASSIC, id, group: id === 'c' ? 'right' : 'left' }));
const PLANT = sheetsPlant(SHEETS);
const EVENTS = SHEETS.flatMap(sheet => sheetEvents(sheet, DAY)).sort(
  (x, y) => (x as { at: number }).at - (y as { at: number }).at,
);
const BATCH = 40;
const BATCHES = Array.from({ length: Math.ceil(EVENTS.length / BATCH) }, (_, index) =>
  EVENTS.slice(index * BATCH, (index + 1) * BATCH),
);

let calm: ToldWindows;
let warnings = '';
const running: EngineChild[] = [];

async function startEngine(more: Readonly<Record<string, string>> = {}): Promise<EngineChild> {
  const engine = await startEngineChild(PLANT, { NODE_OPTIONS: `--redirect-warnings=${warnings}`, ...more });
  running.push(engine);
  return engine;
}

async function closed(engine: EngineChild): Promise<void> {
  running.splice(running.indexOf(engine), 1);
  await engine.close();
}

before(async () => {
  warnings = join(await mkdtemp(join(tmpdir(), 'oee-warnings-')), 'warnings.txt');
  const engine = await startEngine();
  for (const batch of BATCHES) await engine.send(batch);
  await engine.settled();
  calm = await toldWindows(engine, UNITS, SPAN);
  assert.ok(
    Object.keys(calm.answers).length > 3_000 && Object.keys(calm.rows).length > 3_000,
    'there is much to compare',
  );
  await closed(engine);
});
after(async () => {
  for (const engine of running) await engine.close();
  await rm(join(warnings, '..'), { recursive: true, force: true });
});

async function sameAsCalm(engine: EngineChild, of = atAnyPace): Promise<void> {
  await engine.settled();
  const expected = of(calm);
  let told = expected;
  const ask = async (): Promise<ToldWindows> => {
    told = of(await toldWindows(engine, UNITS, SPAN));
    return told;
  };
  await engine.until('the windows of an undisturbed run', ask, isDeepStrictEqual.bind(null, expected)).catch(() => {});
  for (const part of ['answers', 'rows', 'states'] as const) {
    assert.deepEqual(Object.keys(told[part]).sort(), Object.keys(expected[part]).sort(), `the same ${part}`);
    for (const [key, value] of Object.entries(expected[part]))
      assert.deepEqual(told[part][key], value, `${part} ${key}`);
  }
}

/** The live path, whatever InfluxDB does. */
async function answersAsCalm(engine: EngineChild): Promise<void> {
  const answers = async () => atAnyPace(await toldWindows(engine, UNITS, SPAN)).answers;
  const expected = atAnyPace(calm).answers;
  await engine.until('the answers of an undisturbed run', answers, told => isDeepStrictEqual(told, expected));
}

interface Health {
  readonly ready: boolean;
  readonly neighbours: readonly { readonly name: string; readonly ok: boolean; readonly trouble: string | null }[];
}
const healthOf = (engine: EngineChild): Promise<Health> => engine.get<Health>('/health/ready');

/** Every event held once, worked in once. */
async function booksOf(engine: EngineChild): Promise<Record<string, number>> {
  const outcome = (name: string) => engine.metric('oee_pipeline_events_total', `outcome="${name}"`);
  return {
    held: await engine.metric('oee_journal_accepted_total'),
    inState: await outcome('inState'),
    repeats: await outcome('repeats'),
    deadLettered: await outcome('deadLettered'),
  };
}
const ONCE = { held: EVENTS.length, inState: EVENTS.length, repeats: 0, deadLettered: 0 };

/** Trimming runs every ten seconds: it must not let go of what an InfluxDB that is to come has not seen. */
const TRIMMED_AFTER_MS = 11_000;
let alone: EngineChild;
let aloneSince = 0;

test('without any InfluxDB the engine runs, answers, and says which neighbour is missing', async () => {
  alone = await startEngine({ INFLUX_URL: '', PATH: '/nowhere' });
  aloneSince = Date.now();
  for (const batch of BATCHES) await alone.send(batch);
  await answersAsCalm(alone);
  const { ready, neighbours } = await healthOf(alone);
  const influx = neighbours.find(({ name }) => name === 'influxdb');
  assert.deepEqual([ready, influx?.ok], [true, false]);
  assert.match(String(influx?.trouble), /kept in the journal.*INFLUX_URL/);
});

test('INFLUX_URL=none: no history is wanted, none is kept for anybody, results are there', async t => {
  const engine = await startEngine({ INFLUX_URL: 'none' });
  t.after(() => closed(engine));
  for (const batch of BATCHES) await engine.send(batch);
  await answersAsCalm(engine);
  const { ready, neighbours } = await healthOf(engine);
  assert.deepEqual([ready, neighbours.map(({ name }) => name)], [true, ['redis']]);
});

test('the engine is killed five times at random moments under load: the same windows, rows and revisions', async t => {
  const engine = await startEngine();
  t.after(() => closed(engine));
  const chance = chanceOf(7);
  const kills = new Map(
    chance
      .shuffled(BATCHES.map((_, index) => index))
      .slice(0, 5)
      .map(index => [index, chance.below(30)]),
  );
  for (const [index, batch] of BATCHES.entries()) {
    const sent = engine.send(batch);
    const afterMs = kills.get(index);
    if (afterMs !== undefined) {
      await wait(afterMs);
      await engine.kill();
      await engine.start();
    }
    assert.deepEqual((await sent).rejected, []);
  }
  await sameAsCalm(engine);
  assert.deepEqual(await booksOf(engine), ONCE);
});

test('Redis is killed under load: senders are told to wait, and nothing is lost or doubled when it is back', async t => {
  const engine = await startEngine();
  t.after(() => closed(engine));
  const queue = chanceOf(11).shuffled([...BATCHES, ...BATCHES]);
  const half = queue.length / 2;
  const refusals: (string | null)[] = [];
  let refused = (): void => {};
  const firstRefusal = new Promise<void>(settle => (refused = settle));
  let halfSent = (): void => {};
  const underLoad = new Promise<void>(settle => (halfSent = settle));
  const sender = async (): Promise<void> => {
    for (let batch = queue.pop(); batch !== undefined; batch = queue.pop()) {
      if (queue.length < half) halfSent();
      await untilTaken(engine, batch, retryAfter => {
        refusals.push(retryAfter);
        refused();
      });
    }
  };
  const senders = [sender(), sender(), sender()];
  await underLoad;
  await engine.redis.kill();
  await firstRefusal;
  const question = await fetch(`${engine.url}/v1/oee?unit=a&from=${SPAN.from}&to=${SPAN.to}`);
  assert.ok(question.status === 200 || question.status === 503, `a question gets an answer: ${question.status}`);
  const ready = await fetch(`${engine.url}/health/ready`);
  assert.equal(ready.status, 503, 'the engine says that it cannot work');
  await engine.redis.start();
  await Promise.all(senders);
  assert.ok(
    refusals.every(retryAfter => Number(retryAfter) > 0),
    'every 503 says when to come back',
  );
  await sameAsCalm(engine, withoutRevisions);
  assert.deepEqual(await booksOf(engine), ONCE);
});

async function untilTaken(
  engine: EngineChild,
  batch: readonly object[],
  onRefusal: (retryAfter: string | null) => void,
): Promise<void> {
  const body = JSON.stringify(batch);
  for (;;) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${engine.url}/v1/events`, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    if (answer.status === 202) return;
    assert.equal(answer.status, 503, 'no other refusal');
    onRefusal(answer.headers.get('retry-after'));
    await wait(200);
  }
}

test('InfluxDB is away for a while, then dies: the live path goes on, and everything arrives afterwards', async t => {
  const engine = await startEngine();
  t.after(() => closed(engine));
  const proxy = await startFaultProxy(Number(new URL(engine.influx.url).port));
  t.after(() => proxy.close());
  await engine.kill();
  await engine.start({ INFLUX_URL: proxy.url.replace('redis:', 'http:') });
  const third = Math.floor(BATCHES.length / 3);
  for (const batch of BATCHES.slice(0, third)) await engine.send(batch);
  proxy.shut();
  for (const batch of BATCHES.slice(third, 2 * third)) await engine.send(batch);
  await proxy.turnedAway(3);
  const { ready, neighbours } = await healthOf(engine);
  assert.equal(ready, true, 'events go on coming in');
  assert.match(neighbours.find(({ name }) => name === 'influxdb')?.trouble ?? '', /away/);
  proxy.open();
  process.kill(engine.influx.pid(), 'SIGKILL');
  for (const batch of BATCHES.slice(2 * third)) await engine.send(batch);
  await answersAsCalm(engine);
  await sameAsCalm(engine);
  assert.deepEqual(await booksOf(engine), ONCE);
});

test('the first start with an InfluxDB sends it the whole history', async t => {
  t.after(() => closed(alone));
  await alone.until(
    'trimming had its turn',
    async () => Date.now() - aloneSince,
    passed => passed > TRIMMED_AFTER_MS,
  );
  await alone.kill();
  await alone.start({ INFLUX_URL: alone.influx.url, PATH: process.env.PATH ?? '' });
  await sameAsCalm(alone);
  assert.deepEqual(await booksOf(alone), ONCE);
});

test('none of it made the platform warn of leaking listeners or unhandled errors', async () => {
  const said = await readFile(warnings, 'utf8').catch(() => '');
  assert.equal(said, '');
});
