// Append: what a producer may rely on when it sends once, twice, late, or without knowing whether it was heard.
// In: batches against a real Redis, and a proxy that loses replies. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bucketMsOf } from '../../src/journal/append.ts';
import { JournalAway, JournalFault, JournalFull } from '../../src/journal/journal-error.ts';
import { JournalRig } from '../support/journal-rig.ts';
import { batchOf, DAY_MS } from '../support/opened-journal.ts';

const rig = new JournalRig();

const bodiesOf = async (partition: number): Promise<string[]> => {
  const name = `oee:{p${String(partition).padStart(3, '0')}}:in`;
  const entries = (await rig.redis.command('XRANGE', name, '-', '+')) as [string, string[]][];
  return entries.map(([, fields]) => fields[fields.indexOf('b') + 1] ?? '');
};
const idsOf = async (partition: number): Promise<string[]> =>
  (await bodiesOf(partition)).flatMap(body => body.split('\n').map(line => (JSON.parse(line) as { id: string }).id));

test('an event that comes again within the horizon is not appended again', async () => {
  const first = await rig.journal.append(0, batchOf(['a', 'b']));
  assert.deepEqual([first.outcome, first.accepted, first.duplicates], ['accepted', 2, []]);
  const again = await rig.journal.append(0, batchOf(['b', 'c', 'a']));
  assert.deepEqual([again.accepted, again.duplicates, again.reused], [1, [0, 2], []]);
  const nothingNew = await rig.journal.append(0, batchOf(['a', 'c']));
  assert.deepEqual([nothingNew.entry, nothingNew.accepted, nothingNew.duplicates], [null, 0, [0, 1]]);
  assert.deepEqual(await idsOf(0), ['a', 'b', 'c']);
  const counts = await rig.journal.counts(0);
  assert.deepEqual([counts.accepted, counts.duplicates, counts.reused], [3, 4, 0]);
});

test('an id that is used for another event is reported and not appended, within one batch, too', async () => {
  await rig.journal.append(1, batchOf(['a']));
  const receipt = await rig.journal.append(1, batchOf(['a/other', 'b', 'b', 'b/other']));
  assert.deepEqual([receipt.accepted, receipt.duplicates, receipt.reused], [1, [2], [0, 3]]);
  assert.deepEqual(await idsOf(1), ['a', 'b']);
  assert.equal((await rig.journal.counts(1)).reused, 2);
});

test('what makes it the same event is for the caller to say', async () => {
  const said = (text: string): object => ({ id: 'op-7', text, fingerprint: 'the same words' });
  await rig.journal.append(2, { events: [said('{"at":1}') as never] });
  const receipt = await rig.journal.append(2, { events: [said('{"at":2}') as never] });
  assert.deepEqual([receipt.duplicates, receipt.reused], [[0], []]);
});

test('a call whose reply was lost gives the receipt that it would have given', async () => {
  await rig.journal.append(3, batchOf(['old']));
  const dropped = rig.proxy.dropReplyOf('fresh-1');
  const receipt = await rig.journal.append(3, batchOf(['old', 'fresh-1', 'fresh-1', 'fresh-2', 'fresh-2/other']));
  await dropped;
  assert.deepEqual([receipt.accepted, receipt.duplicates, receipt.reused], [2, [0, 2], [4]]);
  assert.notEqual(receipt.entry, null);
  assert.deepEqual(await idsOf(3), ['old', 'fresh-1', 'fresh-2']);
  const counts = await rig.journal.counts(3);
  assert.deepEqual([counts.accepted, counts.duplicates, counts.reused], [3, 2, 1]);
});

test('a numbered batch is taken once; its first number may be any', async () => {
  const first = await rig.journal.append(4, batchOf(['a', 'b'], { producer: 'plc-1', seq: 17 }));
  assert.deepEqual([first.outcome, first.accepted, first.gap], ['accepted', 2, null]);
  const again = await rig.journal.append(4, batchOf(['a', 'b'], { producer: 'plc-1', seq: 17 }));
  assert.deepEqual([again.outcome, again.accepted, again.duplicates], ['duplicate', 0, [0, 1]]);
  const other = await rig.journal.append(4, batchOf(['c'], { producer: 'plc-2', seq: 3 }));
  assert.equal(other.outcome, 'accepted');
  assert.equal(await rig.journal.mark(4, 'plc-1'), 17);
  assert.equal(await rig.journal.mark(4, 'plc-3'), null);
  assert.deepEqual(await idsOf(4), ['a', 'b', 'c']);
  assert.deepEqual((await rig.journal.counts(4)).duplicates, 2);
});

test('a jump in the numbers is told and counted, and the batch is taken all the same', async () => {
  await rig.journal.append(5, batchOf(['a'], { producer: 'plc', seq: 1 }));
  assert.equal((await rig.journal.append(5, batchOf(['b'], { producer: 'plc', seq: 2 }))).gap, null);
  const jumped = await rig.journal.append(5, batchOf(['c'], { producer: 'plc', seq: 5 }));
  assert.deepEqual([jumped.outcome, jumped.gap], ['accepted', { expected: 3, got: 5 }]);
  assert.equal((await rig.journal.counts(5)).gaps, 1);
  const late = await rig.journal.append(5, batchOf(['d'], { producer: 'plc', seq: 3 }));
  assert.equal(late.outcome, 'duplicate');
});

test('a numbered batch whose reply was lost is accepted, with its gap, not called a duplicate', async () => {
  await rig.journal.append(6, batchOf(['a'], { producer: 'plc', seq: 1 }));
  const dropped = rig.proxy.dropReplyOf('numbered-and-lost');
  const receipt = await rig.journal.append(6, batchOf(['numbered-and-lost'], { producer: 'plc', seq: 4 }));
  await dropped;
  assert.deepEqual([receipt.outcome, receipt.accepted, receipt.gap], ['accepted', 1, { expected: 2, got: 4 }]);
  assert.deepEqual(await idsOf(6), ['a', 'numbered-and-lost']);
  const counts = await rig.journal.counts(6);
  assert.deepEqual([counts.accepted, counts.duplicates, counts.gaps], [2, 0, 1]);
});

test('batches of one producer get in in the order in which they were sent, even when one has to be sent again', async () => {
  const lost = rig.proxy.loseRequestOf('plc-first');
  const first = rig.journal.append(7, batchOf(['plc-first'], { producer: 'plc', seq: 1 }));
  await lost;
  rig.proxy.shut();
  // By now the first waits long before its next try; the second comes just when Redis is there again.
  await rig.proxy.turnedAway(8);
  rig.proxy.open();
  await rig.journal.mark(7, 'plc');
  const second = rig.journal.append(7, batchOf(['plc-second'], { producer: 'plc', seq: 2 }));
  const receipts = await Promise.all([first, second]);
  assert.deepEqual(
    receipts.map(receipt => [receipt.outcome, receipt.gap]),
    [
      ['accepted', null],
      ['accepted', null],
    ],
  );
  assert.deepEqual(await idsOf(7), ['plc-first', 'plc-second']);
});

test('an entry of our own is appended once when its reply was lost, and wakes who waits', async () => {
  let woken = 0;
  const stop = rig.journal.onAppend(8, () => woken++);
  const dropped = rig.proxy.dropReplyOf('"a plant"');
  await rig.journal.appendInternal(8, 'plant', '"a plant"');
  await dropped;
  await rig.journal.appendInternal(8, 'tick', '');
  await rig.journal.appendInternal(8, 'tick', '');
  const numbered = { name: 'roll-up', seq: 4 };
  await rig.journal.appendInternal(8, 'rollup', '[]', numbered);
  assert.equal((await rig.journal.appendInternal(8, 'rollup', '[]', numbered)).outcome, 'duplicate');
  // A producer outside that took our producer's name is another producer.
  assert.equal((await rig.journal.append(8, batchOf(['e'], { producer: 'roll-up', seq: 1 }))).outcome, 'accepted');
  assert.deepEqual(await bodiesOf(8), ['"a plant"', '', '', '[]', '{"id":"e","variant":""}']);
  assert.equal(woken, 5);
  assert.equal((await rig.journal.counts(8)).accepted, 1, 'only events count as events');
  stop();
  await rig.journal.appendInternal(8, 'tick', '');
  assert.equal(woken, 5);
});

test('ids beyond the horizon are let go, those of it are found in every bucket', async () => {
  const ids = 'oee:{p009}:id';
  const now = Date.now();
  const width = bucketMsOf(2 * DAY_MS);
  const beyond = now - 2 * DAY_MS - width - 1_000;
  for (const [name, start] of Object.entries({ beyond, older: now - 2 * DAY_MS, old: now - width - 1_000 })) {
    await rig.redis.command('ZADD', ids, start, name);
    await rig.redis.command('HSET', `${ids}:${name}`, `of ${name}`, `1-1 other`);
  }
  const receipt = await rig.journal.append(9, batchOf(['of beyond', 'of older', 'of old', 'new']));
  assert.deepEqual([receipt.accepted, receipt.reused], [2, [1, 2]]);
  assert.equal(await rig.redis.command('EXISTS', `${ids}:beyond`), 0);
  const [older, old, today, ...more] = (await rig.redis.command('ZRANGE', ids, 0, -1)) as string[];
  assert.deepEqual([older, old, more], ['older', 'old', []]);
  const leftMs = (await rig.redis.command('PTTL', `${ids}:${today}`)) as number;
  assert.ok(leftMs > 2 * DAY_MS, 'a silent partition forgets, too');
  assert.equal((await rig.journal.append(9, batchOf(['new']))).duplicates.length, 1);
});

test('a thousand events are one entry; none and more than a thousand are refused', async () => {
  const ids = Array.from({ length: 1_000 }, (_, i) => `e${i}`);
  assert.equal((await rig.journal.append(10, batchOf(ids))).accepted, 1_000);
  assert.equal((await bodiesOf(10)).length, 1);
  assert.equal((await rig.journal.append(10, batchOf(ids))).duplicates.length, 1_000);
  for (const batch of [batchOf([]), batchOf([...ids, 'more']), batchOf(['x'], { producer: 'p', seq: 1.5 })]) {
    await assert.rejects(rig.journal.append(10, batch), { code: 'OEE_JOURNAL_BATCH' });
  }
  await assert.rejects(rig.journal.append(16, batchOf(['x'])), { code: 'OEE_JOURNAL_PARTITION' });
});

test('at its memory limit the journal refuses whole batches, still works off, and takes again', async () => {
  const own = await rig.journal.own(11);
  assert.ok(own !== null);
  await rig.journal.append(11, batchOf(['before'], { producer: 'plc', seq: 1 }));
  await rig.redis.command('CONFIG', 'SET', 'maxmemory', '1mb');
  await assert.rejects(rig.journal.append(11, batchOf(['e'])), JournalFull);
  await assert.rejects(rig.journal.append(11, batchOf(['e'], { producer: 'plc', seq: 2 })), {
    code: 'OEE_JOURNAL_FULL',
  });
  await assert.rejects(rig.journal.appendInternal(11, 'tick', ''), JournalFull);
  // What areas add up must get in: the outbox that holds it can be let go only then.
  assert.equal((await rig.journal.appendInternal(11, 'rollup', '[]')).outcome, 'accepted');
  const [entry] = await own.read('0-0', 10);
  assert.ok(entry !== undefined);
  const changes = { append: new Map(), set: new Map([['m', '{}']]), drop: [], outputs: [], deadLetters: [] };
  await own.commit({ ...changes, offset: entry.id });
  await rig.journal.trim(11, { keepMs: 0, sinks: [] });
  await rig.redis.command('CONFIG', 'SET', 'maxmemory', '0');
  assert.equal((await rig.journal.append(11, batchOf(['e'], { producer: 'plc', seq: 2 }))).gap, null);
  assert.deepEqual(await bodiesOf(11), ['{"id":"before","variant":""}', '[]', '{"id":"e","variant":""}']);
  await own.release();
});

test('when Redis is away the caller hears it, nothing crashes, and it goes on when Redis is back', async () => {
  rig.proxy.shut();
  const first = rig.journal.append(12, batchOf(['a'], { producer: 'plc', seq: 1 }));
  // Redis is back the moment the first gives up. Let in now, the one behind it would make the first an old one.
  const open = (): void => rig.proxy.open();
  first.catch(open);
  const behind = rig.journal.append(12, batchOf(['b'], { producer: 'plc', seq: 2 }));
  for (const outcome of await Promise.allSettled([first, behind])) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof JournalAway);
    assert.equal(outcome.reason.code, 'OEE_JOURNAL_AWAY');
  }
  assert.equal((await rig.journal.append(12, batchOf(['a'], { producer: 'plc', seq: 1 }))).outcome, 'accepted');
  assert.equal((await rig.journal.append(12, batchOf(['b'], { producer: 'plc', seq: 2 }))).gap, null);
  assert.deepEqual(await idsOf(12), ['a', 'b']);
  assert.ok(rig.journal.logged.some(line => line.message === 'Redis is away'));
});

test('a value of a wrong type is a fault that says so, not a wait', async () => {
  await rig.redis.command('SET', 'oee:{p013}:in', 'not a stream');
  await assert.rejects(rig.journal.append(13, batchOf(['a'])), (error: unknown) => {
    assert.ok(error instanceof JournalFault);
    assert.match(error.message, /WRONGTYPE/);
    return true;
  });
});
