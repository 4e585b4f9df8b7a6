// Ledger: what is written down of a journal stays whole when a replica takes over.
// In: a model server with one partition, fail-overs. Out: laws that hold.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ModelRedis } from '../support/model-redis.ts';
import { Ledger } from './ledger.ts';

const TAG = 'p000';
const IN = `oee:{${TAG}}:in`;
const OUT = `oee:{${TAG}}:out`;

/** Something is committed, as far as a ledger can see: an entry in a stream, and an act after which it looks. */
function written(redis: ModelRedis, ledger: Ledger, key: string, id: string): void {
  redis.slot(TAG).stream(key).add(id, ['o', id], 0);
  ledger.note({ act: 'append-by-id', tag: TAG, keys: [key], args: [], reply: null });
}

test('the first entries of a stream that the replica did not have yet are written down like all others', () => {
  const redis = new ModelRedis({ now: () => 0 });
  const ledger = new Ledger(tag => redis.slot(tag));
  written(redis, ledger, IN, '1-0');
  const [replica, past] = [redis.slot(TAG).copy(), ledger.copyOf(TAG)];
  written(redis, ledger, OUT, '2-0');
  redis.promote(TAG, replica);
  ledger.fellBack(TAG, past);
  written(redis, ledger, OUT, '3-0');
  const ids = ({ log, out }: ReturnType<Ledger['of']>): string[][] => [log, out].map(list => list.map(({ id }) => id));
  assert.deepEqual(ids(ledger.of(TAG)), [['1-0'], ['3-0']]);
});
