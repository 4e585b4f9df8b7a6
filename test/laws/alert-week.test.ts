// Law of a week: a week as it was lived, hour by hour with its ticks, and the same week replayed raise the same alerts, ids and times.
// In: a made-up week of four machines with stops, scrap, slow hours and late facts. Out: the alerts that stand.
// Pure.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { plantWithRules, ruleOf, standing } from '../support/alert-rig.ts';
import { chanceOf } from '../support/chance-of.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';

const MONDAY = Date.UTC(2026, 10, 16);
const HOURS = 7 * 24;
const MACHINES = ['m1', 'm2', 'p1', 'p2'];
const END = MONDAY + HOURS * HOUR_MS;

const oee = { kind: 'ratioBelow', ratio: 'oee', window: 'shift', limit: 0.5, clear: 0.6 } as const;
const PLANT = plantWithRules([
  ruleOf({ id: 'stop', units: MACHINES, condition: { kind: 'stopLonger', longerMs: 900_000 } }),
  ruleOf({ id: 'oee', units: ['line-1', 'line-2'], condition: oee, forMs: 900_000 }),
  ruleOf({
    id: 'scrap',
    units: MACHINES,
    condition: { kind: 'scrapRateAbove', window: 'hour', limit: 0.2, clear: 0.1 },
  }),
]);

type Fact = { readonly at: number; readonly arrival: number } & Record<string, unknown>;

/** Every five minutes a count, now and then another state; one fact in ten comes up to two hours late. */
function week(): Fact[] {
  const chance = chanceOf(7);
  const facts: Fact[] = [];
  for (const [place, machine] of MACHINES.entries()) {
    for (let step = 0; step < HOURS * 12; step += 1) {
      const at = MONDAY + step * 5 * MINUTE_MS + place * 1_000;
      const arrival = Math.min(END, at + (chance.below(10) === 0 ? chance.below(2 * HOUR_MS) : 500));
      const roll = chance.below(30);
      if (step === 0 || roll < 3) {
        const state = roll === 0 ? 'stop' : 'producing';
        facts.push({ id: `s${step}`, machine, at, arrival, type: 'state', state });
      } else
        facts.push({
          id: `c${step}`,
          machine,
          at,
          arrival,
          type: 'count',
          good: 120 + chance.below(120),
          reject: chance.below(40),
        });
    }
  }
  return facts;
}

const said = ({ arrival: _, ...event }: Fact): object => event;

test('a week lived hour by hour and the same week replayed in one go raise the same alerts, ids and times', () => {
  const facts = week().sort((a, b) => a.arrival - b.arrival);
  const lived = new PipelineRig(PLANT, MONDAY);
  for (let now = MONDAY, next = 0; now <= END; now += HOUR_MS / 2) {
    const batch: Fact[] = [];
    for (; (facts[next]?.arrival ?? Number.POSITIVE_INFINITY) <= now; next += 1) batch.push(facts[next] as Fact);
    if (batch.length > 0) lived.events(batch.map(said), now);
    lived.tick(now);
  }
  const replayed = new PipelineRig(PLANT, MONDAY);
  const inOrder = facts.toSorted((a, b) => a.at - b.at);
  for (let first = 0; first < inOrder.length; first += 500)
    replayed.events(inOrder.slice(first, first + 500).map(said), END);
  for (const rig of [lived, replayed]) rig.tick(END + MINUTE_MS).tick(END + 2 * MINUTE_MS);
  const alerts = standing(lived);
  assert.deepEqual(standing(replayed), alerts);
  for (const rule of ['stop', 'oee', 'scrap'])
    assert.ok(alerts.filter(each => each.rule === rule).length > 3, `${rule} fired in that week`);
});
