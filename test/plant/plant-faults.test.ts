// Plant faults: every mistake in a plant file is told at once, at its place, with what to do about it.
// In: plant files with known mistakes, each marked at the end of its line. Out: the faults compared with the marks.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explainFaults } from '../../src/plant/plant-fault.ts';
import { expectMarks, faultsOf } from '../support/fault-marks.ts';

const TWELVE = `
plant: Twelve mistakes
settings:
  latness: 60s                                   #! UNKNOWN_KEY
  horizon: one week                              #! VALUE
products:
  cola: { name: Cola }
calendars:
  week:
    zone: Europe/Olso                            #! ZONE
    shifts:
      early:
        start: 06:00
        end: 14:00
        breaks:
          - { name: lunch, start: 15:00, end: 15:30 } #! BREAK
      late: { start: 13:30, end: 22:00 }
    weekly:
      mon-fri: [early, late]                     #! OVERLAP
    holidays:
      - 2026-02-30                               #! DATE
sites:
  - id: plant-1
    zone: Europe/Oslo
    calendar: week
    areas:
      - id: hall
        lines:
          - id: line-1
            kind: serial
            constraint: filer                    #! CONSTRAINT
            target: 80                           #! VALUE
            machines:
              - id: filler
                counters: { total: { modulus: 1 } } #! VALUE
                cycles:
                  cola: 200ms
                  colla: 210ms                   #! UNKNOWN_REFERENCE
              - id: capper
                cycles:
                  cola:
                    - { idealCycle: 200ms, from: 2026-05-01 }
                    - { rate: 300/min, from: 2026-05-01 } #! EFFECTIVE
              - id: filler                       #! DUPLICATE_ID
`;

test('a plant with twelve different faults reports exactly those twelve, on their lines', () => {
  const faults = expectMarks(TWELVE);
  assert.equal(faults.length, 12);
  const of = (line: string) => faults.find(each => TWELVE.split('\n')[each.line - 1]?.includes(line));
  assert.match(of('latness')?.remedy ?? '', /Did you mean lateness\?/);
  assert.match(of('filer')?.remedy ?? '', /Did you mean filler\?/);
  assert.match(of('colla')?.remedy ?? '', /Did you mean cola\?/);
  assert.equal(of('modulus')?.path, 'sites.plant-1.areas.hall.lines.line-1.machines.filler.counters.total.modulus');
  assert.deepEqual([of('colla')?.line, of('colla')?.column], [38, 19]);
});

test('the text for a terminal has for each fault its place, key, trouble and remedy', () => {
  const text = explainFaults({ file: 'plant.yaml', faults: faultsOf(TWELVE) });
  assert.match(text, /^plant\.yaml has 12 faults\n/);
  assert.match(
    text,
    /plant\.yaml:32:21 {2}sites\.plant-1\.areas\.hall\.lines\.line-1\.target\n {2}OEE_PLANT_VALUE: the value is 80 \(a number\)\n {2}→ Give a ratio from 0 to 1/,
  );
});

test('calendars: every way in which shifts, breaks, days and revisions can contradict each other', () => {
  expectMarks(`
plant: Calendars
products: {}
calendars:
  none:                                          #! MISSING
    zone: UTC
  both:
    zone: UTC
    weekly: {}
    rotation: { anchor: 2026-01-01, days: [[]] } #! PATTERN
  c:
    zone: +02:00                                 #! VALUE
    dayStart: 24:00                              #! VALUE
    shifts:
      early:
        start: 06:00
        end: 14:00
        breaks:
          - { name: a, start: 08:00, end: 08:30 }
          - { name: b, start: 08:15, end: 08:45 } #! OVERLAP
          - { name: c, start: 10:00, end: 10:00 } #! BREAK
          - { name: d, start: 13:45, end: 14:15 } #! BREAK
      night:
        start: 22:00
        end: 06:30
        breaks:
          - { name: e, start: 02:00, end: 02:30 }
          - { name: f, start: 21:00, end: 21:30 } #! BREAK
      half: { start: 06:00 }                     #! MISSING
    weekly:
      mon-thu: [early, nigt]                     #! UNKNOWN_REFERENCE
      thu: [early]                               #! OVERLAP
      fri: [night]                               #! OVERLAP
      sat: [early, half]
      weekend: [early]                           #! VALUE
    exceptions:
      2026-12-24: [early, early]                 #! OVERLAP
      2026-13-01: []                             #! DATE
      Christmas: [early]                         #! VALUE
    revisions:
      - from: 2027-01-01
        weekly: { mon: [early] }
      - from: 2027-01-01                         #! EFFECTIVE
        weekly: { tue: early }                   #! VALUE
      - weekly: {}                               #! MISSING
  turns:
    zone: Europe/Oslo
    shifts:
      day: { start: 06:00, end: 18:00 }
      long: { start: 18:00, end: 08:00 }
    rotation:
      anchor: 2026-02-29                         #! DATE
      days:
        - [day, long]                            #! OVERLAP
        - [day]
  around-the-week:
    zone: Europe/Oslo
    shifts:
      day: { start: 06:00, end: 18:00 }
      long: { start: 18:00, end: 08:00 }
    weekly:
      mon: [day]
      sun: [long]                                #! OVERLAP
sites:
  - { id: s, zone: Mars/Phobos, calendar: c, areas: [{ id: a, lines: [{ id: l, kind: parallel, machines: [{ id: m }] }] }] } #! ZONE
`);
});

test('units, names and thresholds: unknown, double, missing, impossible', () => {
  expectMarks(`
plant: Units
settings: { lateness: 8d, horizon: 7d, refresh: 10ms, sliding: [5, 0] } #! VALUE, VALUE, VALUE
defaults:
  vocabulary: [packml, ours, theirs]             #! UNKNOWN_REFERENCE
  silence: 0s                                    #! VALUE
  microStop: 2m                                  #! VALUE
  reasons: { C1: { text: Change, claim: setpu } } #! VALUE
  maxRate: 4 per second                          #! VALUE
products:
  "a b": {}                                      #! VALUE
  constructor: {}                                #! VALUE
  p: { colour: red }                             #! UNKNOWN_KEY
vocabularies:
  ours: { extends: packlm, words: { RUN: producing } } #! UNKNOWN_REFERENCE
  ring: { extends: gnir, words: {} }
  gnir: { extends: ring, words: { X: running } } #! REFERENCE_CIRCLE, VALUE
  e10: { words: {} }                             #! DUPLICATE_ID
calendars:
  c: { zone: Europe/Oslo, weekly: {} }
sites:
  - id: s
    zone: Europe/Oslo
    areas:
      - id: a
        lines:
          - id: no-calendar                      #! MISSING
            kind: parallel
            constraint: m1                       #! CONSTRAINT
            machines:
              - id: m1
                cycles: { p: { idealCycle: 1s, rate: 1/s } } #! CYCLE
              - id: m2
                cycles: { p: { from: 2026-01-01 } } #! CYCLE
              - id: m3
                cycles: { p: 0ms }               #! CYCLE
              - id: m4
                cycles: { p: { idealCycle: 1s, from: tomorrow } } #! DATE
              - id: m5
                cycles: { p: [1s, 2s] }          #! EFFECTIVE
              - id: 12                           #! VALUE
              - name: nobody                     #! MISSING
          - id: no-constraint                    #! CONSTRAINT
            kind: serial
            calendar: c
            machines:
              - { id: m6, cycles: { p: 200ms }, maxRate: 4/s } #! CYCLE
              - { id: m7, calendar: d }          #! UNKNOWN_REFERENCE
              - { id: a }                        #! DUPLICATE_ID
              - { id: m8, countEdge: end, product: q } #! VALUE, UNKNOWN_REFERENCE
          - { id: empty, kind: parallel, calendar: c, machines: [] } #! VALUE
          - { id: typo, kind: parallel, calendar: c, machine: [] } #! UNKNOWN_KEY
`);
});

test('YAML that cannot be read is told with its place, and keys that stand twice do not hide the rest', () => {
  expectMarks(`
plant: A
plant: B                                         #! DUPLICATE_KEY
products: { a: {}, b: { nmae: x } }              #! UNKNOWN_KEY
calendars: { c: { zone: UTC, weekly: {} } }
sites:
  - id: s
    zone: UTC
    calendar: c
    areas: [{ id: a, lines: [{ id: l, kind: parallel, machines: [{ id: m, id: n }] }] }] #! DUPLICATE_KEY
`);
  const [broken] = faultsOf('plant: A\nproducts: {a: [}\n');
  assert.deepEqual([broken?.code, broken?.line], ['OEE_PLANT_SYNTAX', 2]);
  const bomb = `${['a: &a0 [x, x]', ...Array.from({ length: 30 }, (_, i) => `b${i}: &a${i + 1} [*a${i}, *a${i}]`)].join('\n')}\n`;
  assert.equal(faultsOf(bomb)[0]?.code, 'OEE_PLANT_SYNTAX');
});

test('a file that is no map, or empty, has one clear fault', () => {
  for (const text of ['', '[]', 'hello', '42', '# only a comment\n']) {
    const faults = faultsOf(text);
    assert.deepEqual([faults.length, faults[0]?.code], [1, 'OEE_PLANT_VALUE'], JSON.stringify(text));
  }
});
