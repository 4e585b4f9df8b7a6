// Area misses what came before its plant: results of a line that reached its area's partition before the plant did were dropped.
// In: a line's results, then the plant, with a death in between or none. Out: the area has them.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPartition } from '../../src/core/checkpoint.ts';
import type { LogEntry } from '../../src/core/log-entry.ts';
import { packOutput } from '../../src/core/result.ts';
import { reduce } from '../../src/engine/reduce.ts';
import { collectChanges } from '../../src/pipeline/collect-changes.ts';
import { replayedLog } from '../simulation/replayed-log.ts';
import { smallPlant } from '../support/small-plant.ts';

const AT = Date.UTC(2026, 10, 16, 8);
const entry = (n: number, kind: LogEntry['kind'], body: string): LogEntry => ({
  id: `${AT + n}-0`,
  at: AT + n,
  kind,
  body,
});
const plant = entry(0, 'plant', JSON.stringify(smallPlant()));
const event = { id: 'a', machine: 'm1', at: AT, type: 'state', state: 'producing' };

const ofLine = (unit: string): boolean => unit.startsWith('line');
const ofArea = (unit: string): boolean => unit === 'area-1';
const minutes = [1, 2, 3].map(n => entry(n * 60_000, 'tick', ''));
const told = replayedLog([plant, entry(1, 'events', JSON.stringify(event)), ...minutes], 0, ofLine).outputs;
const said = told.filter(output => output.type === 'result' && output.level === 'line').map(packOutput);
const rollup = entry(5, 'rollup', said.join('\n'));

test('what lines say before the plant is there waits for it', () => {
  const early = replayedLog([rollup, plant], 1, ofArea).outputs.map(packOutput);
  assert.ok(early.length > 0, 'the area says what its lines said');
  assert.deepEqual(early, replayedLog([plant, rollup], 1, ofArea).outputs.map(packOutput));
});

test('it waits through a death, too, and once it is taken up nothing of it is kept', () => {
  const { fields, texts } = replayedLog([rollup], 1, ofArea);
  const loaded = loadPartition(1, ofArea, { offset: rollup.id, fields, texts });
  const [works = []] = reduce([plant], loaded);
  const changes = collectChanges(loaded, works);
  assert.deepEqual(changes.outputs.map(packOutput), replayedLog([plant, rollup], 1, ofArea).outputs.map(packOutput));
  assert.deepEqual(changes.drop, [...texts.keys()]);
});
