// Deliver ownership: partitions that come to a delivery and leave it again.
// In: an outbox in memory, a sink that can be held up. Out: laws about who writes what, and when not.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { deliver } from '../../src/sinks/deliver.ts';
import type { Sink } from '../../src/sinks/sink.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';

const options = { random: () => 0, log: () => {}, idleMs: 1 };

test('a partition is delivered from when it is taken up until it is left, and again from its cursor when it comes back', async t => {
  const outbox = new MemoryOutbox();
  const written: number[] = [];
  const sink: Sink = {
    name: 'made-up',
    write: async (outputs, partition) => {
      written.push(...outputs.map(() => partition));
      return [];
    },
    close: async () => {},
  };
  const delivery = deliver({ sink, partitions: [], outbox, ...options });
  t.after(() => delivery.stop());
  outbox.put(3, '1-1', 'a');
  await turn();
  assert.deepEqual(written, [], 'it is not ours');
  delivery.follow(3);
  while (delivery.status().delivered < 1) await turn();
  await delivery.leave(3);
  outbox.put(3, '2-1', 'b');
  for (let n = 0; n < 20; n += 1) await turn();
  assert.deepEqual([written, delivery.status().delivered], [[3], 1], 'what was delivered stays counted');
  delivery.follow(3);
  while (delivery.status().delivered < 2) await turn();
  assert.deepEqual(written, [3, 3]);
});

test('to leave waits for the write that is under way, so that no old word comes after those of the next owner', async t => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-1', 'a');
  let begun: () => void = () => {};
  let finish: () => void = () => {};
  const isBegun = new Promise<void>(resolve => (begun = resolve));
  const isFinished = new Promise<void>(resolve => (finish = resolve));
  const write = async () => {
    begun();
    await isFinished;
    return [];
  };
  const delivery = deliver({
    sink: { name: 'slow', write, close: async () => {} },
    partitions: [0],
    outbox,
    ...options,
  });
  t.after(() => delivery.stop());
  await isBegun;
  let left = false;
  const leaving = delivery.leave(0).then(() => (left = true));
  await turn();
  assert.equal(left, false);
  finish();
  await leaving;
  assert.equal(delivery.status().delivered, 1);
});

test('what may be somebody else’s by now is not written', async t => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-1', 'a');
  let isOurs = false;
  let asked = 0;
  const written: number[] = [];
  const holds = (): boolean => {
    asked += 1;
    return isOurs;
  };
  const write = async () => {
    written.push(asked);
    return [];
  };
  const sink: Sink = { name: 'made-up', write, close: async () => {} };
  const delivery = deliver({ sink, partitions: [0], holds, outbox, ...options });
  t.after(() => delivery.stop());
  while (asked < 3 && written.length === 0) await turn();
  assert.deepEqual(written, []);
  isOurs = true;
  while (written.length === 0) await turn();
});
