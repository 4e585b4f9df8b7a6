// Worked sheets: the published sheets, through the real program: shuffled, twice, with kill -9 in the middle, to the ninth digit.
// In: the sheets' events. Out: the program's figures beside the sheets' own.
// Touches a child process of the program with servers of its own.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chanceOf } from '../support/chance-of.ts';
import { type EngineChild, startEngineChild } from '../support/engine-child.ts';
import { needs } from '../support/recordings.ts';
import { CLASSIC, readSheets, SHEETS_FILE, type Sheet, sheetEvents, sheetsPlant } from '../support/worked-sheets.ts';

const DAY_MS = 86_400_000;
/** Two days ago: within the horizon, and all of it past. */
const DAY = Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS;
const near = (actual: number | null | undefined, expected: number, what: string): void => {
  assert.ok(typeof actual === 'number' && Math.abs(actual - expected) < 1e-9, `${what}: ${actual}, not ${expected}`);
};

/** All events twice, in random order and batches; the engine is killed twice on the way. */
async function sendRoughly(engine: EngineChild, events: readonly object[], seed: number): Promise<void> {
  const chance = chanceOf(seed);
  const deck = chance.shuffled([...events, ...events]);
  const kills = new Set([Math.floor(deck.length / 3), Math.floor((deck.length * 2) / 3)]);
  let accepted = 0;
  let duplicates = 0;
  for (let at = 0; at < deck.length; ) {
    const size = Math.min(1 + chance.below(300), deck.length - at);
    const batch = deck.slice(at, at + size);
    const receipt = await engine.send(batch);
    assert.deepEqual(receipt.rejected, []);
    accepted += receipt.accepted;
    duplicates += receipt.duplicates;
    for (const kill of kills) {
      if (kill < at || kill >= at + size) continue;
      await engine.kill();
      await engine.start();
    }
    at += size;
  }
  assert.equal(accepted, events.length, 'every event is accepted once');
  assert.equal(duplicates, events.length, 'and recognised once');
}

async function holdSheets(engine: EngineChild, sheets: readonly Sheet[]): Promise<void> {
  for (const { id, exact } of sheets) {
    const [shift] = await engine.results({ unit: id, window: 'shift', from: DAY, to: DAY + DAY_MS });
    assert.ok(shift, `${id} has a shift`);
    near(shift.availability, exact.A.value, `${id} A`);
    near(shift.performance, exact.P.value, `${id} P`);
    near(shift.quality, exact.Q.value, `${id} Q`);
    near(shift.oee, exact.OEE.value, `${id} OEE`);
    assert.equal(shift.final, true, `${id} is final`);
  }
}

test('the classic shift, shuffled, twice, with two kills, gives 0.888095 / 0.861081 / 0.978050 / 0.747937', async t => {
  const engine = await startEngineChild(sheetsPlant([CLASSIC]));
  t.after(() => engine.close());
  await sendRoughly(engine, sheetEvents(CLASSIC, DAY), 1);
  await engine.settled();
  await holdSheets(engine, [CLASSIC]);
  const read = await engine.metric('oee_pipeline_events_total', 'outcome="read"');
  const became = ['inState', 'repeats', 'deadLettered'].map(o =>
    engine.metric('oee_pipeline_events_total', `outcome="${o}"`),
  );
  assert.equal(
    (await Promise.all(became)).reduce((a, b) => a + b, 0),
    read,
    'read = in state + repeats + dead-lettered',
  );
  const [row] = await engine.influx.rows(`SELECT * FROM oee WHERE "unit"='classic' AND "window"='shift'`);
  near(row?.oee as number, CLASSIC.exact.OEE.value, 'OEE in InfluxDB');
});

test('every published sheet and its roll-up, to nine digits', needs(SHEETS_FILE), async t => {
  const { oracles, rollups } = readSheets();
  const engine = await startEngineChild(sheetsPlant(oracles));
  t.after(() => engine.close());
  await sendRoughly(
    engine,
    oracles.flatMap(sheet => sheetEvents(sheet, DAY)),
    2,
  );
  await engine.settled();
  await holdSheets(engine, oracles);
  for (const [group, { exact }] of Object.entries(rollups)) {
    const [line] = await engine.results({ unit: `line-${group}`, from: DAY, to: DAY + DAY_MS });
    near(line?.availability, exact.A.value, `${group} A`);
    near(line?.performance, exact.P.value, `${group} P`);
    near(line?.quality, exact.Q_time_weighted.value, `${group} Q`);
    near(line?.oee, exact.OEE.value, `${group} OEE`);
  }
});
