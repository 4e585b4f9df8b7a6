// Alert people: who is told, when, and what people can say back; and what is taken back when the facts turn out otherwise.
// In: mornings of a small plant. Out: what people heard, with numbers.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertRig, at, plantWithRules, stopRule } from '../support/alert-rig.ts';

const STOP = 'stop:p1:2026-11-16T06:05:00.000Z';
/** p1 stands from 06:05 on; told at 06:15. */
const stopped = (rule: Parameters<typeof stopRule>[1] = {}): AlertRig =>
  new AlertRig(plantWithRules([stopRule(['p1'], rule)])).state('p1', 0, 'producing').state('p1', 5, 'stop');

test('in quiet hours nobody is told; when they end, of what is still so', () => {
  const rig = stopped({ quiet: [{ start: '22:00', end: '06:30' }] }).ticks(6, 29.5);
  assert.deepEqual(rig.heard, []);
  assert.equal(rig.known[0]?.status, 'active', 'it is known all the same');
  rig.ticks(30, 40);
  assert.deepEqual(rig.heard, ['raised p1 30']);
  const short = stopped({ quiet: [{ start: '22:00', end: '06:30' }] }).ticks(6, 20);
  short.state('p1', 21, 'producing').ticks(21.5, 40);
  assert.deepEqual(short.heard, [], 'what came and went in quiet hours is not told');
});

test('who acknowledges is named, and nobody further is called; else the next one is, once', () => {
  const escalation = [
    { afterMs: 600_000, to: ['chief'] },
    { afterMs: 1_200_000, to: ['manager'] },
  ];
  const rig = stopped({ escalation }).ticks(6, 26);
  assert.deepEqual(rig.heard, ['raised p1 15', 'escalated p1 25']);
  assert.deepEqual(rig.said.at(-1)?.tell, ['chief']);
  rig.act({ op: 'ack', alert: STOP, by: 'anna', why: 'on my way' }, 27).ticks(27, 60);
  assert.deepEqual(rig.heard.slice(2), ['acknowledged p1 26']);
  assert.deepEqual(rig.known[0]?.acknowledged, { by: 'anna', at: at(27), why: 'on my way' });
});

test('a mute is silence until its end, by alert, rule or unit; then what is still so is told', () => {
  for (const about of [{ rule: 'stop' }, { unit: 'p1' }, { rule: 'stop', unit: 'p1' }]) {
    const rig = stopped();
    rig.act({ op: 'mute', ...about, by: 'anna', until: at(40) }, 6).ticks(6, 45);
    assert.deepEqual(rig.heard, ['raised p1 40']);
  }
  const rig = stopped().ticks(6, 20);
  rig
    .act({ op: 'mute', alert: STOP, by: 'anna', until: at(60) }, 21)
    .state('p1', 25, 'producing')
    .ticks(26, 30);
  assert.deepEqual(rig.heard, ['raised p1 15', 'muted p1 20'], 'its end is not told while it is muted');
  rig.act({ op: 'unmute', alert: STOP, by: 'anna' }, 31).ticks(31, 33);
  assert.deepEqual(rig.heard.slice(2), ['resolved p1 31'], 'and is, when they are asked to speak again');
});

test('an act on an alert that nobody knows is a dead letter that says what to do', () => {
  const rig = stopped().act({ op: 'ack', alert: 'stop:p9:x', by: 'anna' }, 6).act({ op: 'shout', by: 'anna' }, 6);
  assert.deepEqual(
    rig.rig.deadLetters.map(({ code }) => code),
    ['OEE_PIPELINE_ALERT_UNKNOWN', 'OEE_PIPELINE_ALERT_ACT'],
  );
  const { read, inState, repeats, deadLettered } = rig.rig.partition.accounting;
  assert.equal(read, inState + repeats + deadLettered);
});

test('late facts that undo a condition take the alert back with the reason; a person who does so is named', () => {
  const rig = stopped().ticks(6, 20);
  rig.state('p1', 10, 'producing', 21).ticks(21, 22);
  assert.deepEqual(rig.heard, ['raised p1 15', 'withdrawn p1 20']);
  assert.equal(rig.known[0]?.why, 'late facts: it never was');
  const named = stopped().ticks(6, 20);
  const span = { from: at(5), to: at(18), category: 'setup', by: 'ben', why: 'changeover' };
  named.rig.events([{ id: 'r1', machine: 'p1', at: at(20.5), type: 'reclassify', ...span }], at(20.5));
  named.ticks(21, 22);
  assert.deepEqual(named.heard, ['raised p1 15', 'withdrawn p1 21']);
  assert.equal(named.known[0]?.why, 'ben: changeover');
});

test('late facts that move the beginning withdraw the alert for one that names it', () => {
  const rig = stopped().ticks(6, 20);
  rig.state('p1', 3, 'stop', 21).ticks(21, 22);
  const [older, newer] = rig.known.toSorted((a, b) => a.since - b.since);
  assert.deepEqual([older?.since, older?.status, older?.supersedes], [at(3), 'active', STOP]);
  assert.deepEqual([newer?.id, newer?.status], [STOP, 'withdrawn']);
  assert.match(newer?.why ?? '', /it is stop:p1:2026-11-16T06:03:00.000Z now/);
});

test('a rule that is gone from the plant file takes its alerts back and says so', () => {
  const rig = stopped().ticks(6, 20);
  rig.rig.changePlant({ ...plantWithRules([]), revision: 'r2' }, at(21));
  assert.deepEqual(rig.heard, ['raised p1 15', 'withdrawn p1 20']);
  assert.match(rig.known[0]?.why ?? '', /its rule stop is not in the plant file any more/);
});

test('a restart tells nothing twice and changes no id and no sequence', () => {
  const story = (restarts: boolean): object[] => {
    const rig = stopped({ escalation: [{ afterMs: 600_000, to: ['chief'] }] });
    for (let minute = 6; minute < 40; minute += 1) {
      if (minute === 30) rig.state('p1', minute, 'producing');
      rig.ticks(minute, minute + 0.5);
      if (restarts) rig.rig.restart();
    }
    return rig.said;
  };
  assert.deepEqual(story(true), story(false));
});

test('the engine itself is judged by what it saw, in the order of its log', () => {
  const rule = stopRule([], {
    id: 'lag',
    condition: { kind: 'engineLag', longerMs: 30_000 },
    forMs: 20_000,
    text: 'engine behind',
  });
  const rig = new AlertRig(plantWithRules([rule]));
  for (const [second, lag] of [60, 31_000, 70, 45_000, 80, 50_000, 90, 60_000, 100, 1_000].flatMap((_, n, list) =>
    n % 2 === 0 ? [[list[n] ?? 0, list[n + 1] ?? 0] as const] : [],
  )) {
    rig.rig.entry('health', JSON.stringify({ lagMs: { 3: lag }, awayMs: {}, deadLetters: 0 }), at(second / 60));
  }
  assert.deepEqual(
    rig.said.map(({ news, unit, level, text, since }) => [news, unit, level, text, since]),
    [
      ['raised', 'engine', 'engine', 'engine behind: partition 3, behind by 50 s', at(1)],
      ['resolved', 'engine', 'engine', 'engine behind: partition 3, behind by 50 s', at(1)],
    ],
  );
});
