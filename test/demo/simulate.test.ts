// Simulate: the demo plant is the same plant whoever starts it, whenever, and it misbehaves like a real one.
// In: the demo plant file and a seed. Out: emissions, held to their laws.
// Pure but for the plant file.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { before, test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { admissible, plantIndexOf } from '../../src/core/admission.ts';
import { type FactEvent, isCorrection, type MachineEvent, parseEvent } from '../../src/core/event.ts';
import { isSignOfLife } from '../../src/core/fact.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../src/core/time.ts';
import { CORRECTION_MAX_MS } from '../../src/demo/demo-people.ts';
import { type Emission, simulate } from '../../src/demo/simulate.ts';
import { DEMO_DAY, DEMO_SEED, demoPlant } from '../support/demo-plant.ts';

const plant = demoPlant();
/** A morning that can be reached from the same day's midnight, so that these tests need not live through the day before. */
const MORNING = DEMO_DAY + 8 * HOUR_MS;

function bytesOf(from: number, to: number, seed = DEMO_SEED): string {
  const hash = createHash('sha256');
  for (const emission of simulate({ plant, seed, from, to })) hash.update(JSON.stringify(emission));
  return hash.digest('hex');
}
const listOf = (from: number, to: number): string[] =>
  [...simulate({ plant, seed: DEMO_SEED, from, to })].map(emission => JSON.stringify(emission));

test('the same seed and span give the same bytes, another seed others', () => {
  const once = bytesOf(MORNING, MORNING + HOUR_MS);
  assert.equal(bytesOf(MORNING, MORNING + HOUR_MS), once);
  assert.notEqual(bytesOf(MORNING, MORNING + HOUR_MS, 'another'), once);
});

test('a simulator that starts again anywhere goes on exactly where the other would', () => {
  const whole = listOf(MORNING, MORNING + HOUR_MS);
  const at = MORNING + 37 * MINUTE_MS + 1_234;
  assert.deepEqual([...listOf(MORNING, at), ...listOf(at, MORNING + HOUR_MS)], whole);
});

test('midnight in UTC, when the plant begins anew, is no seam for who starts before or after it', () => {
  const midnight = DEMO_DAY + DAY_MS;
  const whole = listOf(midnight - 5 * MINUTE_MS, midnight + 5 * MINUTE_MS);
  const after = listOf(midnight + MINUTE_MS, midnight + 5 * MINUTE_MS);
  assert.ok(after.length > 100);
  assert.deepEqual(whole.slice(-after.length), after);
});

test('who starts in the middle of the day can hear first what every machine said last, under the old ids', () => {
  const known = new Set(listOf(DEMO_DAY, MORNING).map(text => JSON.parse(text).event.id));
  const first = simulate({ plant, seed: DEMO_SEED, from: MORNING, to: MORNING + 1_000, withLatest: true });
  const latest = [...first].filter(({ sendAt, event }) => sendAt === MORNING && known.has(event.id));
  for (const machine of plant.machines) {
    const said = latest.filter(({ event }) => event.machine === machine.id).map(({ event }) => event.type);
    assert.ok(said.includes('state'), machine.id);
    if (Object.keys(machine.counters).length > 0) assert.ok(said.includes('counter'), machine.id);
    if (machine.product === null) assert.ok(said.includes('order'), machine.id);
  }
});

/** One day's news, read as the engine reads them. */
interface Heard {
  readonly sendAt: number;
  readonly event: MachineEvent;
}
const heard: Heard[] = [];
const emissions: Emission[] = [];
const isWrongClock = ({ id }: MachineEvent): boolean => id.endsWith('-clock');
const factsOf = (machine: string): { sendAt: number; event: FactEvent }[] =>
  heard.flatMap(({ sendAt, event }) =>
    event.machine === machine && !isCorrection(event) && !isWrongClock(event) ? [{ sendAt, event }] : [],
  );
/** The same facts in event time, each once; without what came late from the day before. */
const storyOf = (machine: string): FactEvent[] => {
  const facts = new Map(factsOf(machine).map(({ event }) => [event.id, event]));
  return [...facts.values()].filter(({ at }) => at >= DEMO_DAY + 10_000).sort((a, b) => a.at - b.at);
};

before(() => {
  const names = plantIndexOf(plant);
  for (const emission of simulate({ plant, seed: DEMO_SEED, from: DEMO_DAY, to: DEMO_DAY + DAY_MS })) {
    const event = parseEvent(emission.event, emission.sendAt);
    if (isRejection(event)) throw new Error(`${event.message}: ${JSON.stringify(emission.event)}`);
    const trouble = admissible(event, names, false);
    if (trouble !== null) throw new Error(trouble.message);
    heard.push({ sendAt: emission.sendAt, event });
    emissions.push(emission);
  }
});

test('news arrive in order of arrival, three to six a second over the day', () => {
  for (let index = 1; index < heard.length; index += 1) {
    assert.ok((heard[index - 1]?.sendAt ?? 0) <= (heard[index]?.sendAt ?? 0));
  }
  const perSecond = heard.length / (DAY_MS / 1_000);
  assert.ok(perSecond >= 3 && perSecond <= 6, `${perSecond} a second`);
});

test('an id is one fact for ever, and a machine has one state and one report of pieces in a millisecond', () => {
  const known = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const { event } of emissions) {
    const text = JSON.stringify(event);
    assert.equal(known.get(event.id as string) ?? text, text);
    known.set(event.id as string, text);
  }
  for (const { event } of heard) {
    if (event.type === 'requalify') continue;
    const place = `${event.machine} ${event.type} ${event.at}`;
    assert.equal(taken.get(place) ?? event.id, event.id);
    taken.set(place, event.id);
  }
});

test('news come late, twice and out of order', () => {
  const seen = new Set<string>();
  let late = 0;
  let repeated = 0;
  let backwards = 0;
  for (const machine of plant.machines) {
    let newest = 0;
    for (const { sendAt, event } of factsOf(machine.id)) {
      if (seen.has(event.id)) repeated += 1;
      else if (sendAt - event.at > 30_000) late += 1;
      if (event.at < newest) backwards += 1;
      newest = Math.max(newest, event.at);
      seen.add(event.id);
    }
  }
  for (const count of [late, repeated, backwards]) assert.ok(count > 100, `${late} ${repeated} ${backwards}`);
});

test('a gateway that was away tells hours of history in one burst, another forgets and leaves a silence', () => {
  let bursts = 0;
  let silences = 0;
  for (const machine of plant.machines) {
    const facts = factsOf(machine.id);
    facts.forEach(({ sendAt, event }, index) => {
      const later = facts[index + 60];
      const apart = later === undefined ? 0 : Math.abs(later.event.at - event.at);
      if (later !== undefined && later.sendAt - sendAt < 1_500 && apart > 2 * MINUTE_MS) bursts += 1;
    });
    const signs = storyOf(machine.id).filter(isSignOfLife);
    signs.forEach((sign, index) => {
      if (machine.silenceMs !== null && sign.at - (signs[index - 1]?.at ?? sign.at) > machine.silenceMs) silences += 1;
    });
  }
  assert.ok(bursts > 0);
  assert.ok(silences >= 3, `${silences} silences`);
});

test('counters start anew after a loss of power, jump as no machine can, and roll over', () => {
  const seen = { reset: 0, rollOver: 0, jump: 0, unmoved: 0 };
  for (const machine of plant.machines) {
    const modulus = machine.counters.total?.modulus ?? null;
    let last: number | null = null;
    for (const fact of storyOf(machine.id)) {
      if (fact.type !== 'counter' || fact.total === undefined) continue;
      const step: number = last === null ? 0 : fact.total - last;
      if (step === 0) seen.unmoved += 1;
      if (step > 1_000) seen.jump += 1;
      if (step < 0 && modulus !== null && step + modulus <= 1) seen.rollOver += 1;
      else if (step < 0 && fact.total === 0) seen.reset += 1;
      last = fact.total;
    }
  }
  assert.ok(seen.unmoved > 1_000);
  assert.deepEqual({ ...seen, unmoved: 0 }, { reset: 1, rollOver: 1, jump: 1, unmoved: 0 });
});

test('clocks are wrong by seconds, and now and then by years', () => {
  const ahead = plant.machines.filter(machine => {
    const facts = factsOf(machine.id);
    return facts.filter(({ sendAt, event }) => event.at > sendAt).length > facts.length / 2;
  });
  assert.ok(ahead.length > 0);
  for (const { sendAt, event } of heard) {
    if (!isWrongClock(event)) assert.ok(event.at - sendAt < plant.settings.maxAheadMs / 2);
  }
  const wrong = heard.filter(({ event }) => isWrongClock(event));
  assert.ok(wrong.some(({ sendAt, event }) => event.at - sendAt > plant.settings.maxAheadMs));
  assert.ok(wrong.some(({ sendAt, event }) => sendAt - event.at > plant.settings.horizonMs));
});

test('people restate stops hours later, the lab finds scrap, and some of it is taken back', () => {
  const said = (type: MachineEvent['type']) => heard.filter(({ event }) => event.type === type);
  assert.ok(said('reclassify').length >= 3);
  assert.ok(said('requalify').length >= 10);
  assert.ok(said('revoke').length >= 1);
  for (const { sendAt, event } of said('requalify')) {
    assert.ok(sendAt - event.at > 20 * MINUTE_MS && sendAt - event.at <= CORRECTION_MAX_MS + 10_000);
  }
});

test('the plant works: every kind of condition and every product comes up', () => {
  const words = new Set(heard.flatMap(({ event }) => (event.type === 'state' ? [event.state] : [])));
  for (const word of ['EXECUTE', 'HELD', 'ABORTED', 'SUSPENDED', 'blocked', 'WARMUP', 'CIP', 'ACTIVE', 'producing']) {
    assert.ok(words.has(word), word);
  }
  const products = new Set(heard.flatMap(({ event }) => (event.type === 'order' ? [event.product ?? null] : [])));
  for (const product of plant.products) {
    const byDefault = plant.machines.some(machine => machine.product === product.id);
    assert.ok(byDefault || products.has(product.id), product.id);
  }
});

test('three days of it hold no more memory than one', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heldAt: number[] = [];
  let next = DEMO_DAY + DAY_MS / 2;
  for (const { sendAt } of simulate({ plant, seed: DEMO_SEED, from: DEMO_DAY, to: Number.POSITIVE_INFINITY })) {
    if (sendAt < next) continue;
    collect();
    heldAt.push(process.memoryUsage().heapUsed);
    if (heldAt.length === 3) break;
    next += DAY_MS;
  }
  const [first = 0, , third = 0] = heldAt;
  // A day's news that were kept would be 290,000 events of 200 bytes and more: 60 MB.
  assert.ok(third - first < 10e6, `${first} -> ${third} bytes`);
});
