// Survival: the journal over restarts, flushes, black holes and clusters, and what it says to those who set it up wrongly.
// In: real Redis servers that are killed, frozen and emptied. Out: laws that hold.
// Touches: child redis-servers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { JournalAway, JournalFault, LostOwnership } from '../../src/journal/journal-error.ts';
import { partitionOfLine } from '../../src/journal/keys.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { workerOf as crewWorkerOf } from '../support/journal-crew.ts';
import { batchOf, changesOf, type OpenedJournal, openedJournal, outputOf } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
let journal: OpenedJournal;

before(async () => {
  redis = await startRedisChild('--maxmemory', '256mb', '--maxmemory-policy', 'noeviction');
  journal = await openedJournal(redis.url);
});
after(async () => {
  await journal?.close();
  await redis?.close();
});

test('a line belongs to the same partition for ever', () => {
  // FNV-1a's published values: "" 811c9dc5, "a" e40c292c, "foobar" bf9cf968.
  assert.deepEqual(
    ['', 'a', 'foobar'].map(id => partitionOfLine(id, 256)),
    [0xc5, 0x2c, 0x68],
  );
  assert.equal(partitionOfLine('foobar', 1_000), 0xbf9cf968 % 1_000);
  assert.equal(partitionOfLine('line-1', 256), 29);
  assert.equal(partitionOfLine('Füllerei 𝄞', 256), partitionOfLine('Füllerei 𝄞', 512) % 256);
  assert.equal(journal.partitionOf('line-1'), partitionOfLine('line-1', 16));
});

test('kill -9 of Redis that syncs always: what was answered is there, and the same process goes on from there', async () => {
  const strict = await startRedisChild('--appendfsync', 'always');
  const journal = await openedJournal(strict.url);
  try {
    const ids = Array.from({ length: 40 }, (_, i) => `e${i + 1}`);
    const send = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq <= to; seq++) {
        const receipt = await journal.append(0, batchOf([`e${seq}`], { producer: 'plc', seq }));
        assert.deepEqual([receipt.outcome, receipt.gap], ['accepted', null]);
      }
    };
    const worker = crewWorkerOf(journal, 0);
    await send(1, 20);
    await worker.workUntil(20);
    const killed = strict.kill();
    const sending = send(21, 40);
    const working = worker.workUntil(40);
    await killed;
    await strict.start();
    await Promise.all([sending, working]);
    assert.deepEqual(await worker.seen(), ids);
    assert.deepEqual((await journal.position(0)).epoch, 1);
    const outputs = (await journal.outbox.read(0, '0-0', 100)).flatMap(entry => entry.outputs);
    assert.deepEqual(
      outputs,
      ids.map(id => outputOf(id)),
    );
  } finally {
    await journal.close();
    await strict.close();
  }
});

/** Works entry by entry: notes its id in the state, says it in an output. */
function workerOf(own: Ownership, from = '0-0'): { work(): Promise<void>; worked(): number } {
  let offset = from;
  let worked = 0;
  return {
    work: async () => {
      for (const entry of await own.read(offset, 7)) {
        const { id } = JSON.parse(entry.body) as { id: string };
        await own.commit(changesOf(entry.id, { append: new Map([['seen', `${id}\n`]]), outputs: [outputOf(id)] }));
        offset = entry.id;
        worked++;
      }
    },
    worked: () => worked,
  };
}

test('kill -9 of Redis that syncs every second: state, offset and marks fall back together; from the mark on all comes once', async () => {
  const everysec = await startRedisChild();
  const journal = await openedJournal(everysec.url);
  try {
    const first = await journal.own(0);
    assert.ok(first !== null);
    const send = async (from: number, to: number): Promise<void> => {
      for (let seq = from; seq <= to; seq++) {
        await journal.append(0, batchOf([`e${seq}`], { producer: 'plc', seq }));
        if (seq % 5 === 0) await workers.at(-1)?.work();
      }
    };
    const workers = [workerOf(first)];
    await send(1, 60);
    await everysec.kill();
    await everysec.start();
    const mark = (await journal.mark(0, 'plc')) ?? 0;
    const again = await journal.own(0);
    assert.ok(again !== null);
    const { offset, texts } = await again.load();
    const seen = texts.get('seen')?.split('\n').length ?? 1;
    assert.ok(seen - 1 <= mark, 'the state never knows more than the log');
    workers.push(workerOf(again, offset));
    await send(mark + 1, 80);
    await workers.at(-1)?.work();
    const ids = Array.from({ length: 80 }, (_, i) => `e${i + 1}`);
    assert.equal((await again.load()).texts.get('seen'), ids.map(id => `${id}\n`).join(''));
    const outputs = (await journal.outbox.read(0, '0-0', 100)).flatMap(entry => entry.outputs);
    assert.deepEqual(
      outputs,
      ids.map(id => outputOf(id)),
    );
  } finally {
    await journal.close();
    await everysec.close();
  }
});

test('a Redis that was emptied gets its functions again, and the owner of what is gone learns it', async () => {
  const own = await journal.own(1);
  assert.ok(own !== null);
  await own.commit(changesOf('1-1'));
  await redis.command('FUNCTION', 'FLUSH');
  await own.commit(changesOf('1-2'));
  await redis.command('FLUSHALL');
  await assert.rejects(own.commit(changesOf('1-3')), LostOwnership);
  assert.equal((await journal.append(1, batchOf(['a']))).accepted, 1);
  const again = await openedJournal(redis.url);
  await again.close();
});

test('a Redis that does not answer at all is left, and found again when it does', async () => {
  const own = await journal.own(2);
  assert.ok(own !== null);
  redis.freeze();
  try {
    await assert.rejects(journal.append(2, batchOf(['a'], { producer: 'plc', seq: 1 })), JournalAway);
  } finally {
    redis.thaw();
  }
  const receipt = await journal.append(2, batchOf(['a'], { producer: 'plc', seq: 1 }));
  assert.equal(receipt.gap, null);
  assert.equal((await own.read('0-0', 10)).length, 1, 'what waited in the frozen server came once');
});

test('a journal keeps the number of partitions that it was begun with', async () => {
  await assert.rejects(openedJournal(redis.url, { partitions: 17 }), { code: 'OEE_JOURNAL_PARTITIONS' });
  const other = await openedJournal(redis.url, { partitions: 17, prefix: 'other' });
  await other.append(16, batchOf(['a']));
  await other.close();
});

test('health says what endangers the data', async () => {
  const good = await journal.info();
  assert.deepEqual([good.appendOnly, good.appendFsync, good.warnings.length], [true, 'everysec', 1]);
  assert.match(good.warnings[0] ?? '', /appendfsync is everysec.*Set appendfsync always/);
  await redis.command('CONFIG', 'SET', 'appendfsync', 'always');
  assert.deepEqual((await journal.info()).warnings, []);
  assert.match(good.redisVersion, /^\d+\.\d+/);
  assert.ok(good.usedMemoryBytes > 0 && good.maxmemoryBytes === 256 * 1024 * 1024);
  await redis.command('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru', 'appendonly', 'no', 'maxmemory', 0);
  const bad = await journal.info();
  assert.deepEqual([bad.appendOnly, bad.maxmemoryPolicy, bad.warnings.length], [false, 'allkeys-lru', 3]);
  const warned = await openedJournal(redis.url);
  assert.equal(warned.logged.filter(line => line.level === 'warn').length, 3);
  await warned.close();
});

test('wrong options, a wrong address and a Redis that is not there are told apart', async () => {
  const open = (url: string, more = {}): Promise<unknown> => openedJournal(url, more);
  await assert.rejects(open('http://127.0.0.1:1'), { code: 'OEE_JOURNAL_URL' });
  await assert.rejects(open('redis://127.0.0.1:1/x'), { code: 'OEE_JOURNAL_URL' });
  await assert.rejects(open(redis.url, { prefix: 'a{b', leaseMs: 0 }), (error: unknown) => {
    assert.ok(error instanceof JournalFault && error.code === 'OEE_JOURNAL_OPTIONS');
    assert.match(error.message, /prefix.*leaseMs/);
    return true;
  });
  await assert.rejects(open(redis.url.replace('//', '//nobody:wrong@')), { code: 'OEE_JOURNAL_DENIED' });
});
