// Webhook messages: who is told of what, under which id, in which words; and what an answer means.
// In: made-up news, receivers, answers. Out: laws that hold.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AlertRule } from '../../src/core/alert-rule.ts';
import { outputToMessage } from '../../src/sinks/webhook/output-to-message.ts';
import type { PostAnswer } from '../../src/sinks/webhook/post-pinned.ts';
import { RETRY_AFTER_MAX_MS, retryAfterMs, verdictOf } from '../../src/sinks/webhook/retry-plan.ts';
import { secretTrouble } from '../../src/sinks/webhook/sign-message.ts';
import { whoWants } from '../../src/sinks/webhook/who-wants.ts';
import { madeUpAlert, madeUpConfirmation, madeUpReceiver, madeUpReport } from '../support/made-up-news.ts';
import { madeUpState } from '../support/made-up-outputs.ts';

test('the same news has the same id and the same bytes in every life; other news has another', () => {
  const news = () => [
    madeUpAlert('filler', 0),
    madeUpAlert('filler', 1),
    madeUpAlert('capper', 0),
    madeUpConfirmation('filler', 0, 10, null),
    madeUpConfirmation('filler', 1, 12, 10),
    madeUpReport('filler', 0),
    madeUpReport('filler', 1),
  ];
  const messages = news().map(outputToMessage);
  assert.deepEqual(news().map(outputToMessage), messages);
  assert.equal(new Set(messages.map(message => message?.id)).size, messages.length);
  for (const message of messages) assert.match(message?.id ?? '', /^msg_[A-Za-z0-9_-]{32}$/);
  assert.equal(outputToMessage(madeUpState('filler')), null);
});

test('a restatement names what it restates and carries both tallies and the difference', () => {
  const message = outputToMessage(madeUpConfirmation('filler', 2, 90, 100));
  const { type, data } = JSON.parse(message?.body ?? '');
  assert.equal(type, 'confirmation.restated');
  assert.equal(data.id, 'filler:PO-1:2026-11-22T06:00:00.000Z');
  assert.deepEqual([data.revision, data.restates.revision], [2, 1]);
  assert.deepEqual([data.restates.tally.good, data.tally.good, data.difference.good], [100, 90, -10]);
});

test('an alert of very many machines says how many are not named', () => {
  const members = Array.from({ length: 1_000 }, (_, n) => ({ unit: `m${n}`, since: 0, until: null, value: null }));
  const { data } = JSON.parse(outputToMessage(madeUpAlert('line-1', 0, { members }))?.body ?? '');
  assert.deepEqual([data.members.length, data.membersMore], [100, 900]);
});

const rule = (to: readonly string[]): AlertRule => ({
  ...{ id: 'low', text: 'low', condition: { kind: 'quarantined' }, forMs: 0, severity: 'warning', units: [] },
  ...{ togetherMs: 0, flapMs: 0, quiet: [], escalation: [{ afterMs: 1, to }] },
});

test('a receiver hears what it wants, of its units, in its severities, and whatever names it', () => {
  const plant = {
    receivers: [
      madeUpReceiver('all', ''),
      madeUpReceiver('capper', '', { units: ['capper'] }),
      madeUpReceiver('loud', '', { severities: ['critical'] }),
      madeUpReceiver('boss', '', { types: [] }),
    ],
    alerts: [rule(['boss'])],
  };
  const wanting = whoWants(plant);
  const told = (output: Parameters<typeof wanting>[0]): string => {
    const message = outputToMessage(output);
    return wanting(output, message?.type ?? 'test').join(' ');
  };
  assert.equal(told(madeUpAlert('filler')), 'all');
  assert.equal(told(madeUpAlert('capper', 0, { severity: 'critical' })), 'all capper loud');
  assert.equal(told(madeUpAlert('filler', 0, { tell: 'none' })), '');
  assert.equal(told(madeUpAlert('filler', 1, { tell: ['boss'], news: 'escalated', escalated: 1 })), 'boss');
  assert.equal(told(madeUpAlert('filler', 2, { news: 'resolved', escalated: 1 })), 'all boss');
  assert.equal(told(madeUpConfirmation('capper', 0, 1, null)), 'all capper loud');
});

const answerOf = (status: number | null, retryAfter: string | null = null): PostAnswer => ({
  ...{ status, retryAfter, code: 'OEE_TEST', message: 'no', remedy: '' },
});

test('2xx is a yes; 410 a farewell; 400, 413, 422 are tried five times, all else for three days', () => {
  const judged = (status: number | null, attempts: number, hours: number): string =>
    verdictOf(answerOf(status), { attempts, ageMs: hours * 3_600_000, now: 0, random: 0.5 }).outcome;
  assert.deepEqual([judged(200, 1, 100), judged(204, 1, 0), judged(299, 1, 0)], Array(3).fill('delivered'));
  assert.equal(judged(410, 1, 0), 'dead');
  for (const status of [400, 413, 422])
    assert.deepEqual([judged(status, 4, 0), judged(status, 5, 0)], ['again', 'dead']);
  for (const status of [null, 302, 401, 404, 429, 500, 503]) {
    assert.deepEqual([judged(status, 99, 71.9), judged(status, 1, 72)], ['again', 'dead'], String(status));
  }
});

test('Retry-After is seconds or a date, an hour at most, and nonsense is nothing', () => {
  const now = Date.UTC(2026, 10, 22);
  assert.equal(retryAfterMs('120', now), 120_000);
  assert.equal(retryAfterMs(new Date(now + 60_000).toUTCString(), now), 60_000);
  assert.equal(retryAfterMs('999999', now), RETRY_AFTER_MAX_MS);
  for (const text of [null, '', 'soon', '-5', new Date(now - 60_000).toUTCString()])
    assert.equal(retryAfterMs(text, now), 0);
});

test('a secret that is none is told without being shown', () => {
  assert.equal(secretTrouble(`whsec_${Buffer.alloc(24, 1).toString('base64')}`), null);
  assert.match(secretTrouble('hunter2') ?? '', /is not whsec_/);
  assert.match(secretTrouble('whsec_c2hvcnQ=') ?? '', /holds 5 bytes/);
});
