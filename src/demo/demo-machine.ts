// Demo machine: one machine of the simulated plant: its body, its voice, and the troubles that wait for it today.
// In: seconds of true time and what its line lets it do. Out: deeds, by its voice.
// Pure but for its own state.

import type { Calendar } from '../core/calendar.ts';
import type { MachineModel } from '../core/plant-model.ts';
import type { Chance } from './chance.ts';
import type { Trouble } from './day-troubles.ts';
import type { Deed } from './deed.ts';
import type { Condition } from './demo-words.ts';
import { MachineBody } from './machine-body.ts';
import type { Character } from './machine-character.ts';
import { MachineVoice } from './machine-voice.ts';

/** A second of true time: its start, and its number on the UTC day. */
export interface Second {
  readonly t: number;
  readonly number: number;
}

export interface DemoMachineSettings {
  readonly machine: MachineModel;
  readonly character: Character;
  readonly calendar: Calendar;
  readonly troubles: readonly Trouble[];
  readonly chance: Chance;
  readonly offsetMs: number;
  readonly skewMs: number;
  readonly dayStart: number;
  readonly out: Deed[];
}

/** Working time that must be left before a break for a trouble to begin: it is over by then, and seen. */
const ROOM_AFTER_MS = 120_000;
/** A trouble that found no fitting moment before this second of the day is let off. */
const TROUBLE_ENDS_MAX_S = 85_000;

export class DemoMachine {
  readonly machine: MachineModel;
  readonly character: Character;
  readonly body: MachineBody;
  readonly voice: MachineVoice;
  readonly chance: Chance;
  readonly #calendar: Calendar;
  readonly #waiting: Trouble[];
  #trouble: { readonly kind: Trouble['kind']; readonly endsS: number; readonly counterFrom: number | null } | null =
    null;
  #working = false;

  constructor(settings: DemoMachineSettings) {
    const { machine, character, calendar, troubles, chance, offsetMs, skewMs, dayStart, out } = settings;
    this.machine = machine;
    this.character = character;
    this.chance = chance;
    this.body = new MachineBody(character, chance, dayStart);
    this.voice = new MachineVoice({ machine, character, offsetMs, skewMs, out });
    this.#calendar = calendar;
    this.#waiting = [...troubles];
  }

  /** Ideal cycle of the product at the time, microseconds; null where the plant names none. */
  cycleUs(product: string | null, t: number): number | null {
    let found: { readonly from: number; readonly cycleUs: number } | null = null;
    for (const cycle of this.machine.cycles) {
      if (cycle.product !== product || cycle.from > t) continue;
      if (found === null || cycle.from >= found.from) found = cycle;
    }
    return found?.cycleUs ?? null;
  }

  /** The machine's own condition in this second; null: it could run. */
  begin(second: Second): Condition | null {
    const span = this.#calendar.spanAt(second.t);
    this.#working = span.kind === 'scheduled';
    if (this.#trouble?.kind === 'power') {
      if (second.number < this.#trouble.endsS) return 'noPower';
      this.voice.resetCounters(this.#trouble.counterFrom);
      this.voice.powerOn(second.t);
      this.body.restart();
      this.#trouble = null;
    }
    this.#maybeTrouble(second, span.to);
    return this.#trouble?.kind === 'power' ? 'noPower' : this.body.own(span, second.t);
  }

  /** What it is after all, its neighbours having had their say. */
  settle(second: Second, condition: Condition): void {
    if (condition !== 'noPower') this.voice.settle(second.t, condition);
    if (condition === 'producing') this.body.ran();
    const trouble = this.#trouble;
    if (trouble === null || trouble.kind === 'power' || second.number < trouble.endsS) return;
    // A gateway that forgot comes back while the machine runs: so no stop is cut in two by what nobody saw.
    if (trouble.kind === 'lost' && condition !== 'producing') return;
    this.#endTrouble(second);
  }

  /** The rest of the second: reports and signs of life. */
  close(second: Second): void {
    this.voice.speak(second.t, second.number, this.#working);
  }

  /** The day is over: its order is closed, and whatever was wrong is over with it. */
  endDay(second: Second): void {
    if (this.#trouble !== null) this.#endTrouble(second);
    this.voice.endOrder(second.t);
  }

  #endTrouble(second: Second): void {
    if (this.#trouble?.kind !== 'power') this.voice.reconnect(second.t);
    this.#trouble = null;
  }

  #maybeTrouble(second: Second, spanEnd: number): void {
    const next = this.#waiting[0];
    if (next === undefined || this.#trouble !== null || second.number < next.fromS) return;
    if (second.number + next.lengthS > TROUBLE_ENDS_MAX_S) {
      this.#waiting.shift();
      return;
    }
    if (this.voice.condition !== 'producing' || spanEnd - second.t < next.lengthS * 1_000 + ROOM_AFTER_MS) return;
    this.#waiting.shift();
    const { kind, lengthS, counterFrom, said } = next;
    this.#trouble = { kind, endsS: second.number + lengthS, counterFrom };
    if (kind === 'power') this.voice.powerOff(second.t, said);
    else this.voice.link = kind;
  }
}
