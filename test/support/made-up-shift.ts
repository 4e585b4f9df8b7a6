// Made-up shift: random hours around a break, a shift's end, a gap between shifts and a day's edge, told in random order.
// In: fast-check's chance. Out: plants in small, the events of a machine's hours, and deliveries of them.
// Pure.

import fc from 'fast-check';
import type { MachineEvent } from '../../src/core/event.ts';
import { parseEvent } from '../../src/core/event.ts';
import type { MachineModel, Plant } from '../../src/core/plant-model.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { HOUR_MS, SECOND_MS } from '../../src/core/time.ts';
import { at, BEGIN, CALENDAR, END, SPAN_MS } from './made-up-calendar.ts';
import { smallPlant } from './small-plant.ts';

const COUNTERS: readonly MachineModel['counters'][] = [
  {},
  { total: { modulus: null, startsWithOrder: false } },
  { total: { modulus: 1000, startsWithOrder: false }, reject: { modulus: 1000, startsWithOrder: false } },
  { total: { modulus: null, startsWithOrder: true }, good: { modulus: null, startsWithOrder: false } },
  { good: { modulus: null, startsWithOrder: false }, reject: { modulus: 256, startsWithOrder: false } },
];

/** What differs between the plants: short, so that a failing example can be read. */
export const machine: fc.Arbitrary<Partial<MachineModel>> = fc.record({
  silenceMs: fc.constantFrom(null, 60_000, 300_000, 1_200_000),
  microStopMs: fc.constantFrom(30_000, 120_000, 900_000),
  counters: fc.constantFrom(...COUNTERS),
  maxRate: fc.constantFrom(null, null, 0.5),
  countEdge: fc.constantFrom('starting' as const, 'ending' as const),
  product: fc.constantFrom('p', null),
});

export const plantWith = (model: Partial<MachineModel>): Plant =>
  smallPlant({ machine: model, calendar: CALENDAR, settings: { maxAheadMs: 24 * HOUR_MS } });

/** Whole seconds, often on an edge or near one, so that ties and cuts happen. */
export const instant = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: 0, max: SPAN_MS / SECOND_MS }).map(s => BEGIN + s * SECOND_MS) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: SPAN_MS }).map(ms => BEGIN + ms) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom(at(13, 40), at(13, 50), at(14), at(14, 5), at(14, 10)),
        fc.constantFrom(0, 0, -1, 1, 20_000),
      )
      .map(([edge, off]) => edge + off),
  },
  // half minutes: several facts at one instant, stops and silences exactly as long as their thresholds
  { weight: 5, arbitrary: fc.nat({ max: 60 }).map(n => at(13, 36) + n * 30_000) },
);
const span = fc
  .tuple(instant, instant)
  .map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) + (a === b ? 60_000 : 0) }));
const pieces = fc.nat({ max: 40 });
const product = fc.constantFrom('p', 'q', 'nocycle', undefined);
const person = { by: 'anna', why: 'seen' };
const REVOCABLE = 40;

type Raw = Record<string, unknown>;
const fact: fc.Arbitrary<Raw> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('state'),
      at: instant,
      state: fc.constantFrom(
        'producing',
        'producing',
        'stop',
        'stop',
        'breakdown',
        'setup',
        'starved',
        'idle',
        'unknown',
      ),
      reason: fc.constantFrom(undefined, undefined, undefined, 'C1', 'P1', 'X'),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('heartbeat'), at: instant }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('count'), at: instant, good: pieces, reject: pieces }) },
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('counter'),
      at: instant,
      total: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
      good: fc.option(fc.nat({ max: 999 }), { nil: undefined }),
      reject: fc.option(fc.nat({ max: 255 }), { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('order'),
      at: instant,
      phase: fc.constantFrom('start', 'start', 'end'),
      order: fc.constantFrom('A', 'B'),
      product,
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(instant, pieces)
      .map(([when, n]) => ({ type: 'requalify', at: when, good: -n, reject: n, ...person })),
  },
);

const correction: fc.Arbitrary<Raw> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        span,
        instant,
        fc.constantFrom(
          'producing',
          'setup',
          'breakdown',
          'microStop',
          'idle',
          'plannedStop',
          'unknown',
          'notScheduled',
        ),
      )
      .map(([{ from, to }, when, category]) => ({ type: 'reclassify', at: when, from, to, category, ...person })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(span, instant, fc.constantFrom('scheduled', 'plannedStop', 'notScheduled'))
      .map(([{ from, to }, when, planned]) => ({ type: 'shift', at: when, from, to, planned, ...person })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(instant, instant, fc.constantFrom('p', 'q', 'nocycle'), fc.constantFrom(700, 3000.5))
      .map(([from, when, name, idealCycleMs]) => ({
        type: 'cycle',
        at: when,
        product: name,
        from,
        idealCycleMs,
        ...person,
      })),
  },
  {
    weight: 1,
    arbitrary: fc.nat({ max: REVOCABLE }).map(n => ({ type: 'release', at: END, releases: `e${n}`, ...person })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.nat({ max: REVOCABLE }), fc.boolean()).map(([n, somewhere]) => ({
      type: 'revoke',
      at: END,
      revokes: `e${n}`,
      ...person,
      ...(somewhere ? { machine: undefined } : {}),
    })),
  },
);

/**
 * The events of machine m1, ids e0, e1 … in the order of making; a revocation names one that was made before it, so that no
 * two revoke one another. Without `machine` it may only name what a person said.
 */
export const events: fc.Arbitrary<readonly Raw[]> = fc
  .array(fc.oneof({ weight: 7, arbitrary: fact }, { weight: 2, arbitrary: correction }), {
    minLength: 1,
    maxLength: 45,
  })
  .map(list => {
    const made: Raw[] = [];
    for (const [index, raw] of list.entries()) {
      const event: Raw = { machine: 'm1', ...raw, id: `e${index}` };
      if (event.type === 'revoke') {
        const target = made[Number(String(event.revokes).slice(1)) % Math.max(1, made.length)];
        if (target === undefined) continue;
        event.revokes = target.id;
        if (['state', 'count', 'counter', 'order', 'heartbeat'].includes(String(target.type))) event.machine = 'm1';
        if (event.machine === undefined) delete event.machine;
      }
      if (
        event.type === 'counter' &&
        event.total === undefined &&
        event.good === undefined &&
        event.reject === undefined
      )
        event.total = 5;
      made.push(JSON.parse(JSON.stringify(event)) as Raw);
    }
    return made;
  })
  .filter(made => made.length > 0);

/** The same kinds of events on every machine of the small plant. */
export const plantEvents: fc.Arbitrary<readonly Raw[]> = fc
  .tuple(events, fc.array(fc.constantFrom('m1', 'm2', 'p1', 'p2'), { minLength: 45, maxLength: 45 }))
  .map(([list, places]) => {
    const machineOf = new Map<unknown, string>();
    return list.map((event, index) => {
      const place = machineOf.get(event.revokes) ?? places[index] ?? 'm1';
      machineOf.set(event.id, place);
      return event.machine === undefined ? event : { ...event, machine: place };
    });
  });

/** As the engine reads them. */
export function parsed(list: readonly Raw[]): MachineEvent[] {
  return list.map(raw => {
    const event = parseEvent(raw, END);
    if (isRejection(event)) throw new Error(`made-up event ${JSON.stringify(raw)}: ${event.message}`);
    return event;
  });
}
