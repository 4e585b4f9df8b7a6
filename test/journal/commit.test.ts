// Commit: state, offset and outbox in one act, by the one owner, exactly once however the connection breaks.
// In: changes against a real Redis, and a proxy that loses requests and replies. Out: laws that hold.
// Touches: a child redis-server.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LostOwnership } from '../../src/journal/journal-error.ts';
import { JournalRig } from '../support/journal-rig.ts';
import { batchOf, changesOf, letterOf, openedJournal, outputOf } from '../support/opened-journal.ts';

const rig = new JournalRig();

/** Everything that Redis holds of a partition but the lease: equal before and after means that nothing was done. */
async function everythingOf(partition: number): Promise<unknown> {
  const base = `oee:{p${String(partition).padStart(3, '0')}}`;
  const keys = ((await rig.redis.command('KEYS', `${base}:*`)) as string[]).sort();
  const dumps = await Promise.all(keys.map(key => rig.redis.command('DUMP', key)));
  return keys.map((key, i) => [key, dumps[i]]);
}

test('what was committed is what the next owner loads, byte for byte', async () => {
  const own = await rig.owned(0);
  assert.deepEqual(await own.load(), { offset: '0-0', fields: new Map(), texts: new Map() });
  const { entry } = await rig.journal.append(0, batchOf(['a']));
  assert.ok(entry !== null);
  const odd = '{"name":"Füller \\u0000 \\"7\\" \\n 𝄞"}';
  await own.commit(
    changesOf(entry, {
      append: new Map([
        ['facts:m1:d1', 'line 1\n'],
        ['facts:m1:d2', `${odd}\n`],
        ['a {brace} and a blank', 'x'],
      ]),
      set: new Map([
        ['m1', odd],
        ['__proto__', '{"polluted":false}'],
        ['', ''],
      ]),
    }),
  );
  const { entry: second } = await rig.journal.append(0, batchOf(['b']));
  assert.ok(second !== null);
  await own.commit(
    changesOf(second, {
      append: new Map([['facts:m1:d1', 'line 2\n']]),
      set: new Map([['m1', '{}']]),
      drop: ['facts:m1:d2', 'never there'],
    }),
  );
  await own.release();
  const checkpoint = await (await rig.owned(0)).load();
  assert.equal(checkpoint.offset, second);
  assert.deepEqual(
    checkpoint.fields,
    new Map([
      ['m1', '{}'],
      ['__proto__', '{"polluted":false}'],
      ['', ''],
    ]),
  );
  assert.deepEqual(
    checkpoint.texts,
    new Map([
      ['a {brace} and a blank', 'x'],
      ['facts:m1:d1', 'line 1\nline 2\n'],
    ]),
  );
});

test('a text that is dropped and appended in one step begins anew', async () => {
  const own = await rig.owned(1);
  await own.commit(changesOf('1-1', { append: new Map([['t', 'old']]) }));
  await own.commit(changesOf('1-2', { append: new Map([['t', 'new']]), drop: ['t'] }));
  assert.deepEqual((await own.load()).texts, new Map([['t', 'new']]));
});

test('outputs and dead letters of a step arrive with it, in order, outputs in entries of a readable size', async () => {
  const own = await rig.owned(2);
  const outputs = Array.from({ length: 1_201 }, (_, i) => outputOf(`unit-${i}`, i));
  const long = Array.from({ length: 3 }, (_, i) => outputOf('x'.repeat(150_000), i));
  await own.commit(
    changesOf('1-1', { outputs, deadLetters: [letterOf('{"bad":1}'), letterOf('{"bad":2}', { count: 7 })] }),
  );
  await own.commit(changesOf('1-2', { outputs: long }));
  await own.commit(changesOf('1-3'));
  const entries = await rig.journal.outbox.read(2, '0-0', 100);
  assert.deepEqual(
    entries.map(entry => [entry.id, entry.outputs.length]),
    [
      ['1-1', 500],
      ['1-2', 500],
      ['1-3', 201],
      ['2-1', 1],
      ['2-2', 1],
      ['2-3', 1],
    ],
  );
  assert.deepEqual(
    entries.flatMap(entry => entry.outputs),
    [...outputs, ...long],
  );
  const letters = await rig.journal.deadLetters.list({ partition: 2, countMax: 10 });
  assert.deepEqual(
    letters.map(kept => kept.letter.event),
    ['{"bad":2}', '{"bad":1}'],
  );
  const counts = await rig.journal.counts(2);
  assert.deepEqual([counts.outputs, counts.deadLettered, counts.commits], [1_204, 8, 3]);
});

test('a step of many MB and tens of thousands of parts goes in whole', async () => {
  const own = await rig.owned(3);
  const append = new Map(Array.from({ length: 9_000 }, (_, i) => [`t${i}`, 'x'.repeat(500)] as const));
  const set = new Map(Array.from({ length: 20_000 }, (_, i) => [`f${i}`, `"${i}"`] as const));
  await own.commit(changesOf('1-1', { append, set }));
  const checkpoint = await own.load();
  assert.deepEqual([checkpoint.texts.size, checkpoint.fields.size], [9_000, 20_000]);
  await own.commit(changesOf('1-2', { drop: [...append.keys()] }));
  assert.equal((await own.load()).texts.size, 0);
});

test('an owner whose fence was taken over commits nothing, and learns that it is lost', async () => {
  const zombie = await rig.owned(4);
  await zombie.commit(changesOf('1-1', { set: new Map([['m', '1']]) }));
  const other = await openedJournal(rig.redis.url);
  assert.equal(await other.own(4), null, 'while its lease runs nobody else may have it');
  await rig.redis.command('HSET', 'oee:{p004}:meta', 'lease', 0);
  const heir = await rig.owned(4, other);
  assert.equal(heir.fence, zombie.fence + 1);
  const before = await everythingOf(4);
  const step = changesOf('1-2', {
    append: new Map([['t', 'x']]),
    set: new Map([['m', '2']]),
    outputs: [outputOf('m')],
    deadLetters: [letterOf('{}')],
  });
  await assert.rejects(zombie.commit(step), { code: 'OEE_JOURNAL_LOST_OWNERSHIP' });
  assert.deepEqual(await everythingOf(4), before);
  assert.ok((await zombie.lost) instanceof LostOwnership);
  await assert.rejects(zombie.commit(step), LostOwnership);
  await heir.commit(step);
  await other.close();
});

test('a fence that was counted anew after a fail-over does not let two owners in', async () => {
  const first = await rig.owned(5);
  const other = await openedJournal(rig.redis.url);
  // The promoted replica had not seen our claim: it gives the same fence to somebody else.
  await rig.redis.command('DEL', 'oee:{p005}:meta');
  const second = await rig.owned(5, other);
  assert.equal(second.fence, first.fence);
  const before = await everythingOf(5);
  await assert.rejects(first.commit(changesOf('1-1', { set: new Map([['m', '1']]) })), LostOwnership);
  assert.deepEqual(await everythingOf(5), before);
  await other.close();
});

for (const [what, field, value] of [
  ['offset', 'offset', '9-9'],
  ['checkpoint', 'cp', '7'],
] as const) {
  test(`a step that did not begin at the committed ${what} is refused whole`, async () => {
    const partition = what === 'offset' ? 6 : 7;
    const own = await rig.owned(partition);
    await own.commit(changesOf('1-1'));
    await rig.redis.command('HSET', `oee:{p00${partition}}:meta`, field, value);
    const before = await everythingOf(partition);
    const step = changesOf('1-2', { append: new Map([['t', 'x']]), outputs: [outputOf('m')] });
    await assert.rejects(own.commit(step), /fell back/);
    assert.deepEqual(await everythingOf(partition), before);
    assert.ok((await own.lost) instanceof LostOwnership);
  });
}

test('a step that Redis refuses changes nothing at all', async () => {
  const own = await rig.owned(14);
  await own.commit(changesOf('1-1', { set: new Map([['m', '1']]) }));
  // Somebody wrote into our outbox, beyond the id that comes next.
  await rig.redis.command('XADD', 'oee:{p014}:out', '99-1', 'n', 0, 'c', 0, 'o', '');
  const before = await everythingOf(14);
  const step = changesOf('1-2', {
    append: new Map([['t', 'x']]),
    set: new Map([['m', '2']]),
    outputs: [outputOf('m')],
  });
  await assert.rejects(own.commit(step), { code: 'OEE_JOURNAL_FAULT' });
  assert.deepEqual(await everythingOf(14), before);
});

test('two commits at once are refused: their order is their meaning', async () => {
  const own = await rig.owned(12);
  const first = own.commit(changesOf('1-1'));
  await assert.rejects(own.commit(changesOf('1-2')), { code: 'OEE_JOURNAL_COMMIT_OVERLAP' });
  await first;
  await own.commit(changesOf('1-2'));
  assert.equal((await own.load()).offset, '1-2');
});

test('a committed text that somebody deleted is an error, never a quietly smaller state', async () => {
  const own = await rig.owned(13);
  await own.commit(changesOf('1-1', { append: new Map([['facts', 'x']]) }));
  await rig.redis.command('DEL', 'oee:{p013}:t:facts');
  await assert.rejects(own.load(), { code: 'OEE_JOURNAL_STATE_MISSING' });
});
