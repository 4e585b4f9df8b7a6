// Intake: every event sent is accepted, a duplicate or rejected; nothing else can become of it.
// In: events of several machines. Out: receipts and what a journal in memory holds.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { intakeOf } from '../../src/ingest/intake.ts';
import { IntakeError } from '../../src/ingest/source.ts';
import { machineModel, memoryJournal } from '../support/memory-journal.ts';

const AT = '2026-11-22T06:00:00.000Z';
const plant = [machineModel('filler', { EXECUTE: 'producing', STOPPED: 'stop' }), machineModel('packer')];
const door = (products: string[] = []) => {
  const journal = memoryJournal(plant, products);
  return { journal, intake: intakeOf(journal.ports) };
};
const beat = (id: string, machine = 'filler') => ({ id, machine, at: AT, type: 'heartbeat' });

test('sent = accepted + duplicate + rejected, over everything that can happen to an event', async () => {
  const { intake, journal } = door();
  await intake.submit([beat('a'), beat('a'), beat('b', 'packer'), { ...beat('b', 'packer'), at: 5 }, 7, null], {});
  await intake.submit([beat('a'), beat('c'), beat('d', 'oven')], {});
  intake.refused({ code: 'OEE_HTTP_JSON', message: 'no', remedy: 'do' });
  const counts = intake.counts();
  assert.deepEqual(counts, {
    sent: 10,
    accepted: 3,
    duplicate: 2,
    rejected: { OEE_EVENT_ID_REUSED: 1, OEE_EVENT_NOT_AN_OBJECT: 2, OEE_EVENT_UNKNOWN_MACHINE: 1, OEE_HTTP_JSON: 1 },
    deferred: 0,
    sequenceMissing: 0,
  });
  assert.equal(journal.events().length, 3);
});

test('each rejection names its place in the batch, a code, what was wrong and a remedy', async () => {
  const { intake } = door();
  const receipt = await intake.submit([beat('1'), beat('2', 'Filer'), { ...beat('3'), at: '2026-11-22T06:00:00' }], {});
  assert.equal(receipt.accepted, 1);
  assert.deepEqual(
    receipt.rejected.map(({ index, code }) => [index, code]),
    [
      [1, 'OEE_EVENT_UNKNOWN_MACHINE'],
      [2, 'OEE_EVENT_TIME_WITHOUT_OFFSET'],
    ],
  );
  assert.match(receipt.rejected[0]?.message ?? '', /did you mean "filler"\?/);
  assert.ok(receipt.rejected.every(each => each.remedy.length > 10));
});

test('an unknown state word is refused with the word that was meant; an unknown reason is kept', async () => {
  const { intake } = door();
  const state = { id: 's', machine: 'filler', at: AT, type: 'state' };
  const receipt = await intake.submit(
    [
      { ...state, state: 'EXECUT' },
      { ...state, state: 'STOPPED', reason: 'nobody wrote this down' },
    ],
    {},
  );
  assert.equal(receipt.accepted, 1);
  assert.equal(receipt.rejected[0]?.code, 'OEE_EVENT_UNKNOWN_STATE');
  assert.match(receipt.rejected[0]?.message ?? '', /did you mean "EXECUTE"/);
});

test('a product that the plant does not list starts no order; a plant that lists none takes them all', async () => {
  const start = { id: 'o', machine: 'filler', at: AT, type: 'order', phase: 'start', order: 'PO-1', product: 'cola-5' };
  const strict = await door(['cola-05']).intake.submit([start], {});
  assert.equal(strict.rejected[0]?.code, 'OEE_EVENT_UNKNOWN_PRODUCT');
  assert.match(strict.rejected[0]?.message ?? '', /"cola-05"/);
  assert.equal((await door().intake.submit([start], {})).accepted, 1);
});

test('events go to their machine’s partition in batches of at most 1000, in their order', async () => {
  const { intake, journal } = door();
  const events = Array.from({ length: 2_500 }, (_, n) => beat(`e${n}`, n % 5 === 0 ? 'packer' : 'filler'));
  assert.equal((await intake.submit(events, {})).accepted, 2_500);
  const sizes = journal.batches.map(({ partition, batch }) => [partition, batch.events.length]);
  assert.deepEqual(
    sizes.filter(([partition]) => partition === 0),
    [
      [0, 1000],
      [0, 1000],
    ],
  );
  assert.deepEqual(
    sizes.filter(([partition]) => partition === 1),
    [[1, 500]],
  );
  const filler = journal.batches.flatMap(({ partition, batch }) => (partition === 0 ? batch.events : []));
  assert.deepEqual(
    filler.map(item => item.id),
    events.filter(event => event.machine === 'filler').map(event => event.id),
  );
});

test('a revocation without a machine goes to every partition and counts once', async () => {
  const { intake, journal } = door();
  const revoke = { id: 'op-9', type: 'revoke', revokes: 'op-7', by: 'ann', why: 'wrong line' };
  assert.deepEqual(await intake.submit([revoke], {}), { accepted: 1, duplicates: 0, rejected: [] });
  assert.deepEqual(journal.batches.map(({ partition }) => partition).sort(), [0, 1, 2, 3]);
  assert.equal('machine' in (journal.events()[0] ?? {}), false);
  assert.deepEqual(await intake.submit([revoke], {}), { accepted: 0, duplicates: 1, rejected: [] });
});

test('a correction without a time of its own, sent twice at different moments, is one correction', async () => {
  const { journal } = door();
  let now = 1_000;
  const intake = intakeOf({ ...journal.ports, now: () => now });
  const words = { machine: 'filler', type: 'reclassify', from: 0, to: 9, category: 'setup', by: 'ann', why: 'change' };
  assert.equal((await intake.submit([{ id: 'op-1', ...words }], {})).accepted, 1);
  now = 2_000;
  assert.equal((await intake.submit([{ id: 'op-1', ...words }], {})).duplicates, 1);
  const other = await intake.submit([{ id: 'op-1', ...words, category: 'breakdown' }], {});
  assert.equal(other.rejected[0]?.code, 'OEE_EVENT_ID_REUSED');
  assert.equal(journal.events()[0]?.at, 1_000);
});

test('one event has one spelling, whatever the order of its keys, its time format and its carrier', async () => {
  const { intake, journal } = door();
  const one = { id: 'c', machine: 'filler', at: AT, type: 'count', good: 3, reject: 1 };
  const same = {
    reject: 1,
    type: 'count',
    total: 4,
    good: 3,
    at: Date.parse(AT),
    machine: 'filler',
    id: 'c',
    junk: {},
  };
  await intake.submit([{ ...one, total: 4 }], {});
  assert.equal((await intake.submit([{ ...same, producer: 'gw', seq: 4 }], {})).duplicates, 1);
  assert.equal(
    journal.batches[0]?.batch.events[0]?.text,
    `{"id":"c","machine":"filler","at":${Date.parse(AT)},"type":"count","total":4,"good":3,"reject":1}`,
  );
});

test('when the journal fails nobody is told yes, and the same events sent again come in once', async () => {
  const { intake, journal } = door();
  journal.failures.push(Object.assign(new Error('maxmemory'), { code: 'OEE_JOURNAL_FULL', retryAfterS: 7 }));
  const events = [beat('a'), beat('b', 'packer')];
  await assert.rejects(intake.submit(events, {}), (error: unknown) => {
    assert.ok(error instanceof IntakeError);
    assert.deepEqual([error.status, error.code, error.retryAfterS], [503, 'OEE_JOURNAL_FULL', 7]);
    return true;
  });
  assert.equal(intake.counts().sent, 0);
  const receipt = await intake.submit(events, {});
  assert.equal(receipt.accepted + receipt.duplicates, 2);
  assert.equal(journal.events().length, 2);
});

test('a batch number is a mark only where the whole batch is one entry of one partition', async () => {
  const { intake, journal } = door();
  await intake.submit([beat('a'), beat('b')], { producer: 'gw', seq: 1 });
  await intake.submit([beat('c'), beat('d', 'packer')], { producer: 'gw', seq: 2 });
  const marks = journal.batches.map(({ batch }) => batch.seq);
  assert.deepEqual(marks, [1, undefined, undefined]);
});

test('numbers that are missing between events are seen, and a late event closes its hole', async () => {
  const { intake } = door();
  const numbered = (seq: number) => ({ ...beat(`n${seq}`), producer: 'gw', seq });
  await intake.submit([numbered(3), numbered(7), numbered(7)], {});
  assert.equal(intake.counts().sequenceMissing, 3);
  await intake.submit([numbered(5), numbered(4), numbered(6)], {});
  assert.equal(intake.counts().sequenceMissing, 0);
});
