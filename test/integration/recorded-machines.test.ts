// Recorded machines: real machine tools replayed by one command, and every figure of theirs held to an independent computation.
// In: the recordings of NIST's test bed and of an exhibition. Out: laws on GET, on InfluxDB asked directly, and on the two together.
// Touches child processes: the program, Redis, InfluxDB, the replay command.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { sameInHistory } from '../support/history-agrees.ts';
import { type HistoryPrint, historyPrint } from '../support/history-print.ts';
import { NIST, needs, nistFile, OKUMA_FILE, recording } from '../support/recordings.ts';
import { everythingTold, type Replayed, replayInto, spent } from '../support/replay-child.ts';
import { type ShdrTruth, shdrPieces, shdrTruth } from '../support/shdr-truth.ts';

const DAY_MS = 86_400_000;
/** The default of a plant file: an own stop shorter than this is a micro-stop. */
const MICRO_STOP_MS = 120_000;

interface Recorded {
  readonly name: string;
  readonly plant: string;
  readonly files: readonly string[];
  /** machine -> its recording, and the keys that say its state */
  readonly machines: ReadonlyMap<string, { readonly file: string; readonly keys: readonly string[] }>;
  /** what stands above them */
  readonly above: readonly string[];
  /** business days whose every minute is compared */
  readonly days: readonly string[];
}

const SHOP: Recorded = {
  name: 'three machine tools, thirty days',
  plant: 'nist.yaml',
  files: NIST.map(nistFile),
  machines: new Map(NIST.map(machine => [machine, { file: nistFile(machine), keys: ['execution'] }])),
  above: ['machine-tools', 'shop', 'gaithersburg'],
  // the first, the one on which the first machine falls silent for good, the last
  days: ['2016-10-31', '2016-11-14', '2016-11-30'],
};
const BOOTH: Recorded = {
  name: 'a mill-turn centre whose clock runs backwards',
  plant: 'okuma.yaml',
  files: [OKUMA_FILE],
  machines: new Map([['okuma_shdr', { file: OKUMA_FILE, keys: ['pexecution', 'execution', 'exec'] }]]),
  above: ['demo-cell', 'booth', 'exhibition'],
  days: ['2022-08-08'],
};

/** What the tests of one recording share: filled before the first of them. */
interface Stage {
  readonly recorded: Recorded;
  engine: EngineChild;
  replayed: Replayed;
  readonly truths: Map<string, ShdrTruth>;
}

for (const recorded of [SHOP, BOOTH]) {
  describe(recorded.name, needs(...recorded.files), () => {
    const stage = { recorded, truths: new Map() } as Stage;
    before(async () => {
      for (const [machine, { file, keys }] of recorded.machines) {
        stage.truths.set(machine, shdrTruth(textOf(file), ...keys));
      }
      stage.engine = await startEngineChild(`test/support/plants/${recorded.plant}`);
      stage.replayed = await replayInto(stage.engine, ...recorded.files.map(file => recording(file)));
      await everythingTold(stage.engine);
    });
    after(() => stage.engine.close());
    takesAll(stage);
    for (const machine of recorded.machines.keys()) tellsTheTruth(stage, machine);
    agreesWithHistory(stage);
    takesNothingTwice(stage);
  });
}

const textOf = (file: string): string => readFileSync(recording(file), 'utf8');

/** All of the recording, with a day before and after. */
function allOf({ truths }: Stage): { from: number; to: number } {
  const spans = [...truths.values()].map(({ span }) => span);
  const from = Math.min(...spans.map(span => span.from)) - DAY_MS;
  return { from, to: Math.max(...spans.map(span => span.to)) + DAY_MS };
}

function takesAll(stage: Stage): void {
  test('every event of the files is taken, worked in once, and none is in the dead letters', async t => {
    const { engine, replayed } = stage;
    assert.equal(replayed.exit, 0, replayed.text);
    assert.ok(replayed.read > 0);
    assert.deepEqual([replayed.accepted, replayed.duplicates, replayed.rejected], [replayed.read, 0, 0]);
    const outcome = (name: string) => engine.metric('oee_pipeline_events_total', `outcome="${name}"`);
    assert.equal(await outcome('inState'), replayed.read);
    assert.equal(await engine.metric('oee_journal_dead_letters_total'), 0);
    const { rssMb, cpuS, outputs } = await spent(engine);
    t.diagnostic(`${replayed.text.split('\n')[0]} engine: ${rssMb} MB, ${cpuS} s of CPU, ${outputs} outputs`);
  });
}

function tellsTheTruth(stage: Stage, machine: string): void {
  const truth = (): ShdrTruth => stage.truths.get(machine) ?? shdrTruth('');
  test(`${machine}: milliseconds per value are those of the recording, by GET and in InfluxDB`, async () => {
    const { engine } = stage;
    const { span, msByValue } = truth();
    const ms: Record<string, number> = {};
    for (const { state, from, to } of await engine.timeline(machine, span.from, span.to)) {
      ms[String(state)] = (ms[String(state)] ?? 0) + Date.parse(to) - Date.parse(from);
    }
    assert.deepEqual(ms, nonZero(msByValue));
    const total = sumOf(Object.values(ms));
    assert.equal(total, span.to - span.from, 'the values sum to the span');
    for (const [value, expected] of Object.entries(msByValue)) {
      assert.equal(await storedMs(engine, machine, `AND "state"='${value}'`), expected, `${value} in InfluxDB`);
    }
    assert.equal(await storedMs(engine, machine, `AND "state"!=''`), total, 'no other state in InfluxDB');
  });

  test(`${machine}: the categories of the whole recording are its values, and sum to the span`, async () => {
    const { span, held } = truth();
    const [result] = await stage.engine.results({ unit: machine, ...span });
    assert.ok(result);
    const { categoriesMs, calendarMs, stops, failures, microStops } = result.tally;
    const expected = categoriesOf(held);
    assert.deepEqual({ ...categoriesMs, stops, failures, microStops }, { ...categoriesMs, ...expected });
    assert.equal(sumOf(Object.values(categoriesMs)), span.to - span.from);
    assert.equal(calendarMs, span.to - span.from);
  });

  test(`${machine}: pieces are what its counter gained`, async () => {
    const text = textOf(stage.recorded.machines.get(machine)?.file ?? '');
    const pieces = ['PartCountAct', 'ppartcount'].map(key => shdrPieces(text, key));
    const days = await stage.engine.results({ unit: machine, window: 'day', ...allOf(stage) });
    assert.equal(sumOf(days.map(({ tally }) => tally.total)), sumOf(pieces));
  });
}

function agreesWithHistory(stage: Stage): void {
  const { days, machines, above } = stage.recorded;
  const units = [...machines.keys(), ...above];
  test('every window that GET gives is in InfluxDB with the same digits, and no other is there', async t => {
    const { engine } = stage;
    let windows = 0;
    for (const unit of units) {
      for (const kind of ['day', 'shift', 'hour']) {
        const compared = await sameInHistory(engine, { unit, kind, ...allOf(stage) });
        assert.ok(compared > 0, `${unit} ${kind}`);
        windows += compared;
      }
      for (const { window } of await engine.results({ unit, window: 'day', ...allOf(stage) })) {
        if (!days.includes(window.businessDay ?? '')) continue;
        const [from, to] = [Date.parse(window.start), Date.parse(window.end)];
        windows += await sameInHistory(engine, { unit, kind: 'minute', from, to });
      }
    }
    t.diagnostic(`${windows} windows compared`);
  });

  test('all minutes of the recording add up to the same in both', async t => {
    const { engine } = stage;
    for (const unit of [units[0] ?? '', above.at(-1) ?? '']) {
      const started = performance.now();
      const told = await engine.results({ unit, window: 'minute', ...allOf(stage) });
      t.diagnostic(`GET ${told.length} minutes of ${unit}: ${Math.round(performance.now() - started)} ms`);
      const sum = 'SUM("producingMs") AS p, SUM("unknownMs") AS u, SUM("calendarMs") AS c, SUM("revision") AS r';
      const where = `WHERE "unit"='${unit}' AND "window"='minute'`;
      const [stored] = await engine.influx.rows(`SELECT COUNT("start") AS n, ${sum} FROM oee ${where}`);
      const added = {
        n: told.length,
        p: sumOf(told.map(({ tally }) => tally.categoriesMs.producing)),
        u: sumOf(told.map(({ tally }) => tally.categoriesMs.unknown)),
        c: sumOf(told.map(({ tally }) => tally.calendarMs)),
        r: sumOf(told.map(({ revision }) => revision)),
      };
      assert.deepEqual({ ...stored, time: null }, { ...added, time: null });
    }
  });
}

function takesNothingTwice(stage: Stage): void {
  test('a second replay of the same files is all duplicates and changes no row', async () => {
    const { engine, replayed, recorded } = stage;
    const print = await printAtRest(engine);
    const { outputs } = await spent(engine);
    const again = await replayInto(engine, ...recorded.files.map(file => recording(file)));
    assert.deepEqual([again.exit, again.read, again.accepted, again.duplicates], [0, replayed.read, 0, replayed.read]);
    await everythingTold(engine);
    assert.deepEqual(await printAtRest(engine), print);
    assert.equal((await spent(engine)).outputs, outputs, 'nothing was told again');
  });
}

/** Where a request was given up, or a lease lapsed, all since then is written once more: until that is over, old rows come before new ones. */
async function printAtRest(engine: EngineChild): Promise<HistoryPrint> {
  let last = await historyPrint(engine.influx);
  return engine.until(
    'a history that stands still',
    async () => {
      const before = last;
      await wait(500);
      last = await historyPrint(engine.influx);
      return isDeepStrictEqual(before, last) ? last : null;
    },
    print => print !== null,
  ) as Promise<HistoryPrint>;
}

const sumOf = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0);

const nonZero = (ms: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(ms).filter(([, each]) => each > 0));

async function storedMs(engine: EngineChild, machine: string, and: string): Promise<number> {
  const [row] = await engine.influx.rows(
    `SELECT SUM("durationMs") AS ms FROM machine_state WHERE "unit"='${machine}' ${and}`,
  );
  return Number(row?.ms ?? 0);
}

/** The shop's calendar is always open: ACTIVE produces, READY is idle, UNAVAILABLE unknown, all else one own stop in a row. */
function categoriesOf(held: ShdrTruth['held']): Record<string, number> {
  const KINDS: Readonly<Record<string, string>> = { ACTIVE: 'producing', READY: 'idle', UNAVAILABLE: 'unknown' };
  const runs: { kind: string; ms: number }[] = [];
  for (const { from, to, value } of held) {
    const kind = KINDS[value] ?? 'own';
    const run = runs.at(-1);
    if (run?.kind === kind) run.ms += to - from;
    else runs.push({ kind, ms: to - from });
  }
  const lasting = runs.filter(({ ms }) => ms > 0);
  const of = (kind: string, fits: (ms: number) => boolean = () => true): number[] =>
    lasting.filter(run => run.kind === kind && fits(run.ms)).map(({ ms }) => ms);
  const [short, long] = [of('own', ms => ms < MICRO_STOP_MS), of('own', ms => ms >= MICRO_STOP_MS)];
  return {
    producing: sumOf(of('producing')),
    idle: sumOf(of('idle')),
    unknown: sumOf(of('unknown')),
    microStop: sumOf(short),
    breakdown: sumOf(long),
    microStops: short.length,
    failures: long.length,
    stops: long.length + of('idle').length,
  };
}
