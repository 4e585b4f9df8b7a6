// Machine voice: what one demo machine tells: changes of state, pieces now and then, orders, signs of life.
// In: what happens at it, second by second. Out: deeds, each at a millisecond of its own.
// Pure but for its own state.

import type { CounterName, MachineModel } from '../core/plant-model.ts';
import type { Deed, Link, PiecesDeed, Readings } from './deed.ts';
import { type Condition, sayingsOf } from './demo-words.ts';
import type { Character } from './machine-character.ts';

/**
 * Where in a second a machine speaks, after its own offset of at most 100 ms: a last report of pieces comes before the
 * change of state that ended them, an order's change after it, so no two facts of one kind share a millisecond.
 */
const LAST_REPORT = -100;
const ORDER = 300;
const REPORT = 500;
const FIRST_REPORT = 600;
const SIGN = 700;

export interface OrderOf {
  readonly order: string;
  readonly product: string;
  readonly quantity: number;
  readonly due: number;
}

export interface VoiceSettings {
  readonly machine: MachineModel;
  readonly character: Character;
  /** 5..100 */
  readonly offsetMs: number;
  /** how far its clock is ahead of true time */
  readonly skewMs: number;
  readonly out: Deed[];
}

type PieceCounts = { good: number; reject: number; rework: number; energyWh: number };
const noPieces = (): PieceCounts => ({ good: 0, reject: 0, rework: 0, energyWh: 0 });

export class MachineVoice {
  readonly #settings: VoiceSettings;
  readonly #sayings;
  readonly #counters: readonly CounterName[];
  readonly #shown: Record<CounterName, number> = { total: 0, good: 0, reject: 0, rework: 0 };
  #pending = noPieces();
  /** an impossible jump that the next report shows */
  #jump = 0;
  #condition: Condition | null = null;
  #order: OrderOf | null = null;
  /** the order that the outside knows of */
  #toldOrder: OrderOf | null = null;
  /** power is off: nothing is told at all */
  #mute = false;
  link: Link = 'up';

  constructor(settings: VoiceSettings) {
    this.#settings = settings;
    this.#sayings = sayingsOf(settings.machine);
    this.#counters = Object.keys(settings.machine.counters) as CounterName[];
  }

  get order(): OrderOf | null {
    return this.#order;
  }
  get condition(): Condition | null {
    return this.#condition;
  }

  /** Tells a change of state, after a last report of what was made before it. */
  settle(t: number, condition: Condition): void {
    if (condition === this.#condition) return;
    if (this.#condition === 'producing') this.report(t, LAST_REPORT);
    this.#condition = condition;
    this.#tellState(t);
  }

  /** News can get out again; what was lost on the way is told anew. */
  reconnect(t: number): void {
    const missed = this.link === 'lost';
    this.link = 'up';
    if (!missed) return;
    this.#tellState(t);
    if (this.#order !== null && this.#order !== this.#toldOrder) this.#tellOrder(t, 'start', this.#order);
  }

  /** The power goes. `said`: a gateway with power of its own says so; else there is nothing but silence. */
  powerOff(t: number, said: boolean): void {
    if (said) this.settle(t, 'noPower');
    else this.report(t, LAST_REPORT);
    this.#condition = 'noPower';
    this.#mute = true;
  }
  /** The power is back: counters show their first values at once. */
  powerOn(t: number): void {
    this.#mute = false;
    this.report(t, FIRST_REPORT, true);
  }

  make(good: number, reject: number, rework: number, energyWh: number): void {
    this.#pending.good += good;
    this.#pending.reject += reject;
    this.#pending.rework += rework;
    this.#pending.energyWh += energyWh;
  }

  startOrder(t: number, order: OrderOf): void {
    this.#order = order;
    for (const name of this.#counters)
      if (this.#settings.machine.counters[name]?.startsWithOrder) this.#shown[name] = 0;
    this.#tellOrder(t, 'start', order);
  }
  endOrder(t: number): void {
    if (this.#order === null) return;
    this.report(t, LAST_REPORT);
    this.#tellOrder(t, 'end', this.#order);
    this.#order = null;
  }

  /** The counters forget: they start from 0, or the total from a value that a service engineer put in. */
  resetCounters(total: number | null): void {
    const before = this.#shown.total;
    for (const name of this.#counters) this.#shown[name] = 0;
    if (total === null || !this.#counters.includes('total')) return;
    this.#shown.total = total;
    this.#jump = total - before;
  }

  /** The regular part of a second: pieces and a sign of life when their time has come. */
  speak(t: number, second: number, working: boolean): void {
    const { character, offsetMs } = this.#settings;
    // Two seconds before the full hour, for a machine with an offset of 100 ms: some pieces are left for its last report.
    if ((second + offsetMs + 1) % character.reportS === 0) this.report(t, REPORT, working && this.#counters.length > 0);
    if ((second + offsetMs) % character.heartbeatS === 0) this.#tell({ kind: 'sign', ...this.#when(t, SIGN) });
  }

  /** Reports the pieces since the last report; counters that were not moved are shown only when asked for. */
  report(t: number, slot = REPORT, even = false): void {
    const { good, reject, rework, energyWh } = this.#pending;
    if (good + reject + rework === 0 && this.#jump === 0 && !(even && this.#counters.length > 0)) return;
    // A dead machine shows nothing; its pieces were reported before the power went.
    if (this.#mute) return;
    const readings = this.#counters.length === 0 ? null : this.#readings();
    const told: PiecesDeed = {
      kind: 'pieces',
      ...this.#when(t, slot),
      good,
      reject,
      rework,
      energyWh: Math.round(energyWh),
      readings,
      quarantined: this.#jump,
    };
    this.#pending = noPieces();
    this.#jump = 0;
    this.#tell(told);
  }

  #readings(): Readings {
    const { good, reject, rework } = this.#pending;
    const gains: Readonly<Record<CounterName, number>> = { total: good + reject + rework, good, reject, rework };
    const readings: Partial<Record<CounterName, number>> = {};
    for (const name of this.#counters) {
      const modulus = this.#settings.machine.counters[name]?.modulus ?? null;
      const value = this.#shown[name] + gains[name];
      this.#shown[name] = modulus === null ? value : value % modulus;
      readings[name] = this.#shown[name];
    }
    return readings;
  }

  #tellState(t: number): void {
    if (this.#condition === null) return;
    this.#tell({ kind: 'state', ...this.#when(t, 0), ...this.#sayings[this.#condition] });
  }

  #tellOrder(t: number, phase: 'start' | 'end', order: OrderOf): void {
    if (this.link !== 'lost') this.#toldOrder = phase === 'start' ? order : null;
    this.#tell({ kind: 'order', phase, ...order, ...this.#when(t, ORDER) });
  }

  #when(t: number, slot: number): { machine: string; t: number; at: number; link: Link } {
    const { machine, offsetMs, skewMs } = this.#settings;
    const when = t + offsetMs + slot;
    return { machine: machine.id, t: when, at: when + skewMs, link: this.link };
  }

  #tell(deed: Deed): void {
    if (!this.#mute) this.#settings.out.push(deed);
  }
}
