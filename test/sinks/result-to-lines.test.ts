// Result to lines: what a reader of InfluxDB can rely on, before any InfluxDB is asked.
// In: made-up results and intervals. Out: laws about their lines.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Interval } from '../../src/core/result.ts';
import { CATEGORIES, emptyTally, TALLY_FIELDS } from '../../src/core/tally.ts';
import { OEE_FIELDS, OEE_TAGS, STATE_FIELDS } from '../../src/sinks/influx/history-fields.ts';
import { outputToLines, type Place } from '../../src/sinks/influx/result-to-lines.ts';
import { madeUpResult, madeUpState, madeUpTally, T0 } from '../support/made-up-outputs.ts';

const place: Place = { site: 'oslo', area: 'filling', line: 'line-1' };
const placeOf = (): Place => place;

function onlyLine(output: Parameters<typeof outputToLines>[0]): string {
  const lines = outputToLines(output, placeOf);
  assert.equal(lines.length, 1);
  return lines[0]?.text ?? '';
}

/** Field names and values as they stand in the line; the head has no spaces in the cases that use this. */
function fieldsOf(line: string): Record<string, string> {
  const fields = line.slice(line.indexOf(' ') + 1, line.lastIndexOf(' '));
  const pairs = fields.matchAll(/(\w+)=("(?:[^"\\]|\\.)*"|[^,]+)/g);
  return Object.fromEntries(Array.from(pairs, ([, name, value]) => [name, value]));
}

test('a shift becomes one point: where it happened and which window as tags, its start as the time', () => {
  const line = onlyLine(madeUpResult('filler', 'shift', { name: 'early' }));
  const [head, time] = [line.split(' ')[0], line.split(' ').at(-1)];
  assert.equal(head, 'oee,area=filling,level=machine,line=line-1,shift=early,site=oslo,unit=filler,window=shift');
  assert.equal(time, String(T0));
});

test('the published shift carries its digits whole: pieces and times as integers, ratios undivided', () => {
  const fields = fieldsOf(onlyLine(madeUpResult('filler', 'shift', { name: 'early' })));
  assert.equal(fields.total, '19271i');
  assert.equal(fields.plannedMs, '25200000i');
  assert.equal(fields.runMs, '22380000i');
  assert.equal(fields.calendarMs, '28800000i');
  assert.equal(fields.idealGoodUs, '18848000000i');
  assert.equal(fields.availability, String(22_380_000 / 25_200_000));
  assert.equal(fields.performance, String(19_271_000_000 / 22_380_000_000));
  assert.equal(fields.quality, String(18_848 / 19_271));
  assert.equal(fields.oee, String(18_848 / 25_200));
});

test('every field of a tally has a field in the point', () => {
  const different = Object.fromEntries(TALLY_FIELDS.map((field, index) => [field, 1_000 + index]));
  const tally = { ...emptyTally(), ...different };
  const fields = fieldsOf(onlyLine(madeUpResult('filler', 'hour', { tally })));
  const categories: readonly string[] = CATEGORIES;
  for (const field of TALLY_FIELDS) {
    const name = categories.includes(field) || field === 'inferred' ? `${field}Ms` : field;
    assert.equal(fields[name], `${tally[field]}i`, field);
  }
});

test('the names that dashboards are built from are those that are written, no more and no less', () => {
  const line = onlyLine(
    madeUpResult('line-1', 'shift', { level: 'line', name: 'early', basis: 'constraint', beside: madeUpTally() }),
  );
  assert.deepEqual(Object.keys(fieldsOf(line)).sort(), [...OEE_FIELDS].sort());
  const tags = line.slice(0, line.indexOf(' ')).split(',').slice(1);
  assert.deepEqual(tags.map(tag => tag.split('=')[0]).sort(), [...OEE_TAGS].sort());
  const from = T0;
  const interval: Interval = {
    ...{ type: 'interval', unit: 'filler', from, to: from + 60_000, category: 'breakdown', state: 'ABORTED' },
    ...{ reason: 'E1', stopId: 's', source: 'state', open: false, undecided: false },
  };
  assert.deepEqual(Object.keys(fieldsOf(onlyLine(interval))).sort(), [...STATE_FIELDS].sort());
});

test('points of one kind all have the same fields, whatever is missing, but for ratios without a base', () => {
  const all = fieldsOf(onlyLine(madeUpResult('filler', 'hour')));
  const bare = fieldsOf(onlyLine(madeUpResult('filler', 'hour', { businessDay: null, tally: emptyTally() })));
  const missing = Object.keys(all).filter(name => !(name in bare));
  const said = (bare.undefinedBecause ?? '').slice(1, -1).split(' ');
  assert.deepEqual(said.map(word => word.split(':')[0]).sort(), missing.sort());
  assert.equal(missing.length, 10);
  assert.equal(all.undefinedBecause, '""');
});

test('a serial line carries the plain sums beside, with ratios and gaps of their own', () => {
  const line = onlyLine(madeUpResult('line-1', 'hour', { level: 'line', basis: 'constraint', beside: emptyTally() }));
  assert.match(line, /,sum_total=0i/);
  assert.match(line, /,oee=0\.7479/);
  assert.doesNotMatch(line, /sum_oee=/);
  assert.match(line, /undefinedBecause="[^"]*\bsum_oee:noPlannedTime/);
  assert.doesNotMatch(line, /undefinedBecause="(oee:|[^"]* oee:)/);
});

test('orders are many, so they are a field and never a tag', () => {
  const line = onlyLine(madeUpResult('filler', 'order', { name: 'PO-1' }));
  assert.doesNotMatch(line.split(' ')[0] ?? '', /PO-1/);
  assert.match(line, /name="PO-1"/);
});

test('what was published stays: every revision and the final word get a point of their own, with who and why', () => {
  const told = (more: object): string[] =>
    outputToLines(madeUpResult('filler', 'hour', more), placeOf).map(line => line.text.split(/[ ,]/)[0] ?? '');
  assert.deepEqual(told({}), ['oee']);
  assert.deepEqual(told({ final: true }), ['oee', 'oee_revision']);
  assert.deepEqual(told({ revision: 1 }), ['oee', 'oee_revision']);
  const [, first] = outputToLines(madeUpResult('filler', 'hour', { final: true }), placeOf);
  const [, second] = outputToLines(madeUpResult('filler', 'hour', { revision: 1, by: 'lab', why: 'burst' }), placeOf);
  assert.notEqual(first?.key, second?.key);
  assert.match(first?.text ?? '', /revision=0,.*by="",/);
  assert.match(second?.text ?? '', /revision=1,.*by="lab",.*why="burst"/);
});

test('the same window is the same point at every revision; another unit, window or start is another', () => {
  const key = (...args: Parameters<typeof madeUpResult>): string | undefined =>
    outputToLines(madeUpResult(...args), placeOf)[0]?.key;
  const first = key('filler', 'hour');
  assert.equal(key('filler', 'hour', { revision: 3, final: true, tally: emptyTally() }), first);
  const others = [key('capper', 'hour'), key('filler', 'day'), key('filler', 'hour', { start: T0 + 1 })];
  assert.equal(new Set([first, ...others]).size, 4);
});

test('a sliding window stands at the minute in which it began, and has no revisions', () => {
  const line = onlyLine(madeUpResult('filler', 'last5m', { start: T0 + 59_999, revision: 1 }));
  assert.equal(line.split(' ').at(-1), String(T0));
  assert.match(line, new RegExp(`start=${T0 + 59_999}i`));
});

test('an interval is one point; superseded, the same point says so and counts no time', () => {
  const interval: Interval = {
    type: 'interval',
    unit: 'filler',
    from: T0,
    to: T0 + 90_000,
    category: 'breakdown',
    state: 'HELD',
    reason: 'E42',
    stopId: 's-1',
    source: 'state',
    open: false,
    undecided: false,
  };
  const [line] = outputToLines(interval, placeOf);
  assert.match(line?.text ?? '', /^machine_state,area=filling,line=line-1,site=oslo,unit=filler /);
  assert.deepEqual(fieldsOf(line?.text ?? ''), {
    category: '"breakdown"',
    state: '"HELD"',
    reason: '"E42"',
    stopId: '"s-1"',
    source: '"state"',
    to: `${T0 + 90_000}i`,
    durationMs: '90000i',
    open: 'F',
    undecided: 'F',
    superseded: 'F',
  });
  const [gone] = outputToLines({ ...interval, to: T0 }, placeOf);
  assert.equal(gone?.key, line?.key);
  assert.match(gone?.text ?? '', /durationMs=0i,.*superseded=T/);
});

test('live states are for screens, not for history', () => {
  assert.deepEqual(outputToLines(madeUpState('filler'), placeOf), []);
});

test('names with spaces, commas, quotes and line breaks stay one line with the same tags', () => {
  const name = 'früh, "A" = 1';
  const line = onlyLine(madeUpResult('filler 2', 'shift', { name }));
  assert.match(line, /,shift=früh\\,\\ "A"\\ \\=\\ 1,/);
  assert.match(line, /,unit=filler\\ 2,/);
});

test('what line protocol has no form for is an error that names it', () => {
  assert.throws(() => onlyLine(madeUpResult('filler\\', 'hour')), /unit "filler\\" ends in a backslash/);
  const tally = madeUpTally({ idealUs: 2 ** 60 });
  assert.throws(() => onlyLine(madeUpResult('filler', 'hour', { tally })), /idealUs is 1152921504606847000/);
});
