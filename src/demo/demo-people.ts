// Demo people: operators and the lab, who know better afterwards: what a stop really was, which pieces were bad after all.
// In: deeds in order. Out: corrections, said minutes or hours later, some of them taken back.
// Pure but for its own state and chance.

import type { MachineModel } from '../core/plant-model.ts';
import { isoOf, MINUTE_MS } from '../core/time.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Deed, PiecesDeed, StateDeed } from './deed.ts';
import { eventIdOf, type RawEvent } from './deed-to-event.ts';
import type { DemoPlant } from './plant-day.ts';

interface Said {
  readonly sendAt: number;
  readonly event: RawEvent;
}

/** What somebody says about the past, with what the ledger needs to know of it. */
export type Correction =
  | {
      readonly kind: 'reclassify';
      readonly machine: string;
      readonly from: number;
      readonly to: number;
      readonly category: 'setup' | 'idle' | 'plannedStop';
      readonly revoked: boolean;
      readonly events: readonly Said[];
    }
  | {
      readonly kind: 'requalify';
      readonly machine: string;
      readonly at: number;
      readonly moved: number;
      readonly events: readonly Said[];
    };

const RESTATED_PART = 0.5;
const REVOKED_PART = 0.4;
const AFTER_MIN = [25, 300] as const;
const REVOKED_AFTER_MIN = [10, 60] as const;
/** Pieces reports between two samples of the lab that turn out bad, per machine. */
const SAMPLES_EVERY = 4_000;
/** Longest time until a correction, or its revocation, is said. */
export const CORRECTION_MAX_MS = (AFTER_MIN[1] + REVOKED_AFTER_MIN[1]) * MINUTE_MS;

const VERDICTS = [
  { category: 'setup', reason: 'C1', why: 'adjusted after the format change' },
  { category: 'idle', reason: 'W1', why: 'nobody was at the machine' },
  { category: 'plannedStop', reason: 'P1', why: 'maintenance was agreed for this time' },
] as const;

const isStop = (deed: StateDeed): boolean => deed.claim === 'stop' || deed.claim === 'breakdown';

export class DemoPeople {
  readonly #demo: DemoPlant;
  readonly #machines: ReadonlyMap<string, MachineModel>;
  readonly #chance: Chance;
  /** own stops that go on: machine -> its first state */
  readonly #stops = new Map<string, StateDeed>();
  readonly #out: Correction[] = [];

  constructor(demo: DemoPlant, dayStart: number) {
    this.#demo = demo;
    this.#machines = new Map(demo.plant.machines.map(machine => [machine.id, machine]));
    this.#chance = chanceOf(`${demo.seed} ${isoOf(dayStart).slice(0, 10)} people`);
  }

  /** Watches one deed. @returns what somebody will say because of it; valid until the next call */
  watch(deed: Deed): readonly Correction[] {
    this.#out.length = 0;
    if (deed.kind === 'state') this.#watchState(deed);
    else if (deed.kind === 'pieces' && deed.link === 'up') this.#sample(deed);
    return this.#out;
  }

  #watchState(deed: StateDeed): void {
    const started = this.#stops.get(deed.machine);
    if (isStop(deed)) {
      if (started === undefined) this.#stops.set(deed.machine, deed);
      return;
    }
    this.#stops.delete(deed.machine);
    const machine = this.#machines.get(deed.machine);
    if (started === undefined || machine === undefined || started.link !== 'up' || deed.link !== 'up') return;
    // A stop that a break or a shift's end cuts is left alone: what a person would mean by it is another story.
    const span = this.#demo.calendars.get(machine.calendar)?.spanAt(started.at);
    if (span === undefined || span.kind !== 'scheduled' || span.to <= deed.at) return;
    if (deed.at - started.at < machine.microStopMs || !this.#chance.hits(RESTATED_PART)) return;
    this.#out.push(this.#restate(started, deed));
  }

  #restate(started: StateDeed, ended: StateDeed): Correction {
    const { machine, at: from } = started;
    const to = ended.at;
    const chance = this.#chance;
    const { category, reason, why } = chance.pick(VERDICTS);
    const by = `operator-${chance.whole(1, 9)}`;
    const sendAt = ended.t + chance.whole(...AFTER_MIN) * MINUTE_MS + chance.whole(0, 59_999);
    const id = `op-${machine}-${from}`;
    const said = { id, machine, at: isoOf(sendAt), type: 'reclassify', from: isoOf(from), to: isoOf(to) };
    const events: Said[] = [{ sendAt, event: { ...said, category, reason, by, why } }];
    const revoked = chance.hits(REVOKED_PART);
    if (revoked) {
      const later = sendAt + chance.whole(...REVOKED_AFTER_MIN) * MINUTE_MS;
      const back = { id: `${id}-back`, machine, at: isoOf(later), type: 'revoke', revokes: id };
      events.push({ sendAt: later, event: { ...back, by, why: 'wrong machine' } });
    }
    return { kind: 'reclassify', machine, from, to, category, revoked, events };
  }

  #sample(deed: PiecesDeed): void {
    if (deed.good < 1 || !this.#chance.hits(1 / SAMPLES_EVERY)) return;
    const { machine, at } = deed;
    const moved = this.#chance.whole(1, Math.min(deed.good, 6));
    const sendAt = deed.t + this.#chance.whole(...AFTER_MIN) * MINUTE_MS + this.#chance.whole(0, 59_999);
    const event: RawEvent = {
      id: `lab-${eventIdOf(deed)}`,
      machine,
      at: isoOf(at),
      type: 'requalify',
      good: -moved,
      reject: moved,
      by: 'lab',
      why: 'failed the sample test',
    };
    this.#out.push({ kind: 'requalify', machine, at, moved, events: [{ sendAt, event }] });
  }
}
