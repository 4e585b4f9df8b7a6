// Serial line: machines in a row with buffers between them, so that one's stop starves and blocks the others, later.
// In: seconds. Out: deeds of its machines. Orders run along the line: it drains, changes over and starts again together.
// Pure but for its own state.

import type { Chance } from './chance.ts';
import type { DemoMachine, Second } from './demo-machine.ts';
import type { Condition } from './demo-words.ts';
import type { OrderBook } from './order-book.ts';

/** How long a full buffer feeds the constraint, seconds. */
const BUFFER_S = [60, 150] as const;
/** A machine that starved or was blocked waits for this part of the buffer before it starts again. */
const RESTART_FILL = 0.25;
const RESUME_ROOM = 0.3;

export interface SerialLineSettings {
  /** in flow order */
  readonly machines: readonly DemoMachine[];
  readonly constraint: number;
  readonly orders: OrderBook;
  readonly chance: Chance;
}

interface Station {
  readonly machine: DemoMachine;
  own: Condition | null;
  starved: boolean;
  blocked: boolean;
  changed: boolean;
  /** pieces begun and not yet made, below 1 */
  part: number;
}

export class SerialLine {
  readonly #stations: readonly Station[];
  readonly #constraint: number;
  readonly #orders: OrderBook;
  /** between station i and i + 1 */
  readonly #buffers: number[];
  readonly #sizes: number[];
  #made = 0;
  #draining = false;

  constructor(settings: SerialLineSettings) {
    const { machines, constraint, orders, chance } = settings;
    this.#stations = machines.map(machine => ({
      machine,
      own: null,
      starved: false,
      blocked: false,
      changed: false,
      part: 0,
    }));
    this.#constraint = constraint;
    this.#orders = orders;
    const perSecond = 1e6 / orders.shortestCycleUs;
    this.#sizes = machines.slice(1).map(() => Math.max(2, Math.round(perSecond * chance.between(...BUFFER_S))));
    this.#buffers = this.#sizes.map(size => Math.floor(size / 2));
  }

  step(second: Second): void {
    if (this.#orders.current === null) this.#startOrder(second);
    for (const station of this.#stations) station.own = station.machine.begin(second);
    if (this.#draining) this.#changeOver(second);
    const leadRate = this.#rateOf(this.#constraint, second);
    // From the end to the start: what a machine takes makes room for the one before it.
    for (let place = this.#stations.length - 1; place >= 0; place -= 1) this.#work(place, leadRate, second);
    for (const { machine } of this.#stations) machine.close(second);
  }

  endDay(second: Second): void {
    for (const { machine } of this.#stations) machine.endDay(second);
  }

  #startOrder(second: Second): void {
    const order = this.#orders.next(second.t);
    this.#made = 0;
    for (const { machine } of this.#stations) machine.voice.startOrder(second.t, order);
  }

  /** Pieces per second that a station makes when nothing holds it. */
  #rateOf(place: number, { t }: Second): number {
    const machine = this.#stations[place]?.machine;
    const cycleUs = machine?.cycleUs(this.#orders.current?.product ?? null, t) ?? this.#orders.shortestCycleUs;
    return machine === undefined ? 0 : (1e6 / cycleUs) * machine.body.pace();
  }

  #work(place: number, leadRate: number, second: Second): void {
    const station = this.#stations[place];
    if (station === undefined) return;
    const condition = station.own ?? this.#neighbours(station, place);
    station.machine.settle(second, condition);
    if (condition !== 'producing') return;
    const before = this.#buffers[place - 1] ?? Number.POSITIVE_INFINITY;
    const room =
      place < this.#sizes.length ? (this.#sizes[place] ?? 0) - (this.#buffers[place] ?? 0) : Number.POSITIVE_INFINITY;
    station.part += this.#governed(place, leadRate, second);
    const pieces = Math.min(Math.floor(station.part), before, room);
    station.part -= Math.floor(station.part);
    const reject = station.machine.body.rejectsAmong(pieces);
    const energyWh = (station.machine.character.powerKw * 1_000) / 3_600;
    station.machine.voice.make(pieces - reject, reject, 0, energyWh);
    if (place > 0) this.#buffers[place - 1] = before - pieces;
    if (place < this.#buffers.length) this.#buffers[place] = (this.#buffers[place] ?? 0) + pieces - reject;
    if (place !== this.#constraint) return;
    this.#made += pieces - reject;
    this.#draining ||= this.#made >= (this.#orders.current?.quantity ?? Number.POSITIVE_INFINITY);
  }

  /** Starved or blocked until enough has come or gone: a machine does not start for every single piece. */
  #neighbours(station: Station, place: number): Condition {
    const before = this.#buffers[place - 1];
    const size = this.#sizes[place - 1] ?? 0;
    if (before !== undefined) {
      if (before === 0) station.starved = true;
      else if (before >= size * RESTART_FILL || this.#draining) station.starved = false;
    }
    const after = this.#buffers[place];
    const afterSize = this.#sizes[place] ?? 0;
    if (after !== undefined) {
      if (after >= afterSize) station.blocked = true;
      else if (afterSize - after >= afterSize * RESUME_ROOM) station.blocked = false;
    }
    return station.starved ? 'starved' : station.blocked ? 'blocked' : 'producing';
  }

  /** Machines around the constraint could run faster; they do so only to fill or to empty a buffer towards it. */
  #governed(place: number, leadRate: number, second: Second): number {
    if (place === this.#constraint) return leadRate;
    const full = this.#rateOf(place, second);
    const side = place < this.#constraint ? place : place - 1;
    const fill = (this.#buffers[side] ?? 0) / (this.#sizes[side] ?? 1);
    const hurry = place < this.#constraint ? fill < 0.5 : fill > 0.5;
    if (hurry) return full;
    const short = place > this.#constraint && fill < RESTART_FILL;
    return Math.min(full, short ? leadRate * 0.97 : leadRate);
  }

  /** The order is made: one machine after the other runs empty and changes over; when all have, the next order starts. */
  #changeOver(second: Second): void {
    this.#stations.forEach((station, place) => {
      const ahead = this.#stations[place - 1];
      const empty = place <= this.#constraint || (ahead?.changed === true && this.#buffers[place - 1] === 0);
      if (station.changed || !empty || station.own !== null) return;
      station.changed = true;
      station.own = 'changeover';
      station.machine.voice.endOrder(second.t);
      station.machine.body.beginChangeover();
    });
    if (!this.#stations.every(station => station.changed && station.machine.body.changeoverDone)) return;
    this.#draining = false;
    for (const station of this.#stations) {
      station.changed = false;
      station.starved = false;
      station.blocked = false;
      station.machine.body.endChangeover();
      if (station.own === 'changeover') station.own = null;
    }
    // What stood before the constraint belongs to the old bottle and is cleared away.
    this.#buffers.fill(0);
    this.#startOrder(second);
  }
}
