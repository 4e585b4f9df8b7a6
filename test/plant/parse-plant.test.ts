// Parse plant: what a plant file means once everything that it leaves out is filled in.
// In: the demo plant and small plants written here. Out: resolved models compared with what was meant.
// Reads src/demo/plant.yaml.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { calendarOf } from '../../src/core/calendar.ts';
import type { MachineModel, Plant } from '../../src/core/plant-model.ts';
import { claimOf } from '../../src/core/vocabulary.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { explainFaults, isPlantFaults } from '../../src/plant/plant-fault.ts';
import { small } from '../support/plant-text.ts';

const DEMO = readFileSync(new URL('../../src/demo/plant.yaml', import.meta.url), 'utf8');

function good(text: string): Plant {
  const plant = parsePlant(text, 'plant.yaml');
  assert.ok(!isPlantFaults(plant), isPlantFaults(plant) ? explainFaults(plant) : '');
  return plant;
}
function machine(plant: Plant, id: string): MachineModel {
  const found = plant.machines.find(each => each.id === id);
  assert.ok(found, id);
  return found;
}

test('the demo plant has the units, the flow and the targets that its file says', () => {
  const plant = good(DEMO);
  assert.deepEqual(
    plant.sites.map(({ id, zone, areas }) => [id, zone, areas]),
    [
      ['bergen', 'Europe/Oslo', ['filling', 'assembly']],
      ['detroit', 'America/Detroit', ['machining']],
    ],
  );
  const [line] = plant.lines;
  assert.deepEqual(line?.machines, ['depalletizer', 'filler', 'capper', 'labeller', 'packer']);
  assert.deepEqual([line?.kind, line?.constraint, line?.area, line?.site], ['serial', 'filler', 'filling', 'bergen']);
  assert.deepEqual(plant.targets, { bergen: 0.75, 'line-1': 0.8, filler: 0.82, detroit: 0.7 });
});

test('a machine inherits from its line, area, site and the defaults, and the nearest wins', () => {
  const plant = good(DEMO);
  const filler = machine(plant, 'filler');
  assert.deepEqual(
    [filler.calendar, filler.silenceMs, filler.microStopMs, filler.maxRate, filler.countEdge],
    ['bergen-shifts', 60_000, 120_000, 8, 'starting'],
  );
  assert.equal(machine(plant, 'capper').countEdge, 'ending');
  assert.deepEqual([machine(plant, 'bench-1').silenceMs, machine(plant, 'bench-1').product], [900_000, 'pump-a']);
  assert.equal(filler.reasons.F1?.claim, 'breakdown');
  assert.equal(filler.reasons.C1?.claim, 'setup', 'its own reasons stand beside those of the defaults');
  assert.equal(machine(plant, 'packer').reasons.F1, undefined);
  assert.deepEqual(filler.reasons.E1, { text: 'Jam', claim: null });
  const cnc3 = machine(plant, 'cnc-3');
  assert.deepEqual(
    cnc3.cycles.map(({ product, cycleUs }) => [product, cycleUs]),
    [
      ['bracket', 100_000_000],
      ['housing', 240_000_000],
    ],
  );
});

test('words: the plant’s own over those that they extend, and the canonical ones by default', () => {
  const plant = good(DEMO);
  const { vocabulary } = machine(plant, 'packer');
  assert.equal(claimOf('CIP', vocabulary), 'plannedStop');
  assert.equal(claimOf('SUSPENDED', vocabulary), 'starved');
  assert.equal(claimOf('PRODUCTION.EXECUTE', vocabulary), 'producing');
  assert.equal(machine(plant, 'cnc-1').vocabulary.ACTIVE, 'producing');
  const joined = good(
    small({
      top: 'vocabularies: { ours: { words: { ACTIVE: setup, __proto__: idle } } }',
      line: '          vocabulary: [mtconnect, ours]',
    }),
  );
  const words = machine(joined, 'm1').vocabulary;
  assert.deepEqual([words.ACTIVE, words.READY, claimOf('__proto__', words)], ['setup', 'idle', 'idle']);
  assert.equal(machine(good(small()), 'm1').vocabulary.producing, 'producing');
});

test('counters: modulus, none, and those that start with an order', () => {
  const plant = good(DEMO);
  assert.deepEqual(machine(plant, 'cnc-1').counters.total, { modulus: 65_536, startsWithOrder: false });
  assert.deepEqual(machine(plant, 'cnc-2').counters.total, { modulus: null, startsWithOrder: false });
  assert.deepEqual(machine(plant, 'cnc-4').counters.good, { modulus: null, startsWithOrder: true });
  assert.deepEqual(machine(plant, 'filler').counters, {});
});

test('a cycle can be said as a duration or as a rate, and a date is the start of that business day', () => {
  const cycles = machine(good(DEMO), 'filler').cycles;
  assert.deepEqual(
    cycles.map(({ product, from, cycleUs }) => [
      product,
      from === 0 ? 'always' : new Date(from).toISOString(),
      cycleUs,
    ]),
    [
      ['cola-05', 'always', 200_000],
      ['cola-15', 'always', 400_000],
      ['water-05', 'always', 200_000],
      ['water-05', '2026-10-01T04:00:00.000Z', 187_500],
    ],
  );
  const written = ['200ms', '0.2s', '5/s', '300/min', '18000/h', '{ idealCycle: 200 ms }', '{ rate: 300 / min }'];
  for (const cycle of written) {
    const plant = good(small({ machines: `          - { id: m1, cycles: { a: ${cycle} } }` }));
    assert.equal(machine(plant, 'm1').cycles[0]?.cycleUs, 200_000, cycle);
  }
});

test('cycles of one product come in the order of their dates, whatever the order in the file; an instant is taken as it is', () => {
  const plant = good(
    small({
      machines: `          - id: m1
            cycles:
              a:
                - { from: 2026-05-01, idealCycle: 3s }
                - { from: "2026-03-01T08:00:00+01:00", idealCycle: 2s }
                - 1s`,
    }),
  );
  assert.deepEqual(
    machine(plant, 'm1').cycles.map(({ from, cycleUs }) => [from, cycleUs / 1_000_000]),
    [
      [0, 1],
      [Date.parse('2026-03-01T07:00:00Z'), 2],
      [Date.parse('2026-05-01T00:00:00+02:00'), 3],
    ],
  );
});

test('what is left out has the documented default', () => {
  const plant = good(small());
  assert.deepEqual(plant.settings, {
    latenessMs: 60_000,
    horizonMs: 7 * 86_400_000,
    maxAheadMs: 60_000,
    slidingMinutes: [5, 60],
    refreshMs: 5_000,
  });
  const { microStopMs, silenceMs, maxRate, countEdge, product, cycles, name } = machine(plant, 'm1');
  assert.deepEqual(
    { microStopMs, silenceMs, maxRate, countEdge, product, cycles, name },
    {
      microStopMs: 120_000,
      silenceMs: 300_000,
      maxRate: null,
      countEdge: 'starting',
      product: null,
      cycles: [],
      name: 'm1',
    },
  );
  assert.equal(machine(good(small({ line: '          silence: off' })), 'm1').silenceMs, null);
  assert.deepEqual(plant.products[0], { id: 'a', name: 'a', piece: 'piece' });
});

test('the business day starts with the earliest shift when nobody says otherwise', () => {
  const detroit = good(DEMO).calendars.find(({ id }) => id === 'detroit-shifts');
  assert.equal(detroit?.dayStart, '06:00');
  assert.equal(good(small()).calendars[0]?.dayStart, '00:00');
});

test('a revision changes what it says and keeps the rest', () => {
  const plant = good(
    small({
      calendar: `    shifts:
      day: { start: 06:00, end: 14:00 }
    weekly: { mon-fri: [day] }
    holidays: [2027-01-01]
    revisions:
      - from: 2027-03-01
        rotation: { anchor: 2027-03-01, days: [[day], []] }
      - from: 2027-04-01
        weekly: { mon: [day] }
      - from: 2027-02-01
        shifts: { day: { start: 07:00, end: 15:00 } }`,
    }),
  );
  const revisions = plant.calendars[0]?.revisions ?? [];
  assert.deepEqual(
    revisions.map(({ from, weekly, holidays }) => [from, weekly[0]?.[0]?.start ?? null, holidays]),
    [
      ['1970-01-01', '06:00', ['2027-01-01']],
      ['2027-02-01', '07:00', ['2027-01-01']],
      ['2027-03-01', null, ['2027-01-01']],
      ['2027-04-01', '07:00', ['2027-01-01']],
    ],
  );
  assert.equal(revisions[2]?.rotation?.days[0]?.[0]?.start, '07:00', 'the rotation uses the shift as it is by then');
  assert.equal(revisions[3]?.rotation, undefined, 'a week ends a rotation');
  const calendar = calendarOf(plant.calendars[0] ?? assert.fail());
  assert.equal(calendar.shiftAt(Date.parse('2027-02-01T05:30:00Z')), null);
  assert.equal(calendar.shiftAt(Date.parse('2027-02-01T06:00:00Z'))?.name, 'day');
});

test('days: a range over the week’s end, and crews from the pattern over those of the shift', () => {
  const plant = good(
    small({
      calendar: `    shifts:
      day: { start: 06:00, end: 14:00, crew: A }
    weekly: { sat-mon: [day], wed: [{ shift: day, crew: B }] }`,
    }),
  );
  assert.deepEqual(
    plant.calendars[0]?.revisions[0]?.weekly.map(day => day[0]?.crew ?? ''),
    ['A', '', 'B', '', '', 'A', 'A'],
  );
});

test('the revision is the content’s: comments and layout do not change it, a cycle does', () => {
  const plant = good(DEMO);
  assert.equal(good(DEMO.replaceAll(/ #.*$/gm, '')).revision, plant.revision);
  assert.notEqual(good(DEMO.replace('cola-05: 200ms', 'cola-05: 201ms')).revision, plant.revision);
  assert.deepEqual(JSON.parse(JSON.stringify(plant)), plant, 'a plant survives the log as JSON');
});

test('names that look like numbers stay as they are written', () => {
  const text = small({ machines: '          - { id: "0123", cycles: { 007: 1s } }' }).replace('a: {}', '007: {}');
  const plant = good(text);
  assert.deepEqual([plant.products[0]?.id, plant.machines[0]?.id], ['007', '0123']);
  assert.equal(plant.machines[0]?.cycles[0]?.product, '007');
});

test('anchors and merge keys share what is the same', () => {
  const plant = good(
    small({
      machines: `          - &m { id: m1, silence: 7min, cycles: { a: 1s } }
          - { <<: *m, id: m2 }`,
    }),
  );
  assert.deepEqual([machine(plant, 'm2').silenceMs, machine(plant, 'm2').cycles.length], [420_000, 1]);
});
