// Truth: the simulator's own ledger is whole, lawful and looks like a plant.
// In: the demo plant, and a ledger written by hand. Out: tallies, held to what a lean engineer works out on paper.
// Pure but for the plant file.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { calendarOf } from '../../src/core/calendar.ts';
import { ratiosOf } from '../../src/core/oee.ts';
import { calendarMs, sumOfTallies, talliesEqual } from '../../src/core/tally.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import { deedsOfDay, demoPlantOf } from '../../src/demo/plant-day.ts';
import { truthIn } from '../../src/demo/truth.ts';
import { type Ledger, ledgerOf, type MachineAccount } from '../../src/demo/truth-ledger.ts';
import { DEMO_DAY, DEMO_SEED, demoPlant } from '../support/demo-plant.ts';

const plant = demoPlant();
const DAY = { from: DEMO_DAY + MINUTE_MS, to: DEMO_DAY + DAY_MS };
let ledger: Ledger;
before(() => {
  ledger = ledgerOf({ plant, seed: DEMO_SEED, from: DEMO_DAY, to: DEMO_DAY + DAY_MS });
});
const machinesOf = (line: string): readonly string[] => plant.lines.find(({ id }) => id === line)?.machines ?? [];

test('the truth books every millisecond of every machine once, and hours add up to the day in every field', () => {
  for (const { id } of plant.machines) {
    const whole = truthIn(ledger, id, DAY);
    assert.equal(calendarMs(whole), DAY.to - DAY.from, id);
    const cuts = [DAY.from, ...Array.from({ length: 24 }, (_, hour) => DEMO_DAY + (hour + 1) * HOUR_MS)];
    const hours = cuts.slice(1).map((to, index) => truthIn(ledger, id, { from: cuts[index] as number, to }));
    assert.ok(talliesEqual(sumOfTallies(hours), whole), id);
  }
});

test('no machine of the bottling line fills more bottles than the one before it let through', () => {
  // What really happened, told or not: bottles that a silent gateway forgot went down the line all the same.
  const made = new Map(machinesOf('line-1').map(id => [id, { total: 0, good: 0 }]));
  for (const deeds of deedsOfDay(demoPlantOf(plant, DEMO_SEED), DEMO_DAY)) {
    for (const deed of deeds) {
      const sum = made.get(deed.machine);
      if (deed.kind !== 'pieces' || sum === undefined) continue;
      sum.total += deed.good + deed.reject + deed.rework;
      sum.good += deed.good;
    }
  }
  const line = [...made.values()];
  line.slice(1).forEach(({ total }, index) => {
    const upstream = line[index]?.good ?? 0;
    // 75 s of bottles, half of the largest buffer, stood there at midnight; what is cleared away at an order's end is less.
    assert.ok(
      total <= upstream + 75 * 6.25 && total >= upstream - 10 * 150 * 6.25,
      `${index}: ${total} of ${upstream}`,
    );
  });
});

test('all pieces are good, rejected or reworked, and every one has an ideal cycle', () => {
  for (const { id } of plant.machines) {
    const tally = truthIn(ledger, id, DAY);
    assert.equal(tally.total, tally.good + tally.reject + tally.rework);
    assert.ok(tally.good > 0 && tally.reject > 0, id);
    assert.equal(tally.uncycled, 0, id);
  }
});

test('the figures of a day look like those of a plant', t => {
  for (const { id } of plant.machines) {
    const tally = truthIn(ledger, id, DAY);
    const { availability, performance, quality, oee, coverage } = ratiosOf(tally);
    const shown = [availability, performance, quality, oee, coverage].map(ratio => (ratio ?? Number.NaN).toFixed(3));
    t.diagnostic(`${id.padEnd(13)} A ${shown[0]}  P ${shown[1]}  Q ${shown[2]}  OEE ${shown[3]}  coverage ${shown[4]}`);
    assert.ok(oee !== null && oee >= 0.45 && oee <= 0.9, `${id}: ${oee}`);
    assert.ok(performance !== null && performance < 1, `${id}: ${performance}`);
    assert.ok(tally.stops > 10 && tally.microStops > 5, id);
  }
  const all = sumOfTallies(plant.machines.map(({ id }) => truthIn(ledger, id, DAY)));
  for (const field of ['setup', 'breakdown', 'starved', 'blocked', 'idle', 'plannedStop', 'unknown'] as const) {
    assert.ok(all[field] > 5 * MINUTE_MS, field);
  }
});

test('scrap is higher in the half hour after a shift starts than over the day', () => {
  const calendar = calendarOf(plant.calendars.find(({ id }) => id === 'bergen-shifts') ?? raise('no calendar'));
  const starts = calendar.shiftsIn(DAY.from, DAY.to).map(({ start }) => start);
  const early = sumOfTallies(
    starts
      .filter(start => start > DAY.from)
      .map(start => truthIn(ledger, 'filler', { from: start, to: start + HOUR_MS / 2 })),
  );
  const day = truthIn(ledger, 'filler', DAY);
  assert.ok(early.reject / early.total > (1.3 * day.reject) / day.total);
});

const raise = (message: string): never => {
  throw new Error(message);
};

// A morning of one machine, small enough for paper: shift from 06:00 UTC, break 08:30 to 08:45, threshold 2 min, silence 60 s.
const MORNING = Date.parse('2026-11-20T05:00:00Z');
const at = (minutes: number, seconds = 0): number => MORNING + minutes * MINUTE_MS + seconds * SECOND_MS;

function paperLedger(changes: Partial<MachineAccount>): Ledger {
  const account = ledger.accounts.get('packer') ?? raise('no packer');
  const beats = Array.from({ length: 60 * 12 }, (_, index) => at(0, index * 30));
  const paper: MachineAccount = {
    ...account,
    states: [
      { at: at(0), claim: 'producing' },
      { at: at(10), claim: 'stop' },
      { at: at(11, 59), claim: 'producing' },
      { at: at(59), claim: 'stop' },
      { at: at(60), claim: 'breakdown' },
      { at: at(61), claim: 'producing' },
      { at: at(145), claim: 'starved' },
      { at: at(170), claim: 'producing' },
    ],
    pieces: [{ at: at(60), good: 100, reject: 4, rework: 0, quarantined: 0, energyWh: 0 }],
    products: [
      { at: at(0), product: 'cola-05' },
      { at: at(60), product: 'cola-15' },
    ],
    restated: [],
    signs: beats,
    ...changes,
  };
  return { from: at(0), to: at(360), accounts: new Map([['packer', paper]]) };
}

test('on paper: a stop of 1:59 is micro, one of 2:00 in two words is one failure, counted in the hour in which it began', () => {
  const first = truthIn(paperLedger({}), 'packer', { from: at(0), to: at(60) });
  assert.deepEqual(
    [first.microStop, first.breakdown, first.producing],
    [119 * SECOND_MS, MINUTE_MS, 57 * MINUTE_MS + SECOND_MS],
  );
  assert.deepEqual([first.microStops, first.stops, first.failures], [1, 1, 1]);
  const second = truthIn(paperLedger({}), 'packer', { from: at(60), to: at(120) });
  assert.deepEqual([second.breakdown, second.stops, second.failures], [MINUTE_MS, 0, 0]);
});

test('on paper: pieces at an order start belong to it, and the last machine is also valued at the constraint’s cycle', () => {
  const tally = truthIn(paperLedger({}), 'packer', { from: at(60), to: at(61) });
  assert.deepEqual([tally.total, tally.good, tally.reject], [104, 100, 4]);
  assert.deepEqual([tally.idealUs, tally.idealGoodUs], [104 * 340_000, 100 * 340_000]);
  assert.equal(tally.lineIdealGoodUs, 100 * 400_000);
});

test('on paper: a break cuts out of a starved run, which still counts once', () => {
  const tally = truthIn(paperLedger({}), 'packer', { from: at(120), to: at(180) });
  assert.deepEqual([tally.starved, tally.plannedStop, tally.stops], [10 * MINUTE_MS, 15 * MINUTE_MS, 1]);
});

test('on paper: a silence is unknown from the last sign to the next and cuts a stop in two', () => {
  const signs = [at(0), at(0, 30), at(59), at(59, 40), at(62), at(62, 30), at(360)];
  const states = [
    { at: at(0), claim: 'producing' as const },
    { at: at(59), claim: 'stop' as const },
    { at: at(64), claim: 'producing' as const },
  ];
  const tally = truthIn(paperLedger({ signs: [...signs, at(64)].sort((a, b) => a - b), states }), 'packer', {
    from: at(59),
    to: at(64),
  });
  assert.deepEqual(
    [tally.microStop, tally.unknown, tally.microStops],
    [70 * SECOND_MS, 140 * SECOND_MS + 90 * SECOND_MS, 2],
  );
});

test('on paper: a restated stop is what was said, counted where it begins, and no failure any more', () => {
  const restated = [{ from: at(59), to: at(61), category: 'setup' as const }];
  const tally = truthIn(paperLedger({ restated }), 'packer', { from: at(0), to: at(120) });
  assert.deepEqual([tally.setup, tally.breakdown, tally.stops, tally.failures], [2 * MINUTE_MS, 0, 1, 0]);
});
