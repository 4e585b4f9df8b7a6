// Cluster: the journal on three masters with replicas: deaths, a shorter past, slots that move under load.
// In: producers, workers and sinks on a real Redis Cluster. Out: laws that hold.
// Touches: six child redis-servers.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { BehindProducer, JournalAway, LostOwnership } from '../../src/journal/journal-error.ts';
import { producerOf, sendById, sinkOf, workerOf } from '../support/journal-crew.ts';
import {
  batchOf,
  changesOf,
  letterOf,
  type OpenedJournal,
  openedJournal,
  outputOf,
} from '../support/opened-journal.ts';
import type { RedisChild } from '../support/redis-child.ts';
import { type RedisCluster, startRedisCluster } from '../support/redis-cluster.ts';
import { ruleOfReadme } from '../support/rule-of-readme.ts';

let cluster: RedisCluster;
/** acknowledges at once */
let quick: OpenedJournal;
/** acknowledges what a replica has */
let sure: OpenedJournal;

before(async () => {
  cluster = await startRedisCluster();
  quick = await openedJournal(cluster.url, { partitions: 64 });
  sure = await openedJournal(cluster.url, { partitions: 64, replicas: 1 });
});
after(async () => {
  await quick?.close();
  await sure?.close();
  await cluster?.close();
});

const tagOf = (partition: number): string => `oee:{p${String(partition).padStart(3, '0')}}`;
const slotOf = (partition: number): Promise<number> => cluster.slotOf(tagOf(partition));
const masterOf = async (partition: number): Promise<RedisChild> => cluster.masterOf(await slotOf(partition));
const named = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}-${i + 1}`);

/** Partitions that no test has used, of this master. */
const used = new Set<number>();
async function partitionOf(master: RedisChild): Promise<number> {
  for (let partition = 0; partition < 64; partition++) {
    if (used.has(partition) || (await masterOf(partition)) !== master) continue;
    used.add(partition);
    return partition;
  }
  throw new Error('no partition left on this master');
}

test('partitions lie on all masters, and every act and question finds its way', async () => {
  const masters = new Set<RedisChild>();
  for (let partition = 0; partition < 16; partition++) masters.add(await masterOf(partition));
  assert.equal(masters.size, 3);
  for (const master of masters) {
    const partition = await partitionOf(master);
    await sure.append(partition, batchOf(['a', 'b', 'a']));
    await quick.append(partition, batchOf(['c'], { producer: 'plc', seq: 1 }));
    await quick.appendInternal(partition, 'tick', '');
    const own = await quick.own(partition);
    assert.ok(own !== null);
    const [first, second, third] = await own.read('0-0', 10);
    assert.ok(first !== undefined && second !== undefined && third?.kind === 'tick');
    const parts = { append: new Map([['t', 'x']]), set: new Map([['m', '{}']]), outputs: [outputOf('m')] };
    await own.commit(changesOf(first.id, parts));
    await own.commit(changesOf(second.id, { drop: ['t'], deadLetters: [letterOf('{"bad":1}')] }));
    assert.deepEqual(await own.load(), { offset: second.id, fields: new Map([['m', '{}']]), texts: new Map() });
    const [letter] = await quick.deadLetters.list({ partition, countMax: 9 });
    assert.notEqual(await quick.deadLetters.replay(partition, letter?.id ?? ''), null);
    await quick.outbox.advance(partition, 'influx', '1-1', [letterOf('refused')]);
    assert.equal(await quick.trim(partition, { keepMs: -1, sinks: ['influx'] }), 1);
    const { accepted, duplicates, deadLettered, replayed, refused } = await quick.counts(partition);
    assert.deepEqual([accepted, duplicates, deadLettered, replayed, refused], [3, 1, 1, 1, 1]);
  }
  const info = await quick.info();
  assert.equal(info.nodes, 3);
  assert.match(info.warnings.join(), /REDIS_REPLICAS=1/);
  assert.doesNotMatch((await sure.info()).warnings.join(), /REDIS_REPLICAS/);
});

test('a master that lost its functions, as a new one has none, gets them and carries the act out', async () => {
  for (const journal of [quick, sure]) {
    const partition = await partitionOf(await masterOf(0));
    await (await masterOf(partition)).command('FUNCTION', 'FLUSH');
    assert.equal((await journal.append(partition, batchOf(['a']))).accepted, 1);
  }
});

test('the user of the README has the rights that a cluster asks for', async () => {
  for (const node of cluster.nodes) await node.command(...ruleOfReadme('secret'));
  const user = await openedJournal(cluster.url.replaceAll('//', '//oee:secret@'), { partitions: 64, replicas: 1 });
  for (const partition of [61, 62, 63]) {
    assert.equal((await user.append(partition, batchOf(['by the user']))).accepted, 1);
    await (await user.own(partition))?.release();
  }
  await user.close();
});

test('a slot that moves under load changes nothing: every event once, in order, every output told', async () => {
  const from = await masterOf(1);
  const to = await masterOf(await otherThan(from));
  const partition = await partitionOf(from);
  const events = 120;
  const numbered = producerOf(sure, partition, 'plc');
  const worker = workerOf(quick, partition);
  const sink = sinkOf(quick, partition, 'influx');
  await Promise.all([numbered.sendUpTo(20), worker.workUntil(20), sink.followUntil(20)]);
  await quick.append(partition, batchOf(['hand-1']));
  const sending = Promise.all([numbered.sendUpTo(events), sendById(quick, partition, 'hand', events)]);
  const working = Promise.all([worker.workUntil(2 * events), sink.followUntil(2 * events)]);
  // The slot lies in two places while this event comes again and again.
  const repeats: Promise<unknown>[] = [];
  await cluster.moveSlot(await slotOf(partition), to, async () => {
    repeats.push(quick.append(partition, batchOf(['hand-1'])));
    await wait(20);
  });
  assert.ok(repeats.length > 5, 'the slot moved key by key');
  await Promise.all([sending, working, ...repeats]);
  const seen = await worker.seen();
  assert.deepEqual(
    seen.filter(id => id.startsWith('plc')),
    named('plc', events),
  );
  assert.deepEqual([...seen].sort(), [...named('plc', events), ...named('hand', events)].sort());
  assert.deepEqual(sink.told(), [...seen].sort());
  // the new place goes on with a history of its own: the owner loads there once more, and nobody else notices
  assert.deepEqual([worker.lost, numbered.sentAgain, sink.fellBack], [['OEE_JOURNAL_LOST_OWNERSHIP'], 0, 0]);
  assert.equal((await quick.counts(partition)).accepted, 2 * events);
});

async function otherThan(master: RedisChild): Promise<number> {
  for (let partition = 0; partition < 16; partition++) if ((await masterOf(partition)) !== master) return partition;
  throw new Error('one master holds all');
}

test('a master that dies under load loses nothing that a replica had to have before it was acknowledged', async () => {
  const master = await masterOf(2);
  const partition = await partitionOf(master);
  const events = 200;
  const numbered = producerOf(sure, partition, 'plc');
  const worker = workerOf(quick, partition);
  const sink = sinkOf(quick, partition, 'influx');
  await Promise.all([numbered.sendUpTo(30), worker.workUntil(30), sink.followUntil(30)]);
  const sending = Promise.all([numbered.sendUpTo(events), sendById(sure, partition, 'hand', events)]);
  const working = Promise.all([worker.workUntil(2 * events), sink.followUntil(2 * events)]);
  const heir = await cluster.failOver(master);
  assert.notEqual(heir, master);
  // Without a replica nothing is acknowledged: the producers wait until the dead one is back as one.
  await cluster.bringBack(master);
  await Promise.all([sending, working]);
  assert.equal(numbered.sentAgain, 0, 'what was acknowledged is there');
  const seen = await worker.seen();
  assert.deepEqual(
    seen.filter(id => id.startsWith('plc')),
    named('plc', events),
  );
  assert.deepEqual([...seen].sort(), [...named('plc', events), ...named('hand', events)].sort());
  assert.deepEqual(sink.told(), [...seen].sort());
});

test('a past that got shorter is noticed by all, and told anew it is the same as if nothing had been lost', async () => {
  const master = await masterOf(3);
  const partition = await partitionOf(master);
  const numbered = producerOf(quick, partition, 'plc');
  const worker = workerOf(quick, partition);
  const sink = sinkOf(quick, partition, 'influx');
  await Promise.all([numbered.sendUpTo(10), worker.workUntil(10), sink.followUntil(10)]);
  const before = await quick.position(partition);

  await cluster.cutReplication(master);
  await assert.rejects(sure.append(partition, batchOf(['unsure'], { producer: 'other', seq: 1 })), (error: unknown) => {
    assert.ok(error instanceof JournalAway && error.code === 'OEE_JOURNAL_UNREPLICATED', String(error));
    return true;
  });
  // Acknowledged, worked in, told to everybody; and no replica knows.
  await Promise.all([numbered.sendUpTo(25), worker.workUntil(26), sink.followUntil(26)]);
  const own = await quick.own(partition);
  assert.ok(own !== null);
  const heir = await cluster.failOver(master);

  assert.deepEqual(await cutOf(partition), { mark: 10, checkpoint: before.checkpoint, offset: before.offset });
  const lastTold = `${before.checkpoint + 16}-1`;
  await assert.rejects(quick.outbox.advance(partition, 'influx', lastTold), { code: 'OEE_JOURNAL_FELL_BACK' });
  await assert.rejects(own.commit(changesOf('9-9')), (error: unknown) => error instanceof LostOwnership);
  const ahead = quick.append(partition, batchOf(['plc-26'], { producer: 'plc', seq: 26, previous: 25 }));
  await assert.rejects(ahead, (error: unknown) => error instanceof BehindProducer && error.mark === 10);

  await Promise.all([numbered.sendUpTo(40), worker.workUntil(40), sink.followUntil(41)]);
  assert.equal(numbered.sentAgain, 1);
  assert.ok(worker.lost.every(code => code.startsWith('OEE_JOURNAL_')));
  assert.deepEqual(await worker.seen(), named('plc', 40));
  const now = await quick.position(partition);
  assert.equal(now.epoch, before.epoch + 1);
  // Whoever had read up to the lost output sees everything that came instead of it.
  const retold = (await quick.outbox.read(partition, lastTold, 100)).flatMap(entry => entry.outputs);
  assert.deepEqual(
    retold.map(output => output.unit),
    named('plc', 40).slice(10),
  );
  assert.equal((await quick.counts(partition)).commits, 40);
  await cluster.bringBack(master);
  await cluster.mendReplication(heir);
  assert.equal((await sure.append(partition, batchOf(['sure']))).accepted, 1);
});

async function cutOf(partition: number): Promise<object> {
  const { checkpoint, offset } = await quick.position(partition);
  return { mark: await quick.mark(partition, 'plc'), checkpoint, offset };
}
