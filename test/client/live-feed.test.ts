// Live feed: what a slow reader of a feed gets: the newest of everything, in bounds, and never a wrong one.
// In: words as a link would hear them. Out: what is read, what the book says.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FeedWord, LiveFeed } from '../../src/client/live-feed.ts';
import type { LiveLink, LiveWord } from '../../src/client/live-link.ts';
import { alertToWire } from '../../src/core/alert-to-wire.ts';
import { resultToWire, stateToWire } from '../../src/core/result-to-wire.ts';
import { madeUpAlert } from '../support/made-up-news.ts';
import { madeUpResult, madeUpState, T0 } from '../support/made-up-outputs.ts';

const HOUR_MS = 3_600_000;
const result = (unit: string, start: number, edge: number, revision = 0): LiveWord => ({
  op: 'result',
  result: resultToWire(madeUpResult(unit, 'shift', { start, edge: start + edge, revision })),
});
const snapshot = (...words: readonly LiveWord[]): LiveWord => ({
  op: 'snapshot',
  results: words.flatMap(word => (word.op === 'result' ? [word.result] : [])),
  states: words.flatMap(word => (word.op === 'state' ? [word.state] : [])),
  alerts: words.flatMap(word => (word.op === 'alert' ? [word.alert] : [])),
});
const alert = (sequence: number, status: 'active' | 'resolved' = 'active'): LiveWord => ({
  op: 'alert',
  alert: alertToWire(madeUpAlert('filler', sequence, { status })),
});

function openFeed() {
  const acts: string[] = [];
  const link = { restart: () => acts.push('restart'), close: () => acts.push('close') } as unknown as LiveLink;
  const feed = new LiveFeed(
    () => undefined,
    async () => link,
  );
  return { feed, acts };
}

/** Reads what waits now, and hangs up. */
async function readAll(feed: LiveFeed, last: string): Promise<FeedWord[]> {
  const words: FeedWord[] = [];
  feed.hear({ op: 'error', code: last, message: '', remedy: '' });
  for await (const word of feed) {
    if (word.op === 'error' && word.code === last) break;
    words.push(word);
  }
  return words;
}

test('a slow reader gets each window’s newest once, in the order in which they became true', async () => {
  const { feed, acts } = openFeed();
  for (let edge = 1; edge <= 1_000; edge += 1) feed.hear(result('filler', T0, edge));
  feed.hear(result('filler', T0 - 8 * HOUR_MS, HOUR_MS, 1));
  feed.hear(result('capper', T0, 5));
  const words = await readAll(feed, 'end');
  assert.deepEqual(
    words.map(word => (word.op === 'result' ? [word.result.unit, word.result.window.edge] : word.op)),
    [
      ['filler', new Date(T0 + 1_000).toISOString()],
      ['filler', new Date(T0 - 7 * HOUR_MS).toISOString()],
      ['capper', new Date(T0 + 5).toISOString()],
    ],
  );
  // yesterday's restated shift is news, but not what is so now
  assert.equal(feed.book.result('filler', 'shift')?.window.start, new Date(T0).toISOString());
  assert.deepEqual(acts, ['close'], 'whoever stops reading hangs up');
});

test('a snapshot says all there is: what it does not name is not known any more, what it knows less of stays', async () => {
  const { feed } = openFeed();
  const state: LiveWord = { op: 'state', state: stateToWire(madeUpState('filler')) };
  feed.hear(snapshot(result('filler', T0, 9), result('gone', T0, 9), state, alert(3)));
  assert.equal(feed.book.alerts().length, 1);
  feed.hear(result('filler', T0, 20));
  feed.hear(snapshot(result('filler', T0, 12)));
  assert.equal(feed.book.result('filler', 'shift')?.window.edge, new Date(T0 + 20).toISOString());
  assert.deepEqual(
    [feed.book.result('gone', 'shift'), feed.book.state('filler'), feed.book.alerts()],
    [null, null, []],
  );
  const words = await readAll(feed, 'end');
  assert.deepEqual(
    words.map(({ op }) => op),
    ['snapshot'],
    'what a snapshot says is not said before it, too',
  );
});

test('an alert is active until it is over, whatever came late', () => {
  const { feed } = openFeed();
  feed.hear(alert(2));
  feed.hear(alert(1));
  assert.equal(feed.book.alerts()[0]?.sequence, 2);
  feed.hear(alert(3, 'resolved'));
  assert.deepEqual(feed.book.alerts(), []);
});

test('more than can wait is forgotten with a gap, and the link begins anew', async () => {
  const { feed, acts } = openFeed();
  const reading = feed[Symbol.asyncIterator]();
  feed.hear(result('filler', T0, 1));
  await reading.next();
  for (let n = 0; n <= 10_000; n += 1) feed.hear(result(`m${n}`, T0, 1));
  assert.deepEqual(acts, ['restart']);
  assert.deepEqual((await reading.next()).value, { op: 'gap' });
  await reading.return();
});
