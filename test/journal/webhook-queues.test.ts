// Webhook queues: what leaves the outbox for a receiver waits in its queue, once, and leaves it once.
// In: a real Redis. Out: laws that hold.
// Touches a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type DeliveryNote, letterOfMessage, type QueuedMessage } from '../../src/core/webhook-queue.ts';
import { LostOwnership } from '../../src/journal/journal-error.ts';
import { changesOf, type OpenedJournal, openedJournal, outputOf } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';

let redis: RedisChild;
before(async () => {
  redis = await startRedisChild();
});
const opened: OpenedJournal[] = [];
after(async () => {
  for (const journal of opened) await journal.close();
  await redis?.close();
});

const messageOf = (id: string): QueuedMessage => ({ id, unit: 'filler', type: 'test', body: `{"n":"${id}"}`, at: 1 });
const noteOf = (outcome: DeliveryNote['outcome'], attempt = 1): DeliveryNote => ({
  at: 5_000 + attempt,
  id: 'x',
  type: 'test',
  unit: 'filler',
  attempt,
  status: outcome === 'delivered' ? 200 : 500,
  ms: 3,
  outcome,
  code: outcome === 'delivered' ? null : 'OEE_TEST',
  message: null,
});

/** A journal with three committed entries of the outbox. */
async function journalWithThree(prefix: string): Promise<OpenedJournal> {
  const journal = await openedJournal(redis.url, { prefix, partitions: 2 });
  opened.push(journal);
  const owned = await journal.own(0);
  for (const offset of ['1-1', '1-2', '1-3']) await owned?.commit(changesOf(offset, { outputs: [outputOf('filler')] }));
  return journal;
}

const idsIn = async (journal: OpenedJournal, receiver: string): Promise<string[]> =>
  (await journal.webhooks.read(0, receiver, '0-0', 100)).map(({ message }) => message.id);

test('a step is put once, whoever puts it how often, and the cursor moves with it', async () => {
  const journal = await journalWithThree('once');
  const [first, second] = await journal.outbox.read(0, '0-0', 10);
  const step = {
    sink: 'webhook',
    after: '0-0',
    last: first?.id ?? '',
    messages: ['a', 'b'].flatMap(id => ['erp', 'pager'].map(receiver => ({ receiver, message: messageOf(id) }))),
  };
  await journal.webhooks.put(0, step);
  await journal.webhooks.put(0, step);
  assert.equal(await journal.outbox.cursor(0, 'webhook'), first?.id);
  assert.deepEqual(await idsIn(journal, 'erp'), ['a', 'b']);
  assert.deepEqual(await idsIn(journal, 'pager'), ['a', 'b']);
  const next = {
    ...step,
    after: first?.id ?? '',
    last: second?.id ?? '',
    messages: [{ receiver: 'erp', message: messageOf('c') }],
  };
  await journal.webhooks.put(0, next);
  await journal.webhooks.put(0, step);
  assert.deepEqual(await idsIn(journal, 'erp'), ['a', 'b', 'c']);
  assert.equal(await journal.outbox.lag(0, 'webhook'), 1);
});

test('a step whose cursor is not where it was, or that was never committed, is put nowhere', async () => {
  const journal = await journalWithThree('elsewhere');
  const [, second, third] = await journal.outbox.read(0, '0-0', 10);
  const messages = [{ receiver: 'erp', message: messageOf('a') }];
  const gap = { sink: 'webhook', after: second?.id ?? '', last: third?.id ?? '', messages };
  await assert.rejects(journal.webhooks.put(0, gap), LostOwnership);
  await assert.rejects(journal.webhooks.put(0, { ...gap, after: '0-0', last: '99-1' }), LostOwnership);
  assert.deepEqual(await idsIn(journal, 'erp'), []);
  assert.equal(await journal.outbox.cursor(0, 'webhook'), '0-0');
});

test('a message leaves its queue once: delivered, or with its letter; what failed keeps its tries', async () => {
  const journal = await journalWithThree('leaves');
  const { webhooks } = journal;
  for (const id of ['a', 'b']) await webhooks.add(0, 'erp', messageOf(id));
  const [a, b] = await webhooks.read(0, 'erp', '0-0', 10);
  const [first, second] = [a?.entry ?? '', b?.entry ?? ''];
  for (const attempt of [1, 1, 2]) {
    await webhooks.note(0, 'erp', first, noteOf('again', attempt), { attempts: attempt, nextAt: 1_000 * attempt });
  }
  assert.deepEqual([...(await webhooks.tries(0, 'erp'))], [[first, { attempts: 2, nextAt: 2_000 }]]);
  assert.equal((await webhooks.state(0, 'erp')).row, 2);
  await webhooks.note(0, 'erp', first, noteOf('delivered', 3), null);
  await webhooks.note(0, 'erp', first, noteOf('delivered', 3), null);
  const reason = { code: 'OEE_TEST', message: 'no', remedy: 'mend it' };
  const letter = letterOfMessage('erp', messageOf('b'), reason);
  for (let twice = 0; twice < 2; twice++) await webhooks.note(0, 'erp', second, noteOf('dead'), letter);
  const state = await webhooks.state(0, 'erp');
  assert.deepEqual(state.counts, { delivered: 1, failed: 2, dead: 1 });
  assert.deepEqual(
    [state.waiting, state.lastOk, state.lastBad, state.lastCode, state.row],
    [0, 5_003, 5_001, 'OEE_TEST', 1],
  );
  assert.deepEqual((await webhooks.tries(0, 'erp')).size, 0);
  assert.deepEqual(
    (await webhooks.log(0, 'erp', 10)).map(note => note.outcome),
    ['dead', 'delivered', 'again', 'again'],
  );
  assert.equal((await journal.deadLetters.list({ countMax: 10 })).length, 1);
});

test('a letter of a webhook is replayed into the queue of its receiver, whole', async () => {
  const journal = await journalWithThree('replay');
  const message = { ...messageOf('long'), body: 'x'.repeat(10_000) };
  await journal.webhooks.add(0, 'erp', message);
  const [entry] = await journal.webhooks.read(0, 'erp', '0-0', 1);
  const letter = letterOfMessage('erp', message, { code: 'OEE_TEST', message: 'no', remedy: 'mend it' });
  await journal.webhooks.note(0, 'erp', entry?.entry ?? '', noteOf('dead'), letter);
  const [kept] = await journal.deadLetters.list({ countMax: 10 });
  const before = (await journal.position(0)).inLength;
  await journal.deadLetters.replay(0, kept?.id ?? '');
  assert.deepEqual(
    (await journal.webhooks.read(0, 'erp', '0-0', 10)).map(each => each.message),
    [message],
  );
  assert.equal((await journal.position(0)).inLength, before);
  assert.deepEqual(await journal.deadLetters.list({ countMax: 10 }), []);
});

test('who holds a receiver back is remembered for all, until it goes on', async () => {
  const journal = await journalWithThree('pause');
  const pause = { since: 7, by: 'anna', why: 'the ERP is upgraded' };
  await journal.webhooks.pause('erp', pause);
  assert.deepEqual([...(await journal.webhooks.pauses())], [['erp', pause]]);
  await journal.webhooks.pause('erp', null);
  assert.equal((await journal.webhooks.pauses()).size, 0);
});
