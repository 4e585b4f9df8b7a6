// Webhook routes: receivers can be asked after, tested and held back; dead letters of theirs go again; with the rights of the README.
// In: the routes on a real journal, as the README's user. Out: answers; what waits.
// Touches a child redis-server.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FastifyInstance, fastify } from 'fastify';
import { type DeliveryNote, letterOfMessage } from '../../src/core/webhook-queue.ts';
import { deadLetterRoutes } from '../../src/engine/dead-letter-routes.ts';
import { receiverChecks } from '../../src/engine/receiver-view.ts';
import { webhookRoutes } from '../../src/engine/webhook-routes.ts';
import { readWebhookSecrets } from '../../src/webhook-secrets.ts';
import { madeUpReceiver } from '../support/made-up-news.ts';
import { type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import { ruleOfReadme } from '../support/rule-of-readme.ts';
import { TRIAL_SECRET } from '../support/webhook-stage.ts';

const NOW = Date.UTC(2026, 10, 22, 12);
const receivers = [madeUpReceiver('erp', 'https://erp.example.com/oee?key=secret')];
let redis: RedisChild;
let journal: OpenedJournal;
let app: FastifyInstance;

before(async () => {
  redis = await startRedisChild();
  await redis.command(...ruleOfReadme('secret'));
  journal = await openedJournal(redis.url.replace('//', '//oee:secret@'), { partitions: 2 });
  app = fastify();
  await app.register(webhookRoutes, { queues: journal.webhooks, receivers, partitions: [0, 1], now: () => NOW });
  await app.register(deadLetterRoutes, {
    ...{ letters: journal.deadLetters, tally: journal.tally, partitionOf: journal.partitionOf },
    ...{ plant: () => null, now: () => NOW, partitions: [0, 1] },
  });
});
after(async () => {
  await app?.close();
  await journal?.close();
  await redis?.close();
});

interface Told {
  readonly url: string;
  readonly standing: string;
  readonly waiting: number;
  readonly lastFailure: string | null;
  readonly counts: { readonly failed: number };
}
const theErp = async (): Promise<Told> => (await app.inject('/v1/webhooks')).json().receivers[0];
const note = (attempt: number, more: Partial<DeliveryNote> = {}): DeliveryNote => ({
  ...{ at: NOW + attempt, id: 'msg_1', type: 'test', unit: '', attempt, status: 500, ms: 7, outcome: 'again' },
  ...{ code: 'OEE_WEBHOOK_STATUS', message: 'status 500', ...more },
});

test('a test waits until it is delivered; what failed is in the log; who fails again and again is away, and told so', async () => {
  assert.deepEqual(await theErp().then(({ standing, waiting, url }) => [standing, waiting, url]), [
    ...['ok', 0, 'https://erp.example.com/oee'],
  ]);
  const answer = await app.inject({ method: 'POST', url: '/v1/webhooks/erp/test' });
  assert.equal(answer.statusCode, 202);
  const [waiting] = await journal.webhooks.read(0, 'erp', '0-0', 10);
  assert.equal(waiting?.message.id, answer.json().id);
  const entry = waiting?.entry ?? '';
  for (let n = 1; n <= 5; n++) await journal.webhooks.note(0, 'erp', entry, note(n), { attempts: n, nextAt: n });
  const told = await theErp();
  assert.deepEqual([told.standing, told.waiting, told.counts.failed], ['away', 1, 5]);
  assert.equal(told.lastFailure, 'OEE_WEBHOOK_STATUS');
  const { deliveries } = (await app.inject('/v1/webhooks/erp/deliveries?count=2')).json();
  assert.deepEqual(
    deliveries.map((each: DeliveryNote) => each.attempt),
    [5, 4],
  );
  const [check] = receiverChecks({ queues: journal.webhooks, receivers, partitions: [0, 1] });
  assert.equal(check?.required, false, 'an engine whose receiver is away is ready');
  assert.match((await check?.check()) ?? '', /away .*1 message waits/);
  await journal.webhooks.note(0, 'erp', entry, note(6, { outcome: 'delivered', status: 200, code: null }), null);
  assert.equal((await theErp()).standing, 'ok');
  assert.equal(await check?.check(), null);
});

test('a receiver is held back and goes on by a word; one that nobody knows is not there', async () => {
  const pause = { method: 'POST' as const, url: '/v1/webhooks/erp/pause' };
  assert.equal((await app.inject(pause)).statusCode, 400, 'by whom, and why');
  await app.inject({ ...pause, payload: { by: 'anna', why: 'upgrade' } });
  assert.equal((await theErp()).standing, 'paused');
  await app.inject({ method: 'POST', url: '/v1/webhooks/erp/resume' });
  assert.equal((await theErp()).standing, 'ok');
  for (const [method, url] of [
    ['GET', 'none/deliveries'],
    ['POST', 'none/test'],
    ['POST', 'none/resume'],
  ] as const) {
    const answer = await app.inject({ method, url: `/v1/webhooks/${url}` });
    assert.deepEqual([answer.statusCode, answer.json().code], [404, 'OEE_SERVER_NO_RECEIVER']);
  }
});

test('a dead letter of a webhook is replayed under its id and has its three days again', async () => {
  const message = { id: 'msg_9', unit: 'filler', type: 'test' as const, body: '{}', at: 1 };
  await journal.webhooks.add(1, 'erp', message);
  const [waiting] = await journal.webhooks.read(1, 'erp', '0-0', 1);
  const letter = letterOfMessage('erp', message, { code: 'OEE_WEBHOOK_EXPIRED', message: 'no', remedy: 'mend' });
  await journal.webhooks.note(1, 'erp', waiting?.entry ?? '', note(9, { outcome: 'dead' }), letter);
  const [kept] = (await app.inject('/v1/dead-letters')).json().deadLetters;
  const replayed = await app.inject({ method: 'POST', url: `/v1/dead-letters/1/${kept.id}/replay` });
  assert.equal(replayed.statusCode, 200, replayed.body);
  const [again] = await journal.webhooks.read(1, 'erp', '0-0', 10);
  assert.deepEqual(again?.message, { ...message, at: NOW });
});

test('secrets come from the environment, and every one that is missing or none is told at once, without its value', () => {
  const both = [madeUpReceiver('erp', ''), madeUpReceiver('pager', '')];
  const read = (environment: Readonly<Record<string, string>>) => readWebhookSecrets(both, environment);
  assert.deepEqual(read({ SECRET_ERP: TRIAL_SECRET, SECRET_PAGER: TRIAL_SECRET }).get('pager'), [TRIAL_SECRET]);
  assert.throws(
    () => read({ SECRET_PAGER: 'hunter2' }),
    (error: Error & { code?: string; remedy?: string }) =>
      error.code === 'OEE_CONFIG' &&
      /SECRET_ERP.*is not set; SECRET_PAGER.*is not whsec_/.test(error.message) &&
      !error.message.includes('hunter2') &&
      /openssl/.test(error.remedy ?? ''),
  );
});
