// Outbox: every sink follows with a cursor of its own, and nothing goes before all have it behind them.
// In: commits, cursors, trims against a real Redis. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ownership } from '../../src/journal/lease.ts';
import { readLuaLibrary } from '../../src/journal/lua-library.ts';
import { JournalRig } from '../support/journal-rig.ts';
import { batchOf, changesOf, DAY_MS, letterOf, outputOf } from '../support/opened-journal.ts';

const rig = new JournalRig();

/** Commits so many steps with so many outputs each. */
async function committed(partition: number, steps: number, outputs: number): Promise<Ownership> {
  const own = await rig.journal.own(partition);
  assert.ok(own !== null);
  for (let step = 1; step <= steps; step++) {
    const made = Array.from({ length: outputs }, (_, i) => outputOf(`unit-${step}-${i}`));
    await own.commit(changesOf(`1-${step}`, { outputs: made }));
  }
  return own;
}
const outIds = async (partition: number): Promise<string[]> =>
  (await rig.journal.outbox.read(partition, '0-0', 1_000)).map(entry => entry.id);

test('a sink reads on from its cursor; lag counts the outputs that it has not acknowledged', async () => {
  await committed(0, 3, 2);
  assert.equal(await rig.journal.outbox.cursor(0, 'influx'), '0-0');
  assert.equal(await rig.journal.outbox.lag(0, 'influx'), 6);
  const [first, second] = await rig.journal.outbox.read(0, '0-0', 2);
  assert.deepEqual(second?.outputs, [outputOf('unit-2-0'), outputOf('unit-2-1')]);
  await rig.journal.outbox.advance(0, 'influx', second?.id ?? '');
  assert.equal(await rig.journal.outbox.lag(0, 'influx'), 2);
  assert.equal(await rig.journal.outbox.lag(0, 'live'), 6);
  await rig.journal.outbox.advance(0, 'influx', first?.id ?? '');
  assert.equal(await rig.journal.outbox.cursor(0, 'influx'), '2-1', 'a cursor only goes forward');
  const rest = await rig.journal.outbox.read(0, '2-1', 10);
  assert.deepEqual(
    rest.map(entry => entry.id),
    ['3-1'],
  );
  await rig.journal.outbox.advance(0, 'influx', '3-1');
  assert.equal(await rig.journal.outbox.lag(0, 'influx'), 0);
});

test('a cursor beyond what is committed is refused: the journal fell back, and what comes again must not be skipped', async () => {
  await committed(1, 2, 1);
  await assert.rejects(rig.journal.outbox.advance(1, 'influx', '3-1'), { code: 'OEE_JOURNAL_FELL_BACK' });
  assert.equal(await rig.journal.outbox.cursor(1, 'influx'), '0-0');
});

test('what a neighbour refuses for good is buried once, though reply and sink are lost in between', async () => {
  await committed(2, 1, 1);
  const dropped = rig.proxy.dropReplyOf('oee_advance_cursor');
  await rig.journal.outbox.advance(2, 'influx', '1-1', [letterOf('refused', { count: 1 })]);
  await dropped;
  // The sink's process died before it knew, and does it all again.
  await rig.journal.outbox.advance(2, 'influx', '1-1', [letterOf('refused', { count: 1 })]);
  const letters = await rig.journal.deadLetters.list({ partition: 2, countMax: 10 });
  assert.deepEqual(
    letters.map(kept => kept.letter.event),
    ['refused'],
  );
  assert.equal((await rig.journal.counts(2)).refused, 1);
});

test('the outbox is trimmed below the slowest cursor, and not at all while a sink has none', async () => {
  await committed(3, 4, 1);
  await rig.journal.outbox.advance(3, 'influx', '3-1');
  await rig.journal.trim(3, { keepMs: 0, sinks: ['influx', 'webhook'] });
  assert.deepEqual(await outIds(3), ['1-1', '2-1', '3-1', '4-1'], 'webhook has read nothing yet');
  await rig.journal.outbox.advance(3, 'webhook', '2-1');
  await rig.journal.outbox.advance(3, 'live', '4-1');
  await rig.journal.trim(3, { keepMs: 0, sinks: ['influx'] });
  assert.deepEqual(await outIds(3), ['2-1', '3-1', '4-1'], 'webhook is not named, but known');
  await rig.journal.outbox.forget(3, 'webhook');
  await rig.journal.trim(3, { keepMs: 0, sinks: ['influx'] });
  assert.deepEqual(await outIds(3), ['3-1', '4-1']);
  assert.equal(await rig.journal.outbox.lag(3, 'influx'), 1);
});

test('with no sink at all history stays in the journal until one appears', async () => {
  await committed(4, 2, 1);
  await rig.journal.trim(4, { keepMs: 0, sinks: [] });
  assert.deepEqual(await outIds(4), ['1-1', '2-1']);
});

test('the log is trimmed below the committed offset only, and not before its time', async () => {
  const stream = 'oee:{p005}:in';
  const [seconds] = (await rig.redis.command('TIME')) as [string];
  const now = Number(seconds) * 1_000;
  const ids = [now - 3 * DAY_MS, now - 2 * DAY_MS, now - DAY_MS, now - 1].map(ms => `${ms}-0`);
  for (const id of ids) await rig.redis.command('XADD', stream, id, 'b', '[]');
  const left = async (): Promise<number> => (await rig.journal.position(5)).inLength;

  assert.equal(await rig.journal.trim(5, { keepMs: 0, sinks: [] }), 0);
  assert.equal(await left(), 4, 'nothing is committed');
  const own = await rig.journal.own(5);
  assert.ok(own !== null);
  await own.commit(changesOf(ids[2] ?? ''));
  await rig.journal.trim(5, { keepMs: 2.5 * DAY_MS, sinks: [] });
  assert.equal(await left(), 3, 'kept for a replay');
  assert.equal(await rig.journal.trim(5, { keepMs: 0, sinks: [] }), 1);
  assert.equal(await left(), 2, 'the entry at the offset stays, to prove that nothing after it is missing');
});

test('a long log goes in slices, exactly', async () => {
  await committed(6, 1, 0);
  const stream = 'oee:{p006}:in';
  for (let from = 1; from <= 10_000; from += 1_000) {
    await Promise.all(
      Array.from({ length: 1_000 }, (_, i) => rig.redis.command('XADD', stream, `2-${from + i}`, 'b', '[]')),
    );
  }
  await rig.redis.command('HSET', 'oee:{p006}:meta', 'offset', '2-9950');
  assert.equal(await rig.journal.trim(6, { keepMs: 0, sinks: [] }), 9_949);
  assert.equal((await rig.journal.position(6)).inLength, 51);
});

test('a producer that was silent beyond the horizon is forgotten, one that is not keeps its mark', async () => {
  await rig.journal.append(7, batchOf(['a'], { producer: 'silent', seq: 7 }));
  await rig.journal.append(7, batchOf(['b'], { producer: 'busy', seq: 7 }));
  const { entry } = await rig.journal.append(7, batchOf(['c'], { producer: 'busy', seq: 8 }));
  const long = Number(entry?.split('-')[0]) - 2 * DAY_MS - 1;
  await rig.redis.command('HSET', 'oee:{p007}:hwm', 'silent', `7 token ${long}-0 -`);
  await rig.journal.trim(7, { keepMs: 0, sinks: [] });
  assert.equal(await rig.journal.mark(7, 'silent'), null);
  // It was looked at when it was silent, and spoke before it was forgotten.
  const forget = readLuaLibrary().fullName('forget-marks');
  await rig.redis.command('FCALL', forget, 1, 'oee:{p007}:hwm', 'busy', `8 token ${long}-0 -`);
  assert.equal(await rig.journal.mark(7, 'busy'), 8);
});
