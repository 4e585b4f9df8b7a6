// The sentence: read events, drop repeats, in event time, into slices, into windows, into lines, into reports; and what its order means.
// In: entries. Out: the same work as the stations called one after the other; faults that cost nothing but themselves.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { from, Subject } from 'rxjs';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { LogEntry } from '../../src/core/log-entry.ts';
import { newPartition, type Partition } from '../../src/core/partition.ts';
import { collectChanges } from '../../src/pipeline/collect-changes.ts';
import { withoutRepeats } from '../../src/pipeline/drop-repeats.ts';
import { toMachines } from '../../src/pipeline/in-event-time.ts';
import { withLines } from '../../src/pipeline/into-lines.ts';
import { withReports } from '../../src/pipeline/into-reports.ts';
import { booked } from '../../src/pipeline/into-slices.ts';
import { withWindows } from '../../src/pipeline/into-windows.ts';
import { withoutPast } from '../../src/pipeline/let-past-go.ts';
import { oeePipeline } from '../../src/pipeline/oee-pipeline.ts';
import { workOf } from '../../src/pipeline/read-events.ts';
import type { Work } from '../../src/pipeline/work.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);
const minute = (n: number): number => SIX + n * 60_000;
const beat = (n: number, machine = 'm1') => ({ id: `b${n}`, machine, at: minute(n), type: 'heartbeat' });
const entry = (n: number, kind: LogEntry['kind'], body: string): LogEntry => ({
  id: `${minute(n)}-${n}`,
  at: minute(n),
  kind,
  body,
});
const lines = (...events: unknown[]): string => events.map(event => JSON.stringify(event)).join('\n');

const ENTRIES: readonly LogEntry[] = [
  entry(0, 'plant', JSON.stringify(smallPlant())),
  entry(
    1,
    'events',
    lines(
      { ...beat(0), id: 's', type: 'state', state: 'producing' },
      { ...beat(0), id: 'c', type: 'count', good: 5 },
      { broken: true },
    ),
  ),
  entry(3, 'events', lines(beat(1), beat(2), beat(3), beat(2), { ...beat(99), id: 'ahead' })),
  entry(4, 'tick', ''),
  entry(
    5,
    'events',
    lines({ id: 'r', machine: 'm1', at: minute(0), type: 'requalify', good: -1, reject: 1, by: 'lab', why: 'burst' }),
  ),
  entry(6, 'tick', ''),
];

const view = ({ entry: of, outputs, deadLetters, append }: Work): unknown => ({
  id: of.id,
  outputs,
  deadLetters,
  append: [...append],
});

test('the pipeline is its stations in the order of the sentence', () => {
  const [whole, parts]: [Partition, Partition] = [newPartition(0, () => true), newPartition(0, () => true)];
  const works: unknown[] = [];
  oeePipeline(from(ENTRIES), whole).subscribe(work => works.push(view(work)));
  const byHand = ENTRIES.map(each => {
    const told = withWindows(booked(parts, toMachines(parts, withoutRepeats(parts, workOf(parts, each)))));
    return view(withoutPast(withReports(parts, withLines(parts, told))));
  });
  assert.deepEqual(works, byHand);
  assert.deepEqual(whole.accounting, { read: 9, inState: 6, repeats: 1, deadLettered: 2 });
});

test('a repeat is a repeat, also when the clock has gone so far that it would be too late by now', () => {
  const rig = new PipelineRig(smallPlant({ settings: { horizonMs: 3_600_000 } }), SIX);
  rig
    .events([beat(0)], minute(0))
    .events([beat(90)], minute(90))
    .events([beat(0), { ...beat(1), id: 'new' }], minute(91));
  assert.deepEqual(rig.partition.accounting, { read: 4, inState: 2, repeats: 1, deadLettered: 1 });
  assert.deepEqual(
    rig.deadLetters.map(letter => [letter.code, letter.machine]),
    [['OEE_PIPELINE_TOO_LATE', 'm1']],
  );
});

test('broken lines cost only themselves, whatever they look like and wherever they stand', () => {
  for (const broken of [
    '{"id":',
    ']',
    '[]',
    '[1,2]',
    '"',
    'null',
    '{"id":"x"}{"id":"y"}',
    '\u0000',
    '['.repeat(5000),
  ]) {
    for (const body of [`${broken}\n${lines(beat(0), beat(1))}`, `${lines(beat(0))}\n${broken}\n${lines(beat(1))}`]) {
      const rig = new PipelineRig(smallPlant(), SIX).entry('events', body, minute(1));
      assert.deepEqual(
        rig.partition.accounting,
        { read: 3, inState: 2, repeats: 0, deadLettered: 1 },
        broken.slice(0, 20),
      );
    }
  }
});

test('an entry on which the engine fails ends the stream, and no entry is lost: before it committed, from it on read again', () => {
  const rig = new PipelineRig(smallPlant(), SIX);
  rig.events([{ ...beat(0), type: 'state', state: 'producing' }], minute(0));
  const checkpoint = { offset: '', fields: new Map(rig.fields), texts: new Map(rig.texts) };
  const log = [
    entry(1, 'events', lines(beat(1))),
    entry(2, 'plant', '{"broken": true'),
    entry(3, 'events', lines(beat(2), beat(3))),
  ];
  const first = loadPartition(0, () => true, checkpoint);
  const works: Work[] = [];
  let failure: unknown = null;
  const entries$ = new Subject<LogEntry>();
  oeePipeline(entries$, first).subscribe({ next: work => works.push(work), error: error => (failure = error) });
  for (const each of log) entries$.next(each);
  assert.ok(failure instanceof SyntaxError, 'the failure is told, not swallowed');
  assert.deepEqual(
    works.map(work => work.entry.id),
    [log[0]?.id],
    'what came before it came through',
  );

  const { offset, append, set } = collectChanges(first, works);
  assert.equal(offset, log[0]?.id);
  const fields = new Map([...checkpoint.fields, ...set]);
  const texts = new Map(checkpoint.texts);
  for (const [suffix, text] of append) texts.set(suffix, (texts.get(suffix) ?? '') + text);
  const second = loadPartition(0, () => true, { offset, fields, texts });
  const again: Work[] = [];
  oeePipeline(from(log.slice(1)), second, new Set([log[1]?.id ?? ''])).subscribe(work => again.push(work));
  assert.deepEqual(
    again.map(work => work.deadLetters.map(letter => letter.code)),
    [['OEE_PIPELINE_POISON'], []],
  );
  assert.deepEqual(second.accounting, { read: 5, inState: 4, repeats: 0, deadLettered: 1 });
  assert.equal(second.machines.get('m1')?.store.count, 4);
});
