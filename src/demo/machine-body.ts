// Machine body: what one demo machine is able to do from second to second: run, jam, fail, warm up, rest.
// In: the calendar's span of each second and chance. Out: its own condition, or null when nothing but its neighbours holds it.
// Pure but for its own state.

import type { CalendarSpan } from '../core/calendar-span.ts';
import type { Chance } from './chance.ts';
import type { Condition } from './demo-words.ts';
import type { Character } from './machine-character.ts';

/** How fast start-up scrap fades, seconds of running. */
const WARMING_S = 240;
/** A failing machine stands this long before it, or somebody, calls it broken. */
const FAILING_S = [6, 25] as const;
/** Repairs are never so short that they would pass for a jam, and never eat the day. */
const REPAIR_S = [240, 5_400] as const;
const JAM_S = [4, 420] as const;

const clip = (value: number, [low, high]: readonly [number, number]): number =>
  Math.min(Math.max(Math.round(value), low), high);

export class MachineBody {
  readonly #character: Character;
  readonly #chance: Chance;
  /** seconds of running until the next failure */
  #lifeS: number;
  #failingS = 0;
  #brokenS = 0;
  /** a pause of its own that runs down while the shift works */
  #pause: { condition: Condition; leftS: number } | null = null;
  #changeoverS: number | null = null;
  #slowS = 0;
  /** seconds of running since the last start-up */
  #warmS = 0;
  #rested = false;
  #shiftStart: number | null = null;
  #plannedStopAt: number;

  constructor(character: Character, chance: Chance, dayStart: number) {
    this.#character = character;
    this.#chance = chance;
    this.#lifeS = this.#nextLife();
    this.#warmS = WARMING_S * 3;
    this.#plannedStopAt = dayStart + chance.whole(2 * 3600, 20 * 3600) * 1000;
  }

  /** What the machine itself is at this second; null: able and willing to make pieces. */
  own(span: CalendarSpan, t: number): Condition | null {
    if (this.#failingS > 0) {
      this.#failingS -= 1;
      return 'failing';
    }
    if (this.#brokenS > 0) {
      this.#brokenS -= 1;
      if (this.#brokenS === 0) this.#startUp();
      return 'broken';
    }
    if (span.kind !== 'scheduled') {
      this.#rested = true;
      this.#pause = null;
      return 'rest';
    }
    this.#arrive(span);
    if (this.#changeoverS !== null) {
      if (this.#changeoverS > 0) this.#changeoverS -= 1;
      return 'changeover';
    }
    this.#maybePlannedStop(t, span);
    if (this.#pause === null) this.#tempt();
    if (this.#failingS > 0) return this.own(span, t);
    if (this.#pause === null) return null;
    const { condition } = this.#pause;
    this.#pause.leftS -= 1;
    if (this.#pause.leftS <= 0) this.#pause = null;
    return condition;
  }

  /** A second of running has worn it a little. */
  ran(): void {
    this.#lifeS -= 1;
    this.#warmS += 1;
    if (this.#slowS > 0) this.#slowS -= 1;
    else if (this.#hourly(this.#character.slowPerHour)) this.#slowS = this.#chance.whole(240, 1_500);
  }

  /** Speed as a part of the ideal. */
  pace(): number {
    const { pace, slowPace, cycleSpread } = this.#character;
    const cycle = cycleSpread === 0 ? 1 : Math.max(0.85, this.#chance.lognormal(1, cycleSpread));
    return (this.#slowS > 0 ? pace * slowPace : pace) / cycle;
  }

  /** How many of the pieces are scrap. */
  rejectsAmong(pieces: number): number {
    const { scrap, startUpScrap } = this.#character;
    const expected = pieces * (scrap + startUpScrap * Math.exp(-this.#warmS / WARMING_S));
    const whole = Math.floor(expected);
    return Math.min(pieces, whole + (this.#chance.hits(expected - whole) ? 1 : 0));
  }

  needsRework(): boolean {
    return this.#character.rework > 0 && this.#chance.hits(this.#character.rework);
  }

  beginChangeover(): void {
    const { changeoverMin } = this.#character;
    this.#pause = null;
    this.#changeoverS = clip(this.#chance.lognormal(changeoverMin * 60, 0.25), [120, changeoverMin * 150]);
  }
  get changeoverDone(): boolean {
    return this.#changeoverS === 0;
  }
  endChangeover(): void {
    this.#changeoverS = null;
    this.#startUp();
  }

  /** Power is back: it starts cold. */
  restart(): void {
    this.#failingS = 0;
    this.#brokenS = 0;
    this.#pause = { condition: 'warmUp', leftS: clip(this.#character.warmUpS / 2, [30, 300]) };
    this.#startUp();
  }

  #startUp(): void {
    this.#warmS = 0;
  }

  #nextLife(): number {
    const { failEveryH, failShape } = this.#character;
    return Math.round(this.#chance.weibull(failEveryH * 3_600, failShape)) + 60;
  }

  #hourly(rate: number): boolean {
    return rate > 0 && this.#chance.hits(rate / 3_600);
  }

  /** People come to the machine: after a break a little late, at a shift's start it is warmed up. */
  #arrive(span: CalendarSpan): void {
    const shiftStart = span.shift?.start ?? null;
    const newShift = this.#shiftStart !== null && shiftStart !== this.#shiftStart;
    this.#shiftStart = shiftStart;
    const { warmUpS, lateBackS } = this.#character;
    if (newShift) {
      this.#startUp();
      this.#pause = { condition: 'warmUp', leftS: clip(warmUpS * this.#chance.between(0.7, 1.4), [10, 900]) };
    } else if (this.#rested) {
      this.#warmS = Math.min(this.#warmS, WARMING_S / 2);
      this.#pause = { condition: 'waiting', leftS: clip(lateBackS * this.#chance.next(), [3, 600]) };
    }
    this.#rested = false;
  }

  #maybePlannedStop(t: number, span: CalendarSpan): void {
    const { plannedStopMin } = this.#character;
    if (plannedStopMin === 0 || t < this.#plannedStopAt || span.to - t < plannedStopMin * 90_000) return;
    this.#plannedStopAt = Number.POSITIVE_INFINITY;
    this.#pause = {
      condition: 'planned',
      leftS: clip(plannedStopMin * 60 * this.#chance.between(0.8, 1.2), [300, 3_600]),
    };
  }

  /** What may come over a machine that would otherwise run. */
  #tempt(): void {
    const character = this.#character;
    const chance = this.#chance;
    if (this.#lifeS <= 0) {
      this.#lifeS = this.#nextLife();
      this.#failingS = chance.whole(...FAILING_S);
      this.#brokenS = clip(chance.lognormal(character.repairMedianMin * 60, 0.6), REPAIR_S);
    } else if (this.#hourly(character.jamsPerHour)) {
      this.#pause = {
        condition: 'jam',
        leftS: clip(chance.lognormal(character.jamMedianS, character.jamSpread), JAM_S),
      };
    } else if (this.#hourly(character.adjustmentsPerHour)) {
      this.#pause = { condition: 'adjustment', leftS: chance.whole(50, 130) };
    } else if (this.#hourly(character.waitsPerHour)) {
      this.#pause = { condition: 'waiting', leftS: clip(chance.lognormal(character.waitMedianS, 0.6), [10, 1_200]) };
    } else if (this.#hourly(character.materialPerHour)) {
      this.#pause = { condition: 'noMaterial', leftS: clip(chance.lognormal(240, 0.5), [30, 1_800]) };
    }
  }
}
