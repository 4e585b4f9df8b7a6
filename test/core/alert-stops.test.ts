// Alert stops: stops and silences as a shop floor meets them: one cause is one alert, at the right instant, and no more than that.
// In: mornings of small plants. Out: what people heard, with numbers.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AlertRig, at, plantWithRules, ruleOf, stopRule, widePlant } from '../support/alert-rig.ts';

test('a stop is told when it has lasted as long as its rule says, and once more when it is over', () => {
  const rig = new AlertRig(plantWithRules([stopRule(['p1'])]));
  rig.state('p1', 0, 'producing').state('p1', 5, 'stop').ticks(5, 14.5);
  assert.deepEqual(rig.heard, []);
  rig.ticks(15, 20).state('p1', 20.25, 'producing').ticks(20.5, 30);
  assert.deepEqual(rig.heard, ['raised p1 15', 'resolved p1 20.5']);
  const [alert] = rig.known;
  assert.equal(alert?.id, 'stop:p1:2026-11-16T06:05:00.000Z');
  assert.deepEqual([alert?.since, alert?.raisedAt, alert?.resolvedAt], [at(5), at(15), at(20.25)]);
  assert.equal(alert?.text, 'stop: p1, stopped for 10 min or longer');
});

test('a thousand machines that lose power in the same second are one alert per line, and one resolution when it is back', () => {
  const lines = 100;
  const machines = Array.from({ length: lines }, (_, line) =>
    Array.from({ length: 10 }, (_each, n) => `l${line}-m${n}`),
  ).flat();
  const silent = ruleOf({ id: 'silent', units: machines, condition: { kind: 'silentLonger', longerMs: 60_000 } });
  const rig = new AlertRig(widePlant(lines, 10, [silent], 300_000));
  const all = (type: object, minute: number) =>
    rig.rig.events(
      machines.map((machine, n) => ({ id: `e${minute}-${n}`, machine, at: at(minute) + n, ...type })),
      at(minute),
    );
  all({ type: 'state', state: 'producing' }, 0);
  all({ type: 'heartbeat' }, 2);
  rig.ticks(7.5, 8.5);
  const raised = rig.said.filter(({ news }) => news === 'raised');
  assert.equal(raised.length, lines);
  assert.ok(raised.every(({ members, level }) => members.length === 10 && level === 'line'));
  assert.equal(rig.said.length, lines, 'nothing else is said');
  all({ type: 'heartbeat' }, 12);
  rig.ticks(13, 13.5);
  assert.equal(rig.said.filter(({ news }) => news === 'resolved').length, lines);
  assert.ok(rig.known.every(({ status }) => status === 'resolved'));
});

test('two hundred machines that come and go all day are told a bounded number of times, and flapping once', () => {
  const machines = Array.from({ length: 200 }, (_, n) => `l${Math.floor(n / 10)}-m${n % 10}`);
  const rule = ruleOf({ id: 'stop', units: machines, condition: { kind: 'stopLonger', longerMs: 60_000 } });
  const rig = new AlertRig(widePlant(20, 10, [rule]));
  for (let round = 0; round < 10; round += 1) {
    for (const [state, minute] of [
      ['stop', round * 4],
      ['producing', round * 4 + 2],
    ] as const) {
      rig.rig.events(
        machines.map(machine => ({ id: `e${minute}`, machine, at: at(minute), type: 'state', state })),
        at(minute),
      );
      rig.rig.tick(at(minute + 1.5));
    }
  }
  for (let minute = 40; minute < 60; minute += 4) rig.rig.tick(at(minute));
  const told = rig.said.filter(({ tell }) => tell !== 'none');
  const byAlert = new Map(told.map(({ id }) => [id, told.filter(each => each.id === id)]));
  assert.equal(byAlert.size, 20, 'one alert a line');
  assert.ok([...byAlert.values()].every(each => each.length <= 6));
  assert.ok(
    [...byAlert.values()].every(
      each => each.filter(({ flapping, news }) => flapping && news !== 'resolved').length === 1,
    ),
  );
  assert.ok(rig.known.every(({ status, occurrences }) => status === 'resolved' && occurrences === 10));
});
