// Webhook delivery: receivers that misbehave in every way they can, at real ports, and what becomes of their messages.
// In: a real Redis, real HTTP servers, a clock that leaps. Out: laws about order, identity, signatures, patience and the end of it.
// Touches a child redis-server, loopback sockets.

import assert from 'node:assert/strict';
import { after, afterEach, before, mock, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { HOUR_MS } from '../../src/core/time.ts';
import { type Arrived, startTrialReceiver, type TrialReceiver } from '../../src/demo/trial-receiver.ts';
import { LeapingClock } from '../support/leaping-clock.ts';
import { madeUpAlert, madeUpConfirmation, madeUpReceiver, madeUpReport } from '../support/made-up-news.ts';
import { type OpenedJournal, openedJournal } from '../support/opened-journal.ts';
import { type RedisChild, startRedisChild } from '../support/redis-child.ts';
import {
  OLD_SECRET,
  type StageOptions,
  TRIAL_SECRET,
  type WebhookStage,
  webhookStage,
} from '../support/webhook-stage.ts';

/** Short, for receivers that hang; whoever is late by accident is asked again. */
const IMPATIENT = { connectMs: 2_000, wholeMs: 2_000 };
const START = Date.UTC(2026, 10, 22, 12);

let redis: RedisChild;
before(async () => {
  redis = await startRedisChild();
});
after(() => redis?.close());

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

interface Trial {
  readonly receiver: TrialReceiver;
  readonly arrived: Arrived[];
}

async function trialOf(...answers: string[]): Promise<Trial> {
  const arrived: Arrived[] = [];
  const onArrived = (each: Arrived): void => void arrived.push(each);
  const receiver = await startTrialReceiver({ port: 0, secrets: [], answers, ledgerFile: null, onArrived });
  closers.push(() => receiver.close());
  return { arrived, receiver };
}

async function journalOf(prefix: string): Promise<OpenedJournal> {
  const journal = await openedJournal(redis.url, { prefix, partitions: 1 });
  closers.push(() => journal.close());
  return journal;
}

async function stageOf(options: StageOptions): Promise<WebhookStage> {
  const stage = await webhookStage(options);
  closers.push(() => stage.close());
  return stage;
}

/** The library checks the time of a message by the computer's clock: here it shows what the message says. */
function verify({ body, id, timestamp, signature }: Arrived, secret: string): void {
  mock.timers.enable({ apis: ['Date'], now: Number(timestamp) * 1_000 });
  try {
    new Webhook(secret).verify(body, {
      ...{ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature },
    });
  } finally {
    mock.timers.reset();
  }
}

const UNITS = ['filler', 'capper', 'packer'];
const said = (good: number) =>
  UNITS.flatMap(unit => [
    madeUpAlert(unit, 0),
    madeUpConfirmation(unit, 0, good, null),
    madeUpReport(unit),
    madeUpConfirmation(unit, 1, good + 5, good),
    madeUpAlert(unit, 1, { news: 'resolved', status: 'resolved', resolvedAt: START }),
    madeUpConfirmation(unit, 2, good - 7, good + 5),
  ]);
const MESSAGES = UNITS.length * 6;

const unitOf = (body: string): string => (JSON.parse(body) as { data: { unit: string } }).data.unit;
const wordOf = (body: string): string => {
  const { type, data } = JSON.parse(body) as {
    type: string;
    data: { revision?: number; sequence?: number; result?: { revision: number } };
  };
  return `${type} ${data.revision ?? data.sequence ?? data.result?.revision ?? 0}`;
};
const IN_ORDER = [
  'alert.raised 0',
  'confirmation 0',
  'report.shift 0',
  'confirmation.restated 1',
  'alert.resolved 1',
  'confirmation.restated 2',
];

/** What a receiver took in for the first time, per unit, in the order in which it came. */
function takenPerUnit({ arrived }: Trial): Map<string, string[]> {
  const units = new Map<string, string[]>();
  for (const { body, reception } of arrived.filter(each => each.reception === 'new')) {
    assert.equal(reception, 'new');
    units.set(unitOf(body), [...(units.get(unitOf(body)) ?? []), wordOf(body)]);
  }
  return units;
}

test('however receivers misbehave, everything arrives in order, under one id and in the same bytes, signed; nobody else waits', async () => {
  const journal = await journalOf('manners');
  const clock = new LeapingClock(START);
  const byDate = `429:${new Date(START + 1_800_000).toUTCString()}`;
  const scripts: Readonly<Record<string, readonly string[]>> = {
    good: [],
    limits: ['429:7', byDate, '503:60'],
    breaks: ['500', '502', '500'],
    hangs: ['hang', 'hang'],
    resets: ['reset', 'reset'],
    late: ['late:4000', 'late:4000'],
    redirects: ['redirect', 'redirect:http://127.0.0.1:1/'],
    huge: ['huge', 'huge'],
    moves: [],
  };
  const trials = new Map<string, Trial>();
  for (const [name, answers] of Object.entries(scripts)) trials.set(name, await trialOf(...answers));
  const trialNamed = (name: string): Trial => trials.get(name) ?? assert.fail(name);
  const addresses = [['10.0.0.1'], ['127.0.0.1', '169.254.169.254'], ['::ffff:192.168.1.1'], []];
  const resolve = async (host: string): Promise<readonly string[]> =>
    host === 'moves.test' ? (addresses.shift() ?? ['127.0.0.1']) : assert.fail(host);
  const receivers = [...trials].map(([name, { receiver }]) =>
    madeUpReceiver(name, name === 'moves' ? receiver.url.replace('127.0.0.1', 'moves.test') : receiver.url),
  );
  const stage = await stageOf({ journal, receivers, clock, resolve, waits: IMPATIENT });
  await stage.say(...said(1_000));
  await stage.until(async () => (await stage.waiting()) === 0);
  for (const [name, trial] of trials) {
    const taken = takenPerUnit(trial);
    for (const unit of UNITS) assert.deepEqual(taken.get(unit), IN_ORDER, `${name}, ${unit}`);
    assert.deepEqual(trial.receiver.ledger.broken, [], name);
    assert.equal(trial.receiver.ledger.size, MESSAGES);
    assert.equal(new Set(trial.arrived.map(({ id }) => id)).size, MESSAGES, `${name}: no second id`);
    const bytes = new Set(trial.arrived.map(({ id, body }) => `${id} ${body}`));
    assert.equal(bytes.size, MESSAGES, `${name}: the same bytes each time`);
    for (const arrived of trial.arrived) for (const secret of [TRIAL_SECRET, OLD_SECRET]) verify(arrived, secret);
  }
  assert.ok(trialNamed('late').arrived.filter(({ reception }) => reception === 'repeat').length >= 2);
  assert.ok(trialNamed('redirects').arrived.length >= MESSAGES + 2, 'not followed: the message comes again');
  const codes = (name: string) =>
    journal.webhooks.log(0, name, 100).then(notes => new Set(notes.map(({ code }) => code)));
  assert.ok((await codes('moves')).has('OEE_WEBHOOK_ADDRESS'));
  assert.ok((await codes('hangs')).has('OEE_WEBHOOK_TIMEOUT'));
  assert.ok((await codes('resets')).has('OEE_WEBHOOK_CONNECTION'));
  const delays = (name: string) => journal.webhooks.log(0, name, 100).then(notes => notes.map(({ at }) => at - START));
  assert.ok(Math.max(...(await delays('good'))) < 1_800_000, 'who is well does not wait for who asked for patience');
  assert.deepEqual(await journal.deadLetters.list({ countMax: 10 }), []);
});

test('a receiver is not asked again before the time that it named', async () => {
  const journal = await journalOf('patience');
  const clock = new LeapingClock(START);
  const trial = await trialOf('429:1800');
  const stage = await stageOf({ journal, receivers: [madeUpReceiver('erp', trial.receiver.url)], clock });
  await stage.say(madeUpConfirmation('filler', 0, 10, null));
  await stage.say(madeUpConfirmation('capper', 0, 10, null));
  assert.equal(trial.arrived.length, 1, 'news of another unit waits, too');
  await stage.until(async () => (await stage.waiting()) === 0);
  assert.ok(clock.now() >= START + 1_800_000, 'half an hour was asked for');
  assert.equal(trial.arrived.length, 3);
});

test('who is away for 75 hours finds what is younger than three days in order, and the rest in the dead letters, to be replayed', async () => {
  const journal = await journalOf('away');
  const clock = new LeapingClock(START);
  const [trial, good] = [await trialOf('500*'), await trialOf()];
  const receivers = [madeUpReceiver('erp', trial.receiver.url), madeUpReceiver('good', good.receiver.url)];
  const stage = await stageOf({ journal, receivers, clock });
  await stage.say(...said(1_000));
  await stage.reach(START + 40 * HOUR_MS);
  await stage.say(madeUpConfirmation('filler', 3, 1_000, 993), madeUpReport('filler', 1));
  const asked = trial.arrived.length;
  await stage.reach(START + 75 * HOUR_MS);
  assert.ok(trial.arrived.length < asked + 1_000, 'a receiver that is away is asked now and then');
  trial.receiver.script([]);
  await stage.until(async () => (await stage.waiting()) === 0);
  assert.ok(clock.now() <= START + 77 * HOUR_MS, 'it waits no more than an hour or so when it is back');
  assert.equal(good.receiver.ledger.size, MESSAGES + 2);
  const letters = await journal.deadLetters.list({ countMax: 100 });
  assert.equal(letters.length, MESSAGES);
  assert.deepEqual(new Set(letters.map(({ letter }) => letter.code)), new Set(['OEE_WEBHOOK_EXPIRED']));
  const late = trial.arrived
    .filter(({ answer, reception }) => answer === '200' && reception !== 'repeat')
    .map(({ body }) => wordOf(body));
  assert.deepEqual(late, ['confirmation.restated 3', 'report.shift.restated 1']);
  assert.deepEqual(trial.receiver.ledger.broken.length, 1, 'a ledger sees that the beginning is missing');
  const state = await journal.webhooks.state(0, 'erp');
  assert.deepEqual([state.counts.delivered, state.counts.dead, state.row], [2, MESSAGES, 0]);
  for (const { id } of [...letters].reverse()) assert.ok(await journal.deadLetters.replay(0, id));
  await stage.until(async () => (await stage.waiting()) === 0);
  const ids = new Set(trial.arrived.map(({ id }) => id));
  assert.equal(ids.size, MESSAGES + 2, 'under the ids that they had');
});

test('410 Gone holds a receiver back until a person lets it go on; 422 again and again is a dead letter, and the next one goes', async () => {
  const journal = await journalOf('gone');
  const clock = new LeapingClock(START);
  const [gone, picky] = [await trialOf('410'), await trialOf('422', '422', '422', '422', '422')];
  const receivers = [madeUpReceiver('gone', gone.receiver.url), madeUpReceiver('picky', picky.receiver.url)];
  const stage = await stageOf({ journal, receivers, clock });
  await stage.say(madeUpConfirmation('filler', 0, 1, null), madeUpAlert('filler'));
  await stage.until(async () => (await journal.webhooks.length(0, 'picky')) === 0);
  assert.deepEqual(picky.arrived.map(({ body }) => wordOf(body)).slice(4), ['confirmation 0', 'alert.raised 0']);
  await stage.reach(clock.now() + 5 * HOUR_MS);
  assert.equal(gone.arrived.length, 1);
  assert.match((await journal.webhooks.pauses()).get('gone')?.why ?? '', /410/);
  const codes = (await journal.deadLetters.list({ countMax: 10 })).map(({ letter }) => letter.code);
  assert.deepEqual(codes.sort(), ['OEE_WEBHOOK_GONE', 'OEE_WEBHOOK_REFUSED']);
  await journal.webhooks.pause('gone', null);
  await stage.until(async () => (await stage.waiting()) === 0);
  assert.deepEqual(gone.arrived.map(({ body }) => wordOf(body)).slice(1), ['alert.raised 0']);
});
