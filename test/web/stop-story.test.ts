// Stop story and work job: which stops want a reason, which reasons come first, and what the page says of what it sent.
// In: stretches, doors that the test holds in its hands. Out: stops, suggestions, stages.
// Touches nothing.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { presentOf, reasonsOf, stopsOf, suggestionsFor } from '../../src/web/stop-story.ts';
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

/** Times of these stories are seconds. */
const told = (from: number, to: number, more: Partial<Stretch>): Stretch => stretch(from * 1000, to * 1000, more);
const listed = (stretches: readonly Stretch[], now: number): unknown[][] =>
  stopsOf(stretches, now * 1000).map(stop => [
    stop.from / 1000,
    stop.to / 1000,
    stop.needsReason ? 'needs' : stop.goesOn ? 'goes on' : (stop.reason ?? stop.category),
  ]);

test('only a breakdown that neither machine nor person explained needs a reason', () => {
  const stops = [
    told(0, 10, {}),
    told(10, 20, { state: 'STOPPING' }),
    told(20, 30, { category: 'producing' }),
    told(30, 40, { reason: 'E1' }),
    told(40, 50, { source: 'restatement' }),
    told(50, 60, { category: 'starved' }),
    told(60, 70, { source: 'calendar', category: 'plannedStop' }),
    told(70, 80, { category: 'microStop' }),
  ];
  assert.deepEqual(listed(stops, 100), [
    [0, 20, 'needs'],
    [30, 40, 'E1'],
    [40, 50, 'breakdown'],
    [50, 60, 'starved'],
    [70, 80, 'microStop'],
  ]);
});

test('a moment on the other side of a break is no stop: it belongs to the stop beside it, alone it is not listed', () => {
  const rest = { source: 'calendar', category: 'plannedStop' } as const;
  const stops = [
    told(0, 60, {}),
    told(60, 900, rest),
    told(900, 900.022, {}),
    told(900.022, 1000, { category: 'producing' }),
    told(1000, 1000.4, { category: 'idle' }),
    told(1000.4, 1000.8, { category: 'idle', state: 'IDLE' }),
    told(1000.8, 1060, { category: 'idle', reason: 'M1' }),
    told(1060, 1060.9, { category: 'idle', reason: 'C1' }),
    told(1060.9, 1070, { category: 'producing' }),
    told(1070, 1070.5, { source: 'restatement', reason: 'E1' }),
  ];
  assert.deepEqual(listed(stops, 2000), [
    [0, 60, 'needs'],
    [1000, 1060.9, 'M1'],
    [1070, 1070.5, 'E1'],
  ]);
});

test('a stop that has just begun is listed; one that goes on after a person said what it is asks again when it is over', () => {
  assert.deepEqual(listed([told(0, 0, { open: true })], 0), [[0, 0, 'needs']]);
  const said = { source: 'restatement' } as const;
  for (const reason of ['E1', null]) {
    const running = [told(0, 60, { ...said, reason }), told(60, 60, { open: true })];
    assert.deepEqual(listed(running, 300), [
      [0, 60, reason ?? 'breakdown'],
      [60, 300, 'goes on'],
    ]);
    const over = [told(0, 60, { ...said, reason }), told(60, 240, {})];
    assert.deepEqual(listed(over, 300).at(-1), [60, 240, 'needs']);
  }
});

test('the reason goes to all of a stop that went on while somebody chose, and to no more than it when it is over', () => {
  const [chosen] = stopsOf([told(0, 10, { open: true, category: 'microStop' })], 10_000);
  assert.ok(chosen !== undefined);
  const later = presentOf(chosen, stopsOf([told(0, 10, { open: true })], 50_000));
  assert.deepEqual([later.from, later.to, later.open, later.category], [0, 50_000, true, 'breakdown']);
  const over = presentOf(chosen, stopsOf([told(0, 30, {}), told(30, 40, { category: 'producing' })], 50_000));
  assert.deepEqual([over.to, over.open], [30_000, false]);
  const part = { ...chosen, to: 5_000, open: false };
  assert.equal(presentOf(part, stopsOf([told(0, 30, {})], 50_000)), part, 'a part stays the part that it is');
});

test('the reason of the stop that it goes on from comes first, then that of the same word, then the most frequent', () => {
  const history = stopsOf(
    [
      told(0, 5, { reason: 'E1', state: 'ABORTED' }),
      told(10, 15, { reason: 'E1', state: 'ABORTED' }),
      told(20, 25, { reason: 'M1' }),
      told(90, 100, { reason: 'C1', category: 'setup', state: null }),
    ],
    200_000,
  );
  const reasons = reasonsOf(MACHINE, history);
  const order = (from: number, state: string): string[] =>
    suggestionsFor({ from, state }, reasons, history).map(({ code }) => code);
  assert.deepEqual(order(100_000, 'HELD'), ['C1', 'M1', 'E1']);
  assert.deepEqual(order(500_000, 'ABORTED')[0], 'E1');
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
