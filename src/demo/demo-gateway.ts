// Demo gateway: the way of the news from a machine to the engine, with all that happens to news on the way.
// In: deeds in order. Out: arrivals: mostly at once, some late, twice, out of order, in a burst, or never.
// Pure but for its own state and chance.

import type { Chance } from './chance.ts';
import { chanceOf } from './chance.ts';
import type { Deed } from './deed.ts';
import { deedToEvent, eventIdOf, type RawEvent } from './deed-to-event.ts';
import type { DemoPlant } from './plant-day.ts';
import type { SendQueue } from './send-queue.ts';

/** On its way: an event, or the deed that it is made of when it is needed. */
export type Sending = { readonly deed: Deed } | { readonly event: RawEvent };

const LATENCY_MIN_MS = 40;
const LATE_PART = 0.003;
const LATE_MS = [3_000, 240_000] as const;
const REPEATED_PART = 0.004;
const REPEATED_AFTER_MS = [20, 40_000] as const;
/** Wrong clocks a day, over all machines: each tells one thing that cannot be, and the engine must set it aside. */
const WRONG_CLOCKS = 3;
/** A burst's events come this far apart, and nearly in order. */
const BURST_STEP_MS = 2;
const BURST_SHUFFLE_MS = 300;

/** Longest way of a deed: stored for the longest outage, told late on top of it. Corrections have a bound of their own. */
export const DELIVERY_MAX_MS = 2 * 3_600_000;

export class DemoGateway {
  readonly #demo: DemoPlant;
  readonly #queue: SendQueue<Sending>;
  readonly #chances = new Map<string, Chance>();
  readonly #stored = new Map<string, Deed[]>();
  readonly #date: string;
  /** instants at which some machine's clock is wrong, ascending */
  readonly #wrong: { readonly t: number; readonly machine: string; readonly future: boolean }[];

  constructor(demo: DemoPlant, dayStart: number, queue: SendQueue<Sending>) {
    this.#demo = demo;
    this.#queue = queue;
    this.#date = new Date(dayStart).toISOString().slice(0, 10);
    const chance = chanceOf(`${demo.seed} ${this.#date} wrong clocks`);
    this.#wrong = Array.from({ length: WRONG_CLOCKS }, (_, index) => ({
      t: dayStart + chance.whole(3_600, 80_000) * 1_000,
      machine: chance.pick(demo.plant.machines).id,
      future: index !== 1,
    })).sort((a, b) => a.t - b.t);
  }

  pass(deed: Deed): void {
    const chance = this.#chanceOf(deed.machine);
    const stored = this.#stored.get(deed.machine);
    if (deed.link === 'storing') {
      if (stored === undefined) this.#stored.set(deed.machine, [deed]);
      else stored.push(deed);
      return;
    }
    if (stored !== undefined) this.#burst(deed.machine, stored, deed.t, chance);
    this.#maybeWrongClock(deed);
    if (deed.link === 'lost') return;
    const { jitterMs } = this.#demo.characters.get(deed.machine) ?? { jitterMs: 0 };
    const late = chance.hits(LATE_PART) ? chance.whole(...LATE_MS) : 0;
    const arrival = deed.t + LATENCY_MIN_MS + chance.whole(0, jitterMs) + late;
    this.#queue.push(arrival, { deed });
    if (chance.hits(REPEATED_PART)) this.#queue.push(arrival + chance.whole(...REPEATED_AFTER_MS), { deed });
  }

  /** The line is there again: all that was stored comes at once. */
  #burst(machine: string, stored: readonly Deed[], t: number, chance: Chance): void {
    this.#stored.delete(machine);
    stored.forEach((deed, index) => {
      const arrival = t + LATENCY_MIN_MS + index * BURST_STEP_MS + chance.whole(0, BURST_SHUFFLE_MS);
      this.#queue.push(arrival, { deed });
    });
  }

  /** A clock that lost its battery: twenty years ahead, or back at its factory's birthday. Told beside the true news. */
  #maybeWrongClock(deed: Deed): void {
    const next = this.#wrong[0];
    if (next === undefined || deed.machine !== next.machine || deed.t < next.t || deed.link !== 'up') return;
    this.#wrong.shift();
    const at = next.future ? deed.t + 20 * 365 * 86_400_000 : Date.UTC(2000, 0, 1) + (deed.t % 86_400_000);
    const event = { id: `${eventIdOf(deed)}-clock`, machine: deed.machine, at, type: 'count', good: 1 };
    this.#queue.push(deed.t + LATENCY_MIN_MS, { event });
  }

  #chanceOf(machine: string): Chance {
    const known = this.#chances.get(machine);
    if (known !== undefined) return known;
    const made = chanceOf(`${this.#demo.seed} ${this.#date} ${machine} news`);
    this.#chances.set(machine, made);
    return made;
  }
}

export function eventOf(sending: Sending): RawEvent {
  return 'event' in sending ? sending.event : deedToEvent(sending.deed);
}
