// Alert figures: a target missed as a shop floor lives it: how long, back by how much, while somebody works there, beside its cause.
// In: mornings of a small plant, a piece a second at best. Out: what people heard, with numbers.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertRig, at, plantWithRules, ruleOf, stopRule } from '../support/alert-rig.ts';

const oee = { kind: 'ratioBelow', ratio: 'oee', window: 'last10m', limit: 0.6, clear: 0.7 } as const;
const slow = (overrides: object = {}) =>
  ruleOf({ id: 'slow', units: ['p1'], condition: oee, forMs: 300_000, ...overrides });
const begun = (plant: Parameters<typeof plantWithRules>): AlertRig =>
  new AlertRig(plantWithRules(...plant)).state('p1', 0, 'producing').state('p2', 0, 'producing');

test('a target is missed when it has been so for as long as the rule says, and met again only beyond clear', () => {
  const rig = begun([[slow()]]);
  rig.run(['p1', 'p2'], 0, 20, 54);
  assert.deepEqual(rig.heard, [], '54 of 60 a minute are an OEE of 0.9');
  // the last ten minutes fall under 0.6 when seven of them have 24 a minute: (3 x 54 + 7 x 24) / 600 = 0.55
  rig.run(['p1', 'p2'], 20, 40, 24);
  assert.deepEqual(rig.heard, ['raised p1 32']);
  const [alert] = rig.known;
  assert.deepEqual([alert?.since, alert?.raisedAt, alert?.members[0]?.value], [at(27), at(32), 0.4]);
  assert.equal(alert?.text, 'slow: p1, OEE of the last 10 minutes 40.0 %, limit 60.0 %');
  rig.run(['p1', 'p2'], 40, 60, 39);
  assert.equal(rig.heard.length, 1, '0.65 is over the limit, and not yet clear');
  rig.run(['p1', 'p2'], 60, 75, 48);
  assert.deepEqual(rig.heard.slice(1), ['resolved p1 64']);
});

test('a dip that is shorter than the rule says is no alert', () => {
  // under 0.6 at 06:27, clear at 06:34
  const rig = begun([[slow({ forMs: 600_000 })]]);
  rig.run(['p1', 'p2'], 0, 20, 54).run(['p1', 'p2'], 20, 28, 24).run(['p1', 'p2'], 28, 60, 54);
  assert.deepEqual(rig.said, []);
});

test('what is bad while somebody works there on purpose counts for nothing, then and afterwards', () => {
  const maintenance = [{ units: ['line-2'], from: at(20), to: at(40), why: 'new belt' }];
  const rig = begun([[slow({ condition: { ...oee, window: 'shift' } }), stopRule(['p1'])], { maintenance }]);
  rig.run(['p1', 'p2'], 0, 20, 54).state('p1', 20, 'stop').run(['p2'], 20, 40, 54).state('p1', 40, 'producing');
  rig.run(['p1', 'p2'], 40, 80, 54);
  assert.deepEqual(rig.said, []);
});

test('a machine of a serial line that waits for the one that stands is not told beside it, but when it stays bad afterwards', () => {
  const pieces = { kind: 'piecesBelow', window: 'last10m', limit: 1_800, clear: 2_400 } as const;
  const rules = [
    stopRule(['m1', 'm2']),
    ruleOf({ id: 'pieces', units: ['m2', 'line-1'], condition: pieces, forMs: 60_000 }),
  ];
  const rig = new AlertRig(plantWithRules(rules)).state('m1', 0, 'producing').state('m2', 0, 'producing');
  rig.run(['m1', 'm2'], 0, 20, 54);
  rig.state('m1', 20, 'breakdown').state('m2', 20, 'starved').ticks(20, 45);
  assert.deepEqual(rig.heard, ['raised m1 30'], 'the machine that stands, and nobody who waits for it');
  rig.state('m1', 45, 'producing').state('m2', 45, 'producing').run(['m1', 'm2'], 45, 75, 20);
  // at 45 + 15 minutes the stop explains nothing any more
  assert.deepEqual(rig.heard.slice(1), ['resolved m1 46', 'raised line-1 60']);
  assert.deepEqual(rig.known[0]?.members.map(({ unit, since }) => [unit, since]).sort(), [
    ['line-1', at(25)],
    ['m2', at(25)],
  ]);
});

test('performance beyond the ideal proposes the cycle that the machine itself has shown', () => {
  const rule = ruleOf({
    id: 'cycle',
    units: ['p1'],
    condition: { kind: 'performanceAbove', window: 'hour', limit: 1.05, clear: 1 },
    forMs: 1_200_000,
  });
  const rig = begun([[rule]]);
  rig.run(['p1', 'p2'], 0, 30, 75);
  const [alert] = rig.known;
  assert.equal(alert?.status, 'active');
  assert.equal(alert?.why, 'the ideal cycle of p is too long: 15 minutes of production have shown 0.8 s a piece');
});
