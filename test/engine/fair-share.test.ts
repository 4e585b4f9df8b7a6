// Fair share: what workers that see the same living workers own together.
// In: numbers of workers and partitions. Out: laws of shares and of the order in which partitions are claimed.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dearestFirst, shareOf } from '../../src/engine/fair-share.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `host-${1_000 + n}-${n}f00`);

test('shares differ by one at most and add up to all partitions, whoever lives', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 300 }), (workers, partitions) => {
      const living = names(workers);
      const shares = living.map(name => shareOf(name, living, partitions));
      assert.equal(
        shares.reduce((sum, share) => sum + share, 0),
        partitions,
      );
      assert.ok(Math.max(...shares) - Math.min(...shares) <= 1);
    }),
  );
});

test('who is not on the roster has no share', () => {
  assert.equal(shareOf('stranger', names(3), 8), 0);
});

test('each worker goes after every partition, in an order of its own', () => {
  const partitions = Array.from({ length: 64 }, (_, n) => n);
  const orders = names(8).map(name => dearestFirst(name, partitions));
  for (const order of orders)
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      partitions,
    );
  const firsts = new Set(orders.flatMap(order => order.slice(0, 8)));
  assert.ok(firsts.size > 32, `8 workers reach for ${firsts.size} of 64 partitions first`);
});
