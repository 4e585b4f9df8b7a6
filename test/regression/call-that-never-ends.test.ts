// Regression: a call that the client library lost never settled; the roll-up of a partition then stood still for ever.
// In: a call that never ends, in mocked time. Out: an error that passes, so that the same call is made again.
// Touches mocked timers.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settledInTime } from '../../src/journal/call-bounds.ts';
import { JournalAway, toJournalError } from '../../src/journal/journal-error.ts';

test('a call that never ends is given up in time, as one that may be made again', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const lost = settledInTime(new Promise<never>(() => {}), 1_000);
  const heard = lost.catch(error => toJournalError('append', error));
  t.mock.timers.tick(60_000);
  assert.ok((await heard) instanceof JournalAway);
});

test('a call that ends is what it is, and leaves no timer behind', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  assert.equal(await settledInTime(Promise.resolve('done'), 1_000), 'done');
  await assert.rejects(settledInTime(Promise.reject(new Error('no')), 1_000), { message: 'no' });
  t.mock.timers.tick(60_000);
});
