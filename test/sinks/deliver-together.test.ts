// Deliver together: many partitions in the same trouble at the same time.
// In: a neighbour that is away. Out: laws about what forty back-offs at once do to the process.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { deliver } from '../../src/sinks/deliver.ts';
import { type Sink, SinkError } from '../../src/sinks/sink.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';

const PARTITIONS = 40;
/** Longer than any test: only a stop ends such a pause. */
const FOR_EVER_MS = 3_600_000;

test('a plant of many partitions fails together without a warning of the platform, and stops at once', async t => {
  const outbox = new MemoryOutbox();
  const partitions = Array.from({ length: PARTITIONS }, (_, partition) => partition);
  for (const partition of partitions) outbox.put(partition, '1-0', 'a');
  const warnings: Error[] = [];
  const hear = (warning: Error): void => void warnings.push(warning);
  process.on('warning', hear);
  t.after(() => process.off('warning', hear));
  let behind = 0;
  let allBehind = (): void => {};
  const all = new Promise<void>(settle => (allBehind = settle));
  const log = (): void => {
    behind += 1;
    if (behind === PARTITIONS) allBehind();
  };
  const write = async () => Promise.reject(new SinkError('OEE_TEST_AWAY', 'away', 'start it'));
  const sink: Sink = { name: 'made-up', write, close: async () => {} };
  const pauses = { random: () => 0, backoffMinMs: FOR_EVER_MS, backoffMaxMs: FOR_EVER_MS };
  const delivery = deliver({ sink, partitions, outbox, log, ...pauses });
  await all;
  await turn();
  assert.equal(delivery.status().troubled, PARTITIONS);
  await delivery.stop();
  assert.deepEqual(warnings, []);
});
