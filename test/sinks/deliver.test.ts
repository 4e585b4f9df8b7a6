// Deliver: the promises of the loop behind every durable sink, with a journal and neighbours made for the story.
// In: outboxes in memory. Out: laws about order, cursor, refusals, patience.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Output } from '../../src/core/result.ts';
import { type DeliverOptions, type Delivery, deliver } from '../../src/sinks/deliver.ts';
import { type Sink, SinkError } from '../../src/sinks/sink.ts';
import { MemoryOutbox } from '../support/memory-outbox.ts';

const unitsOf = (outputs: readonly Output[]): string => outputs.map(output => output.unit).join(' ');

function sinkOf(write: Sink['write']): Sink {
  return { name: 'made-up', write, close: async () => {} };
}

function start(outbox: MemoryOutbox, sink: Sink, more: Partial<DeliverOptions> = {}): Delivery {
  const partitions = [...outbox.entries.keys()];
  const defaults = { random: () => 0, log: () => {}, backoffMinMs: 1, backoffMaxMs: 1, idleMs: 3_600_000 };
  return deliver({ sink, partitions, outbox, ...defaults, ...more });
}

/** A pause that is over at once, and what was asked for. Idle pauses last until they are woken. */
function countedSleep(asked: number[], idleMs: number): NonNullable<DeliverOptions['sleep']> {
  return (ms, signal) => {
    if (ms !== idleMs) return Promise.resolve(void asked.push(ms));
    return new Promise(settle => {
      if (signal.aborted) settle();
      else signal.addEventListener('abort', () => settle());
    });
  };
}

test('outputs arrive in order, and the cursor moves only after the yes', async () => {
  const outbox = new MemoryOutbox();
  for (let n = 1; n <= 40; n += 1) outbox.put(3, `${n}-0`, `a${n}`, `b${n}`);
  const seen: string[] = [];
  const cursors: (string | undefined)[] = [];
  const sink = sinkOf(async outputs => {
    cursors.push(outbox.cursors.get(3));
    seen.push(...outputs.map(output => output.unit));
    return [];
  });
  const delivery = start(outbox, sink);
  await outbox.reached(3, '40-0');
  await delivery.stop();
  assert.deepEqual(seen, Array.from({ length: 40 }, (_, n) => [`a${n + 1}`, `b${n + 1}`]).flat());
  assert.equal(cursors[0], undefined);
  assert.equal(delivery.status().delivered, 80);
});

test('while the neighbour is away everything waits, comes again in the same order, and arrives', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a', 'b');
  const tries: string[] = [];
  const logged: string[] = [];
  const sink = sinkOf(async outputs => {
    tries.push(unitsOf(outputs));
    if (tries.length < 4) throw new SinkError('OEE_TEST_AWAY', 'the neighbour is away', 'wait');
    return [];
  });
  const delivery = start(outbox, sink, { log: (level, message) => logged.push(`${level} ${message}`) });
  await outbox.reached(0, '1-0');
  await delivery.stop();
  assert.deepEqual(tries, ['a b', 'a b', 'a b', 'a b']);
  assert.equal(delivery.status().retries, 3);
  assert.equal(delivery.status().lastError, null);
  assert.deepEqual(logged, ['warn made-up is behind: the neighbour is away', 'info made-up goes on']);
});

test('trouble is told while it lasts: code, hint, attempts, and how much waits', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(7, '1-0', 'a');
  const sink = sinkOf(async () => Promise.reject(new SinkError('OEE_TEST_AWAY', 'away', 'start it')));
  let pauses = 0;
  let failedTwice = (): void => {};
  const twice = new Promise<void>(settle => (failedTwice = settle));
  const sleep = (_: number, signal: AbortSignal): Promise<void> => {
    pauses += 1;
    if (pauses < 2) return Promise.resolve();
    failedTwice();
    return new Promise(settle => signal.addEventListener('abort', () => settle()));
  };
  const delivery = start(outbox, sink, { sleep });
  await twice;
  assert.deepEqual(delivery.status(), {
    delivered: 0,
    refused: 0,
    retries: 2,
    lagEntries: 1,
    troubled: 1,
    lastError: { partition: 7, code: 'OEE_TEST_AWAY', message: 'away', hint: 'start it', attempts: 2 },
  });
  await delivery.stop();
});

test('the pause doubles up to its bound, half of it by chance, and honours what the neighbour asked for', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  const asked: number[] = [];
  let tries = 0;
  const sink = sinkOf(async () => {
    tries += 1;
    if (tries <= 5) throw new SinkError('OEE_TEST_AWAY', 'away', 'wait');
    if (tries === 6) throw new SinkError('OEE_TEST_BUSY', 'busy', 'wait', 7_000);
    return [];
  });
  const bounds = { backoffMinMs: 100, backoffMaxMs: 1_000, idleMs: 999_999 };
  const delivery = start(outbox, sink, { ...bounds, random: () => 0.5, sleep: countedSleep(asked, bounds.idleMs) });
  await outbox.reached(0, '1-0');
  await delivery.stop();
  assert.deepEqual(asked, [75, 150, 300, 600, 750, 7_000]);
});

test('what the neighbour will never take becomes a dead letter in the same act that moves the cursor', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a', 'bad');
  outbox.put(0, '2-0', 'c', 'd', 'bad');
  outbox.failures.push('advance');
  const words = { code: 'OEE_TEST_BAD', message: 'no', remedy: 'mend it' };
  const sink = sinkOf(async outputs =>
    outputs.filter(output => output.unit === 'bad').map(output => ({ output, ...words })),
  );
  const delivery = start(outbox, sink);
  await outbox.reached(0, '2-0');
  await delivery.stop();
  assert.deepEqual(
    outbox.letters.map(({ entry, index, machine, code, remedy }) => ({ entry, index, machine, code, remedy })),
    [
      { entry: 'out:1-0', index: 1, machine: 'bad', code: 'OEE_TEST_BAD', remedy: 'mend it' },
      { entry: 'out:2-0', index: 2, machine: 'bad', code: 'OEE_TEST_BAD', remedy: 'mend it' },
    ],
  );
  const { delivered, refused } = delivery.status();
  assert.deepEqual({ delivered, refused }, { delivered: 3, refused: 2 });
});

test('a partition whose neighbour hangs keeps no other waiting', async () => {
  const outbox = new MemoryOutbox();
  for (let partition = 0; partition < 20; partition += 1) outbox.put(partition, '1-0', `unit-${partition}`);
  let release = (): void => {};
  const sink = sinkOf((_, partition) =>
    partition === 0 ? new Promise(settle => (release = () => settle([]))) : Promise.resolve([]),
  );
  const delivery = start(outbox, sink);
  await Promise.all(Array.from({ length: 19 }, (_, index) => outbox.reached(index + 1, '1-0')));
  assert.equal(outbox.cursors.get(0), undefined);
  // the cursor is there before the delivery has heard of it
  while (delivery.status().delivered < 19) await turn();
  assert.equal(delivery.status().lagEntries, 1);
  release();
  await outbox.reached(0, '1-0');
  await delivery.stop();
});

test('a partition that always fails keeps no other waiting', async () => {
  const outbox = new MemoryOutbox();
  for (let partition = 0; partition < 20; partition += 1) outbox.put(partition, '1-0', `unit-${partition}`);
  const sink = sinkOf(async (_, partition) => {
    if (partition < 10) throw new SinkError('OEE_TEST_AWAY', 'away', 'start it');
    return [];
  });
  const delivery = start(outbox, sink);
  await Promise.all(Array.from({ length: 10 }, (_, index) => outbox.reached(index + 10, '1-0')));
  const { lastError } = delivery.status();
  assert.equal(lastError?.code, 'OEE_TEST_AWAY');
  assert.equal(lastError?.hint, 'start it');
  await delivery.stop();
  assert.ok(!outbox.cursors.has(0));
});

test('an idle partition that is woken delivers at once', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  const delivery = start(
    outbox,
    sinkOf(async () => []),
  );
  await outbox.reached(0, '1-0');
  outbox.put(0, '2-0', 'b');
  delivery.wake(0);
  await outbox.reached(0, '2-0');
  await delivery.stop();
  assert.equal(delivery.status().delivered, 2);
});

test('when the journal is away for a moment nothing is left out', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  outbox.put(0, '2-0', 'b');
  outbox.failures.push('read', 'advance', 'read');
  const seen: string[] = [];
  const sink = sinkOf(async outputs => {
    seen.push(unitsOf(outputs));
    return [];
  });
  const delivery = start(outbox, sink);
  await outbox.reached(0, '2-0');
  await delivery.stop();
  assert.deepEqual(seen, ['a b', 'a b']);
  assert.equal(delivery.status().retries, 3);
});

test('after trouble the journal says where we are: a yes whose reply was lost is not asked for twice', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  const seen: string[] = [];
  const sink = sinkOf(async outputs => {
    seen.push(unitsOf(outputs));
    return [];
  });
  const { advance } = MemoryOutbox.prototype;
  let lost = false;
  outbox.advance = async (...act) => {
    await advance.apply(outbox, act);
    if (lost) return;
    lost = true;
    outbox.put(0, '2-0', 'b');
    throw new Error('reply lost');
  };
  const delivery = start(outbox, sink);
  await outbox.reached(0, '2-0');
  await delivery.stop();
  assert.deepEqual(seen, ['a', 'b']);
});

test('a journal that fell back in a fail-over is followed from where it is now', async () => {
  const outbox = new MemoryOutbox();
  outbox.put(0, '1-0', 'a');
  outbox.put(0, '2-0', 'b');
  const seen: string[] = [];
  const sink = sinkOf(async outputs => {
    seen.push(unitsOf(outputs));
    return [];
  });
  const delivery = start(outbox, sink);
  await outbox.reached(0, '2-0');
  outbox.entries.delete(0);
  outbox.cursors.set(0, '1-0');
  outbox.put(0, '1-0', 'a');
  outbox.put(0, '2-0', 'other');
  outbox.failures.push('read');
  const again = outbox.reached(0, '2-0');
  delivery.wake(0);
  await again;
  await delivery.stop();
  assert.deepEqual(seen, ['a b', 'other']);
});
