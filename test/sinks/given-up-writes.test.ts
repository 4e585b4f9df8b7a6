// Given-up writes: what a delivery tells the journal of a write that stopped half-way, or hangs while it is told to leave.
// In: an outbox in memory that remembers who writes. Out: what is asked of it, in order.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Delivery, deliver, type OutboxPort } from '../../src/sinks/deliver.ts';
import { type Sink, SinkError } from '../../src/sinks/sink.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';

/** A sink whose neighbour keeps what came last. */
const sinkOf = (write: Sink['write']): Sink => ({ name: 'made-up', write, lateMs: 1_000, close: async () => {} });

const start = (outbox: MemoryOutbox, sink: Sink): Delivery =>
  deliver({
    ...{ sink, partitions: [...outbox.entries.keys()], outbox, random: () => 0, log: () => {} },
    ...{ backoffMinMs: 1, backoffMaxMs: 1, idleMs: 3_600_000 },
  });

/** What a delivery asks of a journal that remembers who writes. @param broken acts that fail, once each */
function heardHand(outbox: MemoryOutbox, broken: string[] = []): string[] {
  const asked: string[] = [];
  const hear = (act: string): void => {
    asked.push(act);
    const place = broken.indexOf(act);
    if (place < 0) return;
    broken.splice(place, 1);
    throw new Error(`${act} failed`);
  };
  const lastWord: OutboxPort['lastWord'] = ({ partition }) => ({
    find: async () => outbox.cursors.get(partition) ?? '0-0',
    move: async (after, id, refused) => {
      hear(`move ${after} ${id}`);
      if (id !== after) await outbox.advance(partition, '', id, refused);
      return { at: id === after ? null : id, delivered: null, refused: null, tooLate: false };
    },
    doubt: async after => {
      hear(`doubt ${after}`);
      return false;
    },
    leave: async () => hear('leave'),
  });
  Object.assign(outbox, { lastWord });
  return asked;
}

const HALF_WAY = new SinkError('OEE_TEST_NOT_OURS', 'stopped half-way', 'wait', null, { isAnswered: true });

test('of a write that stopped half-way nothing is under way: who took the cursor is asked, and only where that fails it is doubted', async () => {
  for (const [broken, expected] of [
    [[], ['move 0-0 0-0', 'move 0-0 1-0', 'leave']],
    [['move 0-0 0-0'], ['move 0-0 0-0', 'doubt 0-0', 'move 0-0 1-0', 'leave']],
  ] as const) {
    const outbox = new MemoryOutbox();
    outbox.put(0, '1-0', 'a');
    const asked = heardHand(outbox, [...broken]);
    let tries = 0;
    const sink = sinkOf(async () => {
      tries += 1;
      if (tries === 1) throw HALF_WAY;
      return [];
    });
    const delivery = start(outbox, sink);
    await outbox.reached(0, '1-0');
    await delivery.stop();
    assert.deepEqual(asked, expected);
  }
});

test('who is told to leave while a write hangs tells of it when it is given up', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  const asked = heardHand(outbox);
  let giveUp = (): void => {};
  let begun = (): void => {};
  const writing = new Promise<void>(settle => {
    begun = settle;
  });
  const sink = sinkOf(() => {
    begun();
    return new Promise((_, fail) => {
      giveUp = () => fail(new Error('Request timed out'));
    });
  });
  const delivery = start(outbox, sink);
  await writing;
  const left = delivery.leave(0);
  giveUp();
  await left;
  assert.deepEqual(asked, ['doubt 0-0']);
  await delivery.stop();
});
