// The pipeline in virtual time: entries come as a stream, the clock is an entry, and silence is no obstacle.
// In: marbles of events and ticks. Out: when windows are told, and as what.
// Pure: RxJS's own test clock.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { concatMap, filter, from, interval, map, merge, type Observable, of, take } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import type { LogEntry } from '../../src/core/log-entry.ts';
import { newPartition, type Partition } from '../../src/core/partition.ts';
import type { WindowResult } from '../../src/core/result.ts';
import { oeePipeline } from '../../src/pipeline/oee-pipeline.ts';
import { smallPlant } from '../support/small-plant.ts';

const SIX = Date.UTC(2026, 10, 16, 6);

function partitionWithPlant(machine = {}): Partition {
  const partition = newPartition(0, () => true);
  const plant: LogEntry = { id: '0-1', at: SIX, kind: 'plant', body: JSON.stringify(smallPlant({ machine })) };
  oeePipeline(of(plant), partition).subscribe();
  return partition;
}

let sequence = 0;
function entry(kind: LogEntry['kind'], minute: number, events: readonly object[] = []): LogEntry {
  sequence += 1;
  const at = SIX + minute * 60_000;
  return { id: `${at}-${sequence}`, at, kind, body: events.map(event => JSON.stringify(event)).join('\n') };
}
const state = (minute: number, word: string): object => ({
  id: `s${minute}`,
  machine: 'm1',
  at: SIX + minute * 60_000,
  type: 'state',
  state: word,
});

/** A tick a minute of virtual time: a millisecond of the marble clock stands for a minute of the plant. */
const ticks = (count: number): Observable<LogEntry> =>
  interval(1).pipe(
    take(count),
    map(n => entry('tick', n + 1)),
  );

const told = (partition: Partition, entries$: Observable<LogEntry>): Observable<WindowResult> =>
  oeePipeline(entries$, partition).pipe(
    concatMap(work => from(work.outputs)),
    filter((output): output is WindowResult => output.type === 'result'),
  );

const scheduler = (): TestScheduler => new TestScheduler((actual, expected) => assert.deepEqual(actual, expected));

test('a silent machine still closes its windows: hour after hour, then the shift, by the clock alone', () => {
  scheduler().run(({ expectObservable }) => {
    const entries$ = merge(of(entry('events', 0, [state(0, 'producing')])), ticks(481));
    const closed$ = told(partitionWithPlant(), entries$).pipe(
      filter(({ unit, kind, final }) => unit === 'm1' && final && (kind === 'hour' || kind === 'shift')),
      map(({ kind, tally }) => `${kind}, ${tally.unknown / 60_000} min unknown`),
    );
    // lateness is one minute, so what ends at minute 60 is final at the tick of minute 61; m1 spoke at six and never again
    const marbles = `61ms ${'h 59ms '.repeat(7)}(sh|)`;
    expectObservable(closed$).toBe(marbles, { h: 'hour, 60 min unknown', s: 'shift, 480 min unknown' });
  });
});

test('a machine that hurries ahead closes its own windows; its line waits for the neighbour', () => {
  scheduler().run(({ cold, expectObservable }) => {
    const entries$ = cold('a-b-----(c|)', {
      a: entry('events', 0, [state(0, 'producing'), { ...state(0, 'producing'), machine: 'm2' }]),
      b: entry('events', 3, [state(3, 'idle')]),
      c: entry('events', 4, [{ ...state(3, 'idle'), machine: 'm2' }]),
    });
    const closed$ = told(partitionWithPlant({ silenceMs: null }), entries$).pipe(
      filter(({ kind, final }) => final && kind === 'minute'),
      map(({ unit, start }) => `${unit} ${(start - SIX) / 60_000}`),
    );
    expectObservable(closed$).toBe('--(ab)--(cdef|)', {
      a: 'm1 0',
      b: 'm1 1',
      c: 'm2 0',
      d: 'm2 1',
      e: 'line-1 0',
      f: 'line-1 1',
    });
  });
});
