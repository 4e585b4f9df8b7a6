// Explain plant: the check's answer names every unit, the next shifts, every machine and every cycle.
// In: the demo plant at chosen instants. Out: lines of the text compared with what a planner expects to read.
// Reads src/demo/plant.yaml.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { checkPlantFile } from '../../src/plant/explain-plant.ts';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { isPlantFaults } from '../../src/plant/plant-fault.ts';
import { plantSchemaText } from '../../src/plant/plant-schema.ts';

const DEMO = readFileSync(new URL('../../src/demo/plant.yaml', import.meta.url), 'utf8');
/** The text with runs of spaces as one, so that a wider column breaks nothing. */
const told = (iso: string): string => checkPlantFile(DEMO, 'plant.yaml', Date.parse(iso)).text.replaceAll(/ +/g, ' ');

test('the next three shifts of each calendar stand in local time, with crews, true length and breaks', () => {
  const text = told('2026-11-22T09:30:00Z');
  assert.ok(text.includes('now Sun 2026-11-22 10:30: early until 14:00; then'));
  assert.ok(text.includes('Sun 2026-11-22 22:00–06:00 night 8 h night meal 01:30–02:00'));
  assert.ok(text.includes('now Sun 2026-11-22 04:30: night (crew D) until 06:00; then'));
  assert.ok(text.includes('Sun 2026-11-22 06:00–18:00 day (crew C) 12 h break 09:00–09:15, lunch 12:00–12:30'));
});

test('the nights of the clock change are told with their true length', () => {
  assert.match(told('2026-10-24T12:30:00Z'), /Sat 2026-10-24 22:00–06:00 night 9 h/);
  assert.match(told('2026-03-28T12:30:00Z'), /Sat 2026-03-28 22:00–06:00 night 7 h/);
});

test('on a holiday there is no shift, and the next ones are after it', () => {
  const text = told('2027-05-17T12:00:00Z');
  assert.match(text, /now Mon 2027-05-17 14:00: no shift; then\n Tue 2027-05-18 06:00–14:00 early/);
});

test('every machine, product cycle, rate per hour and date of validity is there', () => {
  const text = told('2026-11-22T09:30:00Z');
  const plant = parsePlant(DEMO, 'plant.yaml');
  assert.ok(!isPlantFaults(plant));
  for (const machine of plant.machines) {
    for (const { product } of machine.cycles) assert.match(text, new RegExp(`\n ${machine.id} ${product} `));
  }
  assert.ok(text.includes('filler water-05 187.5 ms 19200 since Thu 2026-10-01 06:00'));
  assert.ok(text.includes('bench-2 pump-b 52 s 69.23 always'));
  assert.ok(text.includes('filler line-1 bergen-shifts 20 8 < 2 min > 1 min increments <= 8/s starting –'));
  assert.ok(text.includes('total mod 65536, reject mod 65536 <= 4/min starting'));
});

test('a file with faults is not ok, and its text is the faults', () => {
  const answer = checkPlantFile('plant: X\n', 'my.yaml', 0);
  assert.equal(answer.ok, false);
  assert.match(answer.text, /^my\.yaml has 3 faults\n/);
});

test('the schema that editors get accepts the demo plant and refuses a key that it does not know', () => {
  const schema = JSON.parse(plantSchemaText());
  const ajv = new Ajv({ strict: false });
  assert.ok(ajv.validateSchema(schema), ajv.errorsText());
  assert.ok(ajv.validate(schema, parse(DEMO)), ajv.errorsText());
  assert.ok(!ajv.validate(schema, parse(DEMO.replace('zone:', 'zoen:'))));
});

test('each rule is one sentence: what is said when, about what, for how long, and who hears of it', () => {
  const rules = `
alerts:
  - id: filler-stopped
    text: Filler stands
    when: { stop: longer than 10min }
    on: { machines: [filler] }
    for: 5min
    severity: critical
    quiet: [22:00-06:00]
  - { id: low, text: OEE is low, when: { oee: below 60%, in: shift, clear: 65% }, on: { lines: all, of: [bergen] } }
  - { id: micro, text: Short stops, when: { microStops: above 20/h, in: last60m }, on: { machines: all }, flap: 1h }
maintenance:
  - { units: [line-1], from: 2026-12-01T06:00+01:00, to: 2026-12-01T14:00+01:00, why: Overhaul }
`;
  const bare = DEMO.replace(/\n(# [^\n]*\n)*alerts:[\s\S]*$/, '\n');
  const text = checkPlantFile(bare + rules, 'plant.yaml', 0).text.replaceAll(/\s+/g, ' ');
  for (const sentence of [
    'filler-stopped critical “Filler stands” is said when filler has been stopped by itself for longer than 10 min, and has been so for 5 min; nobody is told from 22:00 to 06:00 unless it is still so afterwards.',
    '“OEE is low” is said when the OEE of line-1 or hand-1 in the shift so far is below 60 %; it ends when it is 65 % again.',
    '“Short stops” is said when any of 11 units (depalletizer, filler …) has more than 20 micro-stops per hour over the last 60 min; it ends when it is 18 per hour again; what comes back within 1 h is the same alert.',
    'MAINTENANCE 2026-12-01T05:00Z – 2026-12-01T13:00Z line-1: Overhaul',
  ]) {
    assert.ok(text.includes(sentence), `${sentence}\n\nis not in\n\n${text.slice(text.indexOf('ALERTS'))}`);
  }
});
