// Stop story and work job: which stops want a reason, which reasons come first, and what the page says of what it sent.
// In: stretches, doors that the test holds in its hands. Out: stops, suggestions, stages.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reasonsOf, stopsOf, suggestionsFor } from '../../src/web/stop-story.ts';
import type { Stretch } from '../../src/web/stretch.ts';
import { WorkRefused } from '../../src/web/work-desk.ts';
import { type Job, type JobDoors, type JobStage, pursue } from '../../src/web/work-job.ts';

const stretch = (from: number, to: number, more: Partial<Stretch>): Stretch => ({
  unit: 'filler',
  from,
  to,
  category: 'breakdown',
  state: 'HELD',
  reason: null,
  stopId: null,
  source: 'state',
  open: false,
  undecided: false,
  ...more,
});
const MACHINE = {
  id: 'filler',
  name: 'Filler',
  product: null,
  microStopMs: 0,
  silenceMs: null,
  state: null,
  reasons: {
    C1: { text: 'Format change', claim: 'setup' },
    E1: { text: 'Jam', claim: null },
    M1: { text: 'Material', claim: null },
  },
} as const;

test('only a breakdown that neither machine nor person explained needs a reason', () => {
  const stops = stopsOf(
    [
      stretch(0, 10, {}),
      stretch(10, 20, { state: 'STOPPING' }),
      stretch(20, 30, { category: 'producing' }),
      stretch(30, 40, { reason: 'E1' }),
      stretch(40, 50, { source: 'restatement' }),
      stretch(50, 60, { category: 'starved' }),
      stretch(60, 70, { source: 'calendar', category: 'plannedStop' }),
      stretch(70, 80, { category: 'microStop' }),
    ],
    100,
  );
  assert.deepEqual(
    stops.map(({ from, to, needsReason }) => [from, to, needsReason]),
    [
      [0, 20, true],
      [30, 40, false],
      [40, 50, false],
      [50, 60, false],
      [70, 80, false],
    ],
  );
});

test('the reason of the stop that it goes on from comes first, then that of the same word, then the most frequent', () => {
  const history = stopsOf(
    [
      stretch(0, 5, { reason: 'E1', state: 'ABORTED' }),
      stretch(10, 15, { reason: 'E1', state: 'ABORTED' }),
      stretch(20, 25, { reason: 'M1' }),
      stretch(90, 100, { reason: 'C1', category: 'setup', state: null }),
    ],
    200,
  );
  const reasons = reasonsOf(MACHINE, history);
  const order = (from: number, state: string): string[] =>
    suggestionsFor({ from, state }, reasons, history).map(({ code }) => code);
  assert.deepEqual(order(100, 'HELD'), ['C1', 'M1', 'E1']);
  assert.deepEqual(order(500, 'ABORTED')[0], 'E1');
  assert.deepEqual(suggestionsFor({ from: 0, state: null }, reasonsOf(MACHINE, []), []), []);
});

const JOB: Job = {
  event: { id: 'e', type: 'requalify', machine: 'filler' },
  unit: 'filler',
  text: '',
  at: 0,
  target: 'e',
  stands: true,
  stage: 'sending',
  before: null,
  after: null,
  trouble: null,
};

async function stagesOf(doors: Partial<JobDoors>): Promise<Job[]> {
  const said: Job[] = [];
  const none: JobDoors = {
    send: async () => undefined,
    shiftAt: async () => null,
    explain: async () => [],
    wait: async () => undefined,
  };
  await pursue(JOB, { ...none, ...doors }, job => said.push(job));
  return said;
}
const last = (jobs: readonly Job[]): JobStage | undefined => jobs.at(-1)?.stage;

test('what was never shown by the figures is never called so, and a refusal is another thing than a lost answer', async () => {
  assert.equal(last(await stagesOf({})), 'accepted');
  const refuse = async () =>
    Promise.reject(new WorkRefused({ code: 'OEE_EVENT_UNKNOWN_MACHINE', said: 'no such machine' }));
  assert.equal(last(await stagesOf({ send: refuse })), 'refused');
  const lost = await stagesOf({ send: async () => Promise.reject(new TypeError('no answer')) });
  assert.deepEqual([last(lost), lost.at(-1)?.trouble?.code], ['unsent', 'AWAY']);
});
