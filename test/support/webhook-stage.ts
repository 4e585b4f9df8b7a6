// Webhook stage: outputs that go through a real journal and its outbox to receivers at real ports, under a clock that leaps.
// In: a journal, receivers, what happens at their names. Out: every attempt as it arrived; ways to say more, and to wait for the end.
// Touches Redis and loopback sockets through what it is given.

import { setTimeout as wait } from 'node:timers/promises';
import type { ReceiverModel } from '../../src/core/receiver.ts';
import type { Output } from '../../src/core/result.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { deliver } from '../../src/sinks/deliver.ts';
import type { PostWaits, Resolve } from '../../src/sinks/webhook/post-pinned.ts';
import { type WebhookDispatcher, webhookDispatcher } from '../../src/sinks/webhook/webhook-dispatcher.ts';
import { webhookSink } from '../../src/sinks/webhook/webhook-sink.ts';
import type { LeapingClock } from './leaping-clock.ts';
import { batchOf, changesOf, type OpenedJournal } from './opened-journal.ts';

export const TRIAL_SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const OLD_SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const IDLE_MS = 3_600_000;

export interface WebhookStage {
  readonly dispatcher: WebhookDispatcher;
  /** Commits outputs and resolves when they wait in the queues. */
  say(...outputs: Output[]): Promise<void>;
  /** Lets time leap until it is so; fails when nothing can happen any more. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
  /** Lets time leap to an instant, and everything that is due by then happen. */
  reach(instant: number): Promise<void>;
  waiting(): Promise<number>;
  close(): Promise<void>;
}

export interface StageOptions {
  readonly journal: OpenedJournal;
  readonly receivers: readonly ReceiverModel[];
  readonly clock: LeapingClock;
  readonly resolve?: Resolve;
  readonly waits?: PostWaits;
}

/** Nobody is late by accident. */
const WAITS: PostWaits = { connectMs: 20_000, wholeMs: 20_000 };
const PATIENCE_MS = 120_000;

export async function webhookStage(options: StageOptions): Promise<WebhookStage> {
  const { journal, receivers, clock } = options;
  const owned = await journal.own(0);
  if (owned === null) throw new Error('the partition has an owner');
  const say = sayer(journal, owned);
  let said = 0;
  const dispatcher = dispatcherOf(options);
  const plant = { receivers, alerts: [] };
  const sink = webhookSink({ plant, queues: journal.webhooks, now: clock.now, wake: dispatcher.wake });
  const outbox = deliver({
    sink,
    partitions: [0],
    outbox: journal.outbox,
    log: () => {},
    random: () => 0.5,
    idleMs: 5,
  });
  dispatcher.follow(0);
  /** every lane sleeps, nothing is on its way */
  const isQuiet = (): boolean =>
    clock.asleep === receivers.length && dispatcher.status().every(({ underWay }) => underWay === 0);
  const settle = (): Promise<void> => soon(isQuiet);
  return {
    dispatcher,
    say: async (...outputs) => {
      said += outputs.length;
      await say(outputs);
      await soon(() => outbox.status().delivered >= said);
      await settle();
    },
    until: async isSo => {
      await settle();
      for (const end = Date.now() + PATIENCE_MS; !(await isSo()); await settle()) {
        if (Date.now() > end) throw new Error('it never becomes so');
        clock.leap();
      }
    },
    reach: async instant => {
      while (clock.now() < instant) {
        await settle();
        clock.leap(instant);
      }
      await settle();
    },
    waiting: async () => {
      const lengths = await Promise.all(receivers.map(({ id }) => journal.webhooks.length(0, id)));
      return lengths.reduce((sum, each) => sum + each, 0);
    },
    close: async () => {
      await outbox.stop();
      await dispatcher.stop();
    },
  };
}

function dispatcherOf(options: StageOptions): WebhookDispatcher {
  const { journal, receivers, clock, resolve = async () => ['127.0.0.1'], waits = WAITS } = options;
  return webhookDispatcher({
    ...{ receivers, secretsOf: () => [TRIAL_SECRET, OLD_SECRET], queues: journal.webhooks, holds: () => true },
    ...{
      now: clock.now,
      random: () => 0.5,
      sleep: clock.sleep,
      post: { resolve, waits },
      log: () => {},
      idleMs: IDLE_MS,
    },
  });
}

async function soon(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + PATIENCE_MS; !isSo(); await wait(1)) {
    if (Date.now() > end) throw new Error('it never comes to rest');
  }
}

/** Commits what the engine would have said, step by step. */
function sayer(journal: OpenedJournal, owned: Ownership): (outputs: readonly Output[]) => Promise<void> {
  let steps = 0;
  return async outputs => {
    const { entry } = await journal.append(0, batchOf([`step-${steps++}`]));
    await owned.commit(changesOf(entry ?? '', { outputs }));
  };
}
