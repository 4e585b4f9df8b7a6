// Simulate: the demo plant's news in order of arrival, from any instant on, for as long as wanted.
// In: plant, seed and a span of arrivals. Out: emissions; the same span gives the same bytes.
// Pure. Memory: one second of the plant and what is on its way.

import type { Plant } from '../core/plant-model.ts';
import { DAY_MS, SECOND_MS } from '../core/time.ts';
import type { Deed } from './deed.ts';
import { deedToEvent, type RawEvent } from './deed-to-event.ts';
import { DELIVERY_MAX_MS, DemoGateway, eventOf, type Sending } from './demo-gateway.ts';
import { CORRECTION_MAX_MS, DemoPeople } from './demo-people.ts';
import { type DemoPlant, deedsOfDay, demoPlantOf } from './plant-day.ts';
import { SendQueue } from './send-queue.ts';

/** An event and when it reaches the engine, epoch ms. */
export interface Emission {
  readonly sendAt: number;
  readonly event: RawEvent;
}

export interface Simulation {
  readonly plant: Plant;
  readonly seed: string;
  /** arrivals of [from, to); `to` may be Infinity */
  readonly from: number;
  readonly to: number;
  /**
   * Begin with what every machine said last before `from` (state, order, counters), as gateways do when they connect, so
   * that an engine that knows nothing yet knows what runs. They keep their ids and stamps: known ones are repeats.
   */
  readonly withLatest?: boolean;
}

/** The farthest back that something can be on its way from. */
const REACH_BACK_MS = Math.max(DELIVERY_MAX_MS, CORRECTION_MAX_MS);
/** Deeds of one second are stamped at most this long before it begins (a machine's last report of pieces). */
const STAMPED_BEFORE_MS = 100;

export const utcDayOf = (instant: number): number => instant - (instant % DAY_MS);

export function* simulate(simulation: Simulation): Generator<Emission> {
  const { plant, seed, from, to, withLatest = false } = simulation;
  const demo = demoPlantOf(plant, seed);
  const queue = new SendQueue<Sending>();
  const latest = new LatestNews();
  let begun = false;
  for (let day = utcDayOf(Math.max(0, from - REACH_BACK_MS)); ; day += DAY_MS) {
    for (const reached of sendDay(demo, day, queue)) {
      for (let next = queue.popBefore(reached); next !== null; next = queue.popBefore(reached)) {
        const { sendAt, what } = next;
        if (sendAt >= to) return;
        if (sendAt < from) {
          if (withLatest) latest.keep(what);
          continue;
        }
        if (!begun && withLatest) yield* latest.emissions(from);
        begun = true;
        yield { sendAt, event: eventOf(what) };
      }
      if (reached >= to) return;
    }
  }
}

/** Lives through a day and sends its news. @yields the instant before which everything that arrives is in the queue */
function* sendDay(demo: DemoPlant, day: number, queue: SendQueue<Sending>): Generator<number> {
  const gateway = new DemoGateway(demo, day, queue);
  const people = new DemoPeople(demo, day);
  let reached = day;
  for (const deeds of deedsOfDay(demo, day)) {
    for (const deed of deeds) {
      gateway.pass(deed);
      for (const { events } of people.watch(deed))
        for (const { sendAt, event } of events) queue.push(sendAt, { event });
    }
    reached += SECOND_MS;
    yield reached - STAMPED_BEFORE_MS;
  }
}

/** The newest state, order and reading that each machine has told. */
class LatestNews {
  readonly #kept = new Map<string, Deed>();

  keep(sending: Sending): void {
    if ('event' in sending || sending.deed.kind === 'sign') return;
    const { deed } = sending;
    if (deed.kind === 'pieces' && deed.readings === null) return;
    const key = `${deed.machine} ${deed.kind}`;
    const known = this.#kept.get(key);
    if (known === undefined || known.at < deed.at) this.#kept.set(key, deed);
  }

  *emissions(sendAt: number): Generator<Emission> {
    for (const deed of this.#kept.values()) yield { sendAt, event: deedToEvent(deed) };
  }
}
