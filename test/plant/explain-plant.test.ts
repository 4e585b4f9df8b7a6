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
