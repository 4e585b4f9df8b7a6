// Engine meets truth: a day of the demo plant, with all its faults, read by the pipeline, against the plant's own ledger.
// In: emissions in order of arrival. Out: the tallies of every machine, hour, shift and the day: equal in every digit.
// Pure but for the plant file.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { calendarOf } from '../../src/core/calendar.ts';
import type { Machine } from '../../src/core/machine.ts';
import { tallyOver } from '../../src/core/machine-results.ts';
import type { MachineModel } from '../../src/core/plant-model.ts';
import { TALLY_FIELDS, type Tally } from '../../src/core/tally.ts';
import { DAY_MS, HOUR_MS, isoOf, MINUTE_MS, type Span } from '../../src/core/time.ts';
import { CORRECTION_MAX_MS } from '../../src/demo/demo-people.ts';
import { type Emission, simulate } from '../../src/demo/simulate.ts';
import { truthIn } from '../../src/demo/truth.ts';
import { type Ledger, ledgerOf } from '../../src/demo/truth-ledger.ts';
import { DEMO_DAY, DEMO_SEED, demoPlant } from '../support/demo-plant.ts';
import { PipelineRig } from '../support/pipeline-rig.ts';

/** Its rules are tried elsewhere: here it is about figures, over more late news than a rule ever sees. */
const plant = { ...demoPlant(), alerts: [] };
const DAY_END = DEMO_DAY + DAY_MS;
const BATCH = 500;
let ledger: Ledger;
before(() => {
  ledger = ledgerOf({ plant, seed: DEMO_SEED, from: DEMO_DAY, to: DAY_END });
});

/** Everything that arrives from `from` on and speaks of the time before `to`, however late it comes. */
function* newsOf(from: number, to: number, withLatest: boolean): Generator<Emission> {
  const speaksOf = ({ event }: Emission): number =>
    typeof event.at === 'number' ? event.at : Date.parse(String(event.at));
  const late = { plant, seed: DEMO_SEED, from, to: to + CORRECTION_MAX_MS, withLatest };
  for (const emission of simulate(late)) {
    const { type } = emission.event;
    const isCorrection = type === 'reclassify' || type === 'revoke';
    if (isCorrection || emission.sendAt < to || speaksOf(emission) < to + MINUTE_MS) yield emission;
  }
}

function engineAfter(news: Iterable<Emission>, firstAt: number): PipelineRig {
  const rig = new PipelineRig(plant, firstAt);
  let batch: object[] = [];
  let arrival = firstAt;
  const hand = (): void => {
    rig.events(batch, arrival).tick(arrival);
    batch = [];
  };
  for (const { sendAt, event } of news) {
    arrival = sendAt;
    batch.push(event);
    if (batch.length === BATCH) hand();
  }
  hand();
  return rig;
}

const machineIn = (rig: PipelineRig, id: string): Machine => {
  const machine = rig.partition.machines.get(id);
  if (machine === undefined) throw new Error(`no machine ${id}`);
  return machine;
};

function assertSame(seen: Tally, truth: Tally, what: string): void {
  const differing = TALLY_FIELDS.filter(field => seen[field] !== truth[field]);
  const told = differing.map(field => `${field}: engine ${seen[field]}, truth ${truth[field]}`).join('; ');
  assert.equal(told, '', what);
}

const nameOf = (machine: MachineModel, { from, to }: Span): string => `${machine.id} ${isoOf(from)} to ${isoOf(to)}`;

function hoursOf(from: number, to: number): Span[] {
  const hours: Span[] = [];
  for (let at = from; at < to; at += HOUR_MS) hours.push({ from: at, to: at + HOUR_MS });
  return hours;
}

test('every machine, hour, shift and day of the engine is the truth to the digit, after all that went wrong', t => {
  const rig = engineAfter(newsOf(DEMO_DAY, DAY_END, false), DEMO_DAY);
  let compared = 0;
  for (const model of plant.machines) {
    const calendar = calendarOf(plant.calendars.find(({ id }) => id === model.calendar) ?? assert.fail('no calendar'));
    for (const span of [{ from: DEMO_DAY + MINUTE_MS, to: DAY_END }, ...hoursOf(DEMO_DAY + HOUR_MS, DAY_END)]) {
      assertSame(
        tallyOver(machineIn(rig, model.id), span.from, span.to),
        truthIn(ledger, model.id, span),
        nameOf(model, span),
      );
      compared += 1;
    }
    for (const { start, end } of calendar.shiftsIn(DEMO_DAY, DAY_END)) {
      if (start < DEMO_DAY || end > DAY_END) continue;
      const told = rig.latest(model.id, 'shift', start) ?? assert.fail(`${model.id}: a shift was not told`);
      const span = { from: start, to: end };
      assert.equal(told.final, true);
      assertSame(told.tally, truthIn(ledger, model.id, span), `told: ${nameOf(model, span)}`);
      compared += 1;
    }
  }
  t.diagnostic(`${compared} tallies compared, ${rig.partition.accounting.inState} events in state`);
  const codes = new Set(rig.deadLetters.map(({ code }) => code));
  assert.deepEqual([...codes].sort(), ['OEE_PIPELINE_AHEAD', 'OEE_PIPELINE_TOO_LATE']);
  const { read, inState, repeats, deadLettered } = rig.partition.accounting;
  assert.equal(read, inState + repeats + deadLettered);
});

test('an engine that starts in the middle of the day and is told what was said last knows the truth from then on', () => {
  const from = DEMO_DAY + 13 * HOUR_MS;
  const to = from + 3 * HOUR_MS;
  const rig = engineAfter(newsOf(from, to, true), from);
  for (const model of plant.machines) {
    // Half an hour later a stop that was going on at the start, and what was on its way, is over.
    const span = { from: from + HOUR_MS / 2, to };
    assertSame(
      tallyOver(machineIn(rig, model.id), span.from, span.to),
      truthIn(ledger, model.id, span),
      nameOf(model, span),
    );
  }
});

test('the comparison can fail: one piece or one state more and it does, one heartbeat more and it does not', () => {
  const from = DEMO_DAY + 13 * HOUR_MS;
  const span = { from: from + HOUR_MS / 2, to: from + HOUR_MS };
  const sound = [...newsOf(from, span.to, true)];
  const differs = (extra: object): boolean => {
    const at = span.from + 17 * MINUTE_MS + 3;
    const event = { id: 'canary', machine: 'filler', at, ...extra } as unknown as Emission['event'];
    const rig = engineAfter([...sound, { sendAt: span.to, event }], from);
    try {
      assertSame(
        tallyOver(machineIn(rig, 'filler'), span.from, span.to),
        truthIn(ledger, 'filler', span),
        'with a canary',
      );
      return false;
    } catch {
      return true;
    }
  };
  assert.equal(differs({ type: 'count', good: 1 }), true);
  assert.equal(differs({ type: 'state', state: 'blocked' }), true);
  assert.equal(differs({ type: 'heartbeat' }), false);
});
