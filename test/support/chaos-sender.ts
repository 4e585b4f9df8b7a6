// Chaos sender: a gateway that sends batch after batch, each again and again until it is told that it is held.
// In: batches, a door, who is to be let through first. Out: receipts.
// Touches HTTP only.

import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import type { ChaosBatch } from './chaos-voice.ts';

export interface Receipts {
  sent: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** answers that were no yes, and answers that never came */
  refusals: number;
}

/** Many times as long as anything here stays away: then the test has failed. */
const REFUSALS_MAX = 3_000;
const AGAIN_MS = 50;
const ANSWER_MAX_MS = 20_000;

interface Answer {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly unknown[];
}

/** @param before called before each batch with its place; what it waits for is waited for */
export async function sendAll(
  url: string,
  batches: Iterable<ChaosBatch>,
  receipts: Receipts,
  before: () => Promise<void>,
): Promise<void> {
  for (const batch of batches) {
    await before();
    const { accepted, duplicates, rejected } = await untilHeld(url, JSON.stringify(batch), receipts);
    assert.equal(accepted + duplicates + rejected.length, batch.length, 'every event has its answer');
    receipts.sent += batch.length;
    receipts.accepted += accepted;
    receipts.duplicates += duplicates;
    receipts.rejected += rejected.length;
  }
}

async function untilHeld(url: string, body: string, receipts: Receipts): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  for (let refusals = 0; refusals < REFUSALS_MAX; refusals += 1) {
    try {
      const signal = AbortSignal.timeout(ANSWER_MAX_MS);
      const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body, signal });
      const said = (await answer.json()) as Answer;
      if (answer.status === 202) return said;
      assert.ok(answer.status === 503 || answer.status === 429, `${answer.status}: ${JSON.stringify(said)}`);
    } catch (error) {
      if (error instanceof assert.AssertionError) throw error;
    }
    receipts.refusals += 1;
    await wait(AGAIN_MS);
  }
  throw new Error('never taken');
}
