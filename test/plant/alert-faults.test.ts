// Alert faults: every mistake in the alert rules of a plant file is told at once, at its line, with what to do about it.
// In: rules with known mistakes, each marked at the end of its line. Out: the faults compared with the marks.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlant } from '../../src/plant/parse-plant.ts';
import { isPlantFaults, type PlantFault } from '../../src/plant/plant-fault.ts';
import { expectMarks } from '../support/fault-marks.ts';

const PLANT = `plant: Alerts
products: {}
calendars: { c: { zone: UTC, weekly: {} } }
sites:
  - id: site
    zone: Europe/Oslo
    calendar: c
    areas:
      - id: hall
        lines:
          - id: line-1
            kind: serial
            constraint: filler
            tags: [wet]
            machines: [{ id: depalletizer }, { id: filler, tags: [bottleneck] }]
          - id: line-2
            kind: parallel
            machines: [{ id: bench-1, tags: [by-hand] }, { id: bench-2 }]
`;

/** The fault of the line that holds the words. */
function faultAt(text: string, words: string, faults: readonly PlantFault[]): PlantFault {
  const line = text.split('\n').findIndex(each => each.includes(words)) + 1;
  const fault = faults.find(each => each.line === line);
  assert.ok(fault !== undefined, `no fault on the line of ${words}`);
  return fault;
}

const expectIn = (text: string): ((words: string) => PlantFault) => {
  const faults = expectMarks(text);
  return words => faultAt(text, words, faults);
};

test('the classic mistakes of a rule are told at once, each with line, key and remedy', () => {
  const at = expectIn(`${PLANT}alerts:
  - id: unknown-unit
    text: A
    when: { stop: longer than 10min }
    on: { machines: [filer] }                    #! UNKNOWN_REFERENCE
  - id: over-one
    text: B
    when: { oee: below 60, in: shift }           #! CONDITION
    on: { lines: all }
  - id: no-window
    text: C
    when: { oee: below 60% }                     #! MISSING
    on: { lines: all }
  - id: no-time
    text: D
    when: { stop: longer than 10 }               #! VALUE
    on: { machines: all }
  - id: no-time                                  #! DUPLICATE_ID
    text: E
    when: { counter: quarantined }
    on: { machines: all }
`);
  assert.match(at('filer').remedy, /Did you mean filler\?/);
  assert.equal(at('filer').path, 'alerts.unknown-unit.on.machines[0]');
  assert.match(at('below 60,').message, /the ratio 60 is over 1/);
  assert.match(at('below 60,').remedy, /Write 60% if per cent are meant, or 0 to 1/);
  assert.match(at('below 60% }').remedy, /in: hour, shift, day, or the last minutes such as last60m/);
  assert.equal(at('below 60% }').path, 'alerts.no-window.when.in');
  assert.match(at('longer than 10 }').remedy, /a duration with its unit, such as longer than 10min/);
  assert.equal(at('- id: no-time  ').path, 'alerts.no-time.id');
});

test('conditions: limits that nothing can reach, ends on the wrong side, words that do not belong together', () => {
  const at = expectIn(`${PLANT}alerts:
  - { id: a1, text: x, on: { lines: all }, when: { oee: below 160%, in: shift } } #! CONDITION
  - { id: a2, text: x, on: { lines: all }, when: { oee: below 60%, in: shift, clear: 55% } } #! CONDITION
  - { id: a3, text: x, on: { lines: all }, when: { scrap: above 5%, in: hour, clear: 0.07 } } #! CONDITION
  - { id: a4, text: x, on: { lines: all }, when: { microStops: above 20/h, in: hour, clear: 30% } } #! CONDITION
  - { id: a5, text: x, on: { lines: all }, when: { pieces: below 900/h, in: hour, clear: 800/h } } #! CONDITION
  - { id: a6, text: x, on: { machines: all }, when: { performance: above 90%, in: shift } } #! CONDITION
  - { id: a7, text: x, on: { machines: all }, when: { stop: longer than 5min, in: shift } } #! CONDITION
  - { id: a8, text: x, on: { machines: all }, when: { stop: longer than 5min, silence: longer than 5min } } #! CONDITION
  - { id: a9, text: x, on: { machines: all }, when: { in: shift } } #! CONDITION
  - { id: b1, text: x, on: { lines: all }, when: { oee: below 60%, in: week } } #! VALUE
  - { id: b2, text: x, on: { lines: all }, when: { oee: below 60%, in: last2000m } } #! VALUE
  - { id: b3, text: x, on: { lines: all }, when: { oee: under 60%, in: shift } } #! VALUE
  - { id: b4, text: x, on: { lines: all }, when: { pieces: below 900, in: hour } } #! VALUE
  - { id: b5, text: x, on: { lines: all }, when: { pieces: below 0/h, in: hour } } #! CONDITION
  - { id: b6, text: x, on: { machines: all }, when: { stopp: longer than 5min } } #! CONDITION, UNKNOWN_KEY
  - { id: b7, text: x, on: { machines: all }, when: { counter: jumped } } #! VALUE
  - { id: b8, text: x, when: { deadLetters: longer than 10 } } #! VALUE
  - { id: b9, text: x, on: { lines: all } }        #! MISSING
`);
  assert.match(at('id: a1').message, /160% is over 100 %/);
  assert.match(at('id: a2').message, /clear is on the wrong side: 55 % is below the limit of 60 %/);
  assert.match(at('id: a2').remedy, /at or above the limit, such as 62 %/);
  assert.match(at('id: a3').remedy, /at or below the limit, such as 3 %/);
  assert.match(at('id: a4').remedy, /a rate such as 12\/h/);
  assert.match(at('id: a8').message, /stop and silence stand side by side/);
});

test('scope: mixed levels, stops of an area, tags that nobody has, the engine with units', () => {
  const at = expectIn(`${PLANT}alerts:
  - { id: a1, text: x, when: { oee: below 60%, in: shift }, on: { machines: all, lines: all } } #! SCOPE
  - { id: a2, text: x, when: { oee: below 60%, in: shift }, on: { machines: [filler, line-1] } } #! SCOPE
  - { id: a3, text: x, when: { stop: longer than 5min }, on: { areas: [hall] } } #! SCOPE
  - { id: a4, text: x, when: { stop: longer than 5min }, on: { of: [hall] } } #! SCOPE
  - { id: a5, text: x, when: { stop: longer than 5min } } #! MISSING
  - { id: a6, text: x, when: { stop: longer than 5min }, on: { machines: all, of: [hal] } } #! UNKNOWN_REFERENCE
  - { id: a7, text: x, when: { stop: longer than 5min }, on: { machines: all, tags: [bottelneck] } } #! UNKNOWN_REFERENCE
  - { id: a8, text: x, when: { stop: longer than 5min }, on: { machines: all, of: [line-2], tags: [bottleneck] } } #! SCOPE
  - { id: a9, text: x, when: { stop: longer than 5min }, on: { machines: [filler], tags: [wet] } } #! SCOPE
  - { id: b1, text: x, when: { oee: below 60%, in: shift }, on: { areas: all, tags: [wet] } } #! SCOPE
  - { id: b2, text: x, when: { lag: longer than 1min }, on: { lines: all } } #! SCOPE
  - { id: b3, text: x, when: { stop: longer than 5min }, on: { machine: [filler] } } #! UNKNOWN_KEY, SCOPE
  - { id: b4, text: x, when: { stop: longer than 5min }, on: { machines: filler } } #! VALUE
`);
  assert.match(at('id: a2').message, /line-1 is a line, not a machine/);
  assert.match(at('id: a3').remedy, /machines: all, of: \[the unit\]/);
  assert.match(at('id: a6').remedy, /Did you mean hall\?/);
  assert.match(at('id: a7').remedy, /Did you mean bottleneck\?/);
});

test('manners: escalation to nobody known, quiet that is no span, misspelt keys, and maintenance that ends first', () => {
  const at = expectIn(`${PLANT}alerts:
  - id: a1
    text: x
    when: { stop: longer than 5min }
    on: { machines: all }
    severity: urgent                             #! VALUE
    quiet:
      - 22:00-22:00                              #! SPAN
      - at night                                 #! VALUE
      - 22:00-06:00
    escalate:
      - { after: 15min, to: [boss] }             #! UNKNOWN_REFERENCE
      - { after: 10min, to: [] }                 #! SPAN, VALUE
      - { after: 20, to: [boss] }                #! VALUE, UNKNOWN_REFERENCE
    severty: info                                #! UNKNOWN_KEY
  - { id: a2, text: x, when: { lag: longer than 1min }, quiet: [22:00-06:00] } #! SCOPE
  - { text: x, when: { lag: longer than 1min } } #! MISSING
  - { id: a3, when: { lag: longer than 1min } }  #! MISSING
maintenance:
  - { units: [line-9], from: 2026-12-01T06:00+01:00, to: 2026-12-01T14:00+01:00, why: x } #! UNKNOWN_REFERENCE
  - { units: [line-1], from: 2026-12-01T06:00+01:00, to: 2026-12-01T04:00Z, why: x } #! SPAN
  - { units: [line-1], from: 2026-12-01 06:00, to: 2026-12-01T14:00+01:00, why: x } #! DATE
  - { units: [line-1], from: 2026-12-01T06:00+01:00, to: 2026-12-01T14:00+01:00 } #! MISSING
`);
  assert.match(at('severty').remedy, /Did you mean severity\?/);
  assert.match(at('[boss] }  ').remedy, /There is no receiver yet|There are:/);
  assert.match(at('2026-12-01 06:00').remedy, /date, time and offset, such as 2026-12-01T06:00\+01:00/);
});

test('no unit may be called what the engine is called', () => {
  expectMarks(PLANT.replace('{ id: bench-2 }]', '{ id: engine }] #! DUPLICATE_ID'));
});

const plantOf = (rules: string) => {
  const plant = parsePlant(`${PLANT}${rules}`, 'plant.yaml');
  assert.ok(!isPlantFaults(plant), isPlantFaults(plant) ? JSON.stringify(plant.faults) : '');
  return plant;
};

test('a rule that says little has the usual manners: at once, a warning, one alert per line and minute, a slack of two points', () => {
  const { alerts } = plantOf('alerts: [{ id: a, text: Low, when: { oee: below 60%, in: shift }, on: { lines: all } }]');
  assert.deepEqual(alerts, [
    {
      id: 'a',
      text: 'Low',
      condition: { kind: 'ratioBelow', ratio: 'oee', window: 'shift', limit: 0.6, clear: 0.62 },
      forMs: 0,
      severity: 'warning',
      units: ['line-1', 'line-2'],
      togetherMs: 60_000,
      flapMs: 600_000,
      quiet: [],
      escalation: [],
    },
  ]);
});

test('each kind of condition is read to the digit: per cent and ratios alike, rates per hour, durations', () => {
  const on = 'on: { machines: [filler] }';
  const { alerts } = plantOf(`alerts:
  - { id: a, text: x, ${on}, when: { availability: below 0.9, in: last90m, clear: 95% } }
  - { id: b, text: x, ${on}, when: { performance: above 105%, in: day } }
  - { id: c, text: x, ${on}, when: { performance: below 99%, in: hour } }
  - { id: d, text: x, ${on}, when: { scrap: above 5%, in: hour } }
  - { id: e, text: x, ${on}, when: { microStops: above 0.5/min, in: hour, clear: 12/h } }
  - { id: f, text: x, ${on}, when: { pieces: below 4/s, in: shift } }
  - { id: g, text: x, ${on}, when: { stop: longer than 10min } }
  - { id: h, text: x, ${on}, when: { silence: longer than 90 s } }
  - { id: i, text: x, ${on}, when: { counter: quarantined } }
  - { id: j, text: x, when: { lag: longer than 1min } }
  - { id: k, text: x, when: { neighbour: away longer than 2min } }
  - { id: l, text: x, when: { deadLetters: more than 10 } }
`);
  assert.deepEqual(
    alerts.map(({ condition }) => condition),
    [
      { kind: 'ratioBelow', ratio: 'availability', window: 'last90m', limit: 0.9, clear: 0.95 },
      { kind: 'performanceAbove', window: 'day', limit: 1.05, clear: 1.03 },
      { kind: 'ratioBelow', ratio: 'performance', window: 'hour', limit: 0.99, clear: 1 },
      { kind: 'scrapRateAbove', window: 'hour', limit: 0.05, clear: 0.03 },
      { kind: 'microStopsAbove', window: 'hour', limit: 30, clear: 12 },
      { kind: 'piecesBelow', window: 'shift', limit: 14_400, clear: 15_840 },
      { kind: 'stopLonger', longerMs: 600_000 },
      { kind: 'silentLonger', longerMs: 90_000 },
      { kind: 'quarantined' },
      { kind: 'engineLag', longerMs: 60_000 },
      { kind: 'neighbourAway', longerMs: 120_000 },
      { kind: 'deadLetters', more: 10 },
    ],
  );
});

test('scopes: all, below some units, by tags of a machine or of its line', () => {
  const when = 'text: x, when: { oee: below 60%, in: shift }';
  const { alerts, maintenance } = plantOf(`alerts:
  - { id: a, ${when}, on: { machines: all } }
  - { id: b, ${when}, on: { machines: all, of: [line-2] } }
  - { id: c, ${when}, on: { machines: all, tags: [wet, by-hand] } }
  - { id: d, ${when}, on: { lines: all, tags: [wet] } }
  - { id: e, ${when}, on: { machines: [bench-2, filler, bench-2] } }
  - { id: f, ${when}, on: { sites: all } }
maintenance: [{ units: [hall, filler], from: 2026-12-01T06:00+01:00, to: 2026-12-01T14:00+01:00, why: Overhaul }]
`);
  assert.deepEqual(
    alerts.map(({ units }) => units.join()),
    [
      'depalletizer,filler,bench-1,bench-2',
      'bench-1,bench-2',
      'depalletizer,filler,bench-1',
      'line-1',
      'bench-2,filler',
      'site',
    ],
  );
  const from = Date.UTC(2026, 11, 1, 5);
  assert.deepEqual(maintenance, [{ units: ['hall', 'filler'], from, to: from + 8 * 3_600_000, why: 'Overhaul' }]);
});
