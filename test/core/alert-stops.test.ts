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

/** The shift of the small plant ends 480 minutes after its morning. */
const END = 480;

/** Two machines speak for the last time before the end of their shift; whose silence is watched; minutes that are ticked of their time off. */
function silentAtTheEnd(units: readonly string[], ticked: number): AlertRig {
  const silent = ruleOf({ id: 'silent', units, condition: { kind: 'silentLonger', longerMs: 600_000 } });
  const plant = plantWithRules([silent]);
  const machines = plant.machines.map(machine => ({ ...machine, silenceMs: 300_000 }));
  return new AlertRig({ ...plant, machines }, at(END - 30))
    .state('p1', END - 25, 'producing')
    .state('p2', END - 24, 'producing')
    .ticks(END - 25, END + ticked);
}

test('a silence at the end of a shift goes on in time off only as long as nothing is heard', () => {
  const rig = silentAtTheEnd(['p1', 'p2'], 30);
  assert.deepEqual(rig.heard, [`raised p1 ${END - 15}`, `updated line-2 ${END - 14}`]);
  // it is ready, and has no work: nobody planned any, and yet it is there
  rig.state('p1', END + 31, 'idle').ticks(END + 31, END + 33);
  assert.equal(rig.known[0]?.status, 'active');
  assert.deepEqual(
    rig.known[0]?.members.map(({ unit, until }) => [unit, until]),
    [
      ['p1', at(END + 31)],
      ['p2', null],
    ],
  );
  rig.state('p2', END + 34, 'plannedStop').ticks(END + 34, END + 36);
  assert.equal(rig.known.length, 1);
  assert.deepEqual([rig.known[0]?.status, rig.known[0]?.resolvedAt], ['resolved', at(END + 34)]);
});

test('a stop over the end of a shift is over when the machine works after it, whatever is planned', () => {
  const rig = new AlertRig(plantWithRules([stopRule(['p1', 'p2'])]), at(END - 30));
  for (const machine of ['p1', 'p2']) rig.state(machine, END - 25, 'stop');
  rig
    .ticks(END - 25, END + 60)
    .state('p1', END + 60, 'breakdown')
    .ticks(END + 60, END + 70);
  assert.ok(
    rig.known[0]?.members.every(({ until }) => until === null),
    'time off alone ends no stop',
  );
  rig.state('p2', END + 70, 'producing').ticks(END + 70, END + 72);
  assert.deepEqual(
    rig.known[0]?.members.map(({ unit, until }) => [unit, until]),
    [
      ['p1', null],
      ['p2', at(END + 70)],
    ],
  );
});

test('what a machine did in its time off and tells late ends its silence there, as if it had told in time', () => {
  const rig = silentAtTheEnd(['p1'], 60);
  assert.equal(rig.known[0]?.status, 'active');
  rig
    .state('p1', END + 20, 'idle', END + 61)
    .state('p1', END + 23, 'setup', END + 61)
    .ticks(END + 61, END + 63);
  assert.deepEqual([rig.known[0]?.status, rig.known[0]?.resolvedAt], ['resolved', at(END + 20)]);
});
