// Work store: what the page knows of an operator's work at one machine: the shift, its stops, what was changed, what is on its way.
// In: choices, jobs, explanations. Out: signals.
// Touches the server through the doors handed in.

import { batch, computed, signal } from '@preact/signals';
import type { WireChange, WireExplanation } from '../core/explanation.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { type Trouble, troubleOf } from './server-refusal.ts';
import { type Stop, stopsOf } from './stop-story.ts';
import { stretchOf } from './stretch.ts';
import { type Job, type JobDoors, pursue, spanOf, type WorkEvent } from './work-job.ts';

/** The place of the work at a machine in the address; no unit can be called so. */
const WORK_AT = '!work ';
export const workAddress = (unit: string): string => `${WORK_AT}${unit}`;
export const workedUnit = (address: string): string | null =>
  address.startsWith(WORK_AT) ? address.slice(WORK_AT.length) : null;

export type WorkTab = 'stops' | 'scrap' | 'order' | 'done';

/** The span that gets a reason: a stop, a part of one, or several with what lies between. */
export interface Chosen {
  readonly from: number;
  readonly to: number;
  readonly state: string | null;
  readonly category: Stop['category'];
  readonly open: boolean;
}

/** How far back shifts can be corrected, and reasons are learnt from. */
const SHIFTS_MS = 7 * 86_400_000;
const HISTORY_MS = 48 * 3_600_000;
/** Jobs that are kept to be looked at; what was done stands in the list of changes for good. */
const JOBS_MAX = 20;

export interface WorkDoors extends JobDoors {
  shifts(unit: string, from: number, to: number): Promise<readonly WireResult[]>;
  now(): number;
  newId(): string;
}

export class WorkStore {
  readonly tab = signal<WorkTab>('stops');
  readonly chosen = signal<Chosen | null>(null);
  readonly comment = signal('');
  /** shifts that can be looked at, the running one last */
  readonly shifts = signal<readonly WireResult[]>([]);
  /** start of the shift that is worked on; null: the running one */
  readonly shiftStart = signal<string | null>(null);
  readonly explained = signal<WireExplanation | null>(null);
  readonly history = signal<readonly Stop[]>([]);
  readonly jobs = signal<readonly Job[]>([]);
  /** why something could not be read */
  readonly trouble = signal<Trouble | null>(null);
  readonly shift = computed(
    () =>
      this.shifts.value.find(({ window }) => window.start === this.shiftStart.value) ??
      this.shifts.value.at(-1) ??
      null,
  );
  readonly #doors: WorkDoors;
  #unit: string | null = null;

  constructor(doors: WorkDoors) {
    this.#doors = doors;
  }

  /** Begins at a machine; what was typed at another one is gone, what was sent goes on. */
  async open(unit: string): Promise<void> {
    if (this.#unit !== unit) {
      batch(() => {
        this.#unit = unit;
        this.chosen.value = null;
        this.comment.value = '';
        this.shiftStart.value = null;
        this.shifts.value = [];
        this.explained.value = null;
        this.history.value = [];
      });
    }
    const now = this.#doors.now();
    await this.refresh();
    await this.#guard(async () => {
      const parts = await this.#doors.explain(unit, now - HISTORY_MS, now);
      if (this.#unit === unit) this.history.value = stopsIn(parts[0] ?? null, now);
    });
  }

  /** What made a machine's figures of a span. */
  async explainOf(unit: string, from: number, to: number): Promise<WireExplanation | null> {
    return (await this.#doors.explain(unit, from, to))[0] ?? null;
  }

  /** Reads the shifts and what made the chosen one. */
  async refresh(): Promise<void> {
    const unit = this.#unit;
    if (unit === null) return;
    await this.#guard(async () => {
      const now = this.#doors.now();
      const shifts = await this.#doors.shifts(unit, now - SHIFTS_MS, now);
      if (this.#unit !== unit) return;
      this.shifts.value = shifts;
      const shift = this.shift.value;
      if (shift === null) return;
      const [from, to] = spanOf(shift);
      const [explained] = await this.#doors.explain(unit, from, to);
      const isWanted = this.#unit === unit && this.shift.value?.window.start === shift.window.start;
      if (isWanted) this.explained.value = explained ?? null;
    });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.trouble.value = null;
    } catch (error) {
      this.trouble.value = troubleOf(error);
    }
  }

  /** The shift before, or after. */
  async goToShift(step: -1 | 1): Promise<void> {
    const shifts = this.shifts.value;
    const at = shifts.indexOf(this.shift.value as WireResult) + step;
    const next = shifts[at];
    if (next === undefined) return;
    batch(() => {
      this.shiftStart.value = at === shifts.length - 1 ? null : next.window.start;
      this.chosen.value = null;
      this.explained.value = null;
    });
    await this.refresh();
  }

  /** @param at an instant of the window whose figures will show it */
  async tell(event: Omit<WorkEvent, 'id'>, at: number, text: string): Promise<void> {
    const id = this.#doors.newId();
    const full = { ...event, id } as WorkEvent;
    await this.#pursue({ ...NEW_JOB, event: full, unit: full.machine, text, at, target: id, stands: true });
  }

  /** Takes a change back; of one that was taken back, the taking back. */
  async undo(
    unit: string,
    change: Pick<WireChange, 'id' | 'undone'>,
    at: number,
    by: string,
    words: UndoWords,
  ): Promise<void> {
    const revokes = change.undone?.id ?? change.id;
    const stands = change.undone !== null;
    const id = this.#doors.newId();
    const event: WorkEvent = { id, type: 'revoke', machine: unit, revokes, by, why: words.why };
    await this.#pursue({ ...NEW_JOB, event, unit, text: words.text, at, target: change.id, stands });
  }

  /** Sends what could not be sent once more, under its own id: it can count only once. */
  async again(job: Job): Promise<void> {
    await this.#pursue(job);
  }

  dismiss(job: Job): void {
    this.jobs.value = this.jobs.value.filter(({ event }) => event.id !== job.event.id);
  }

  async #pursue(job: Job): Promise<void> {
    await pursue(job, this.#doors, next => {
      const known = this.jobs.value.some(({ event }) => event.id === next.event.id);
      this.jobs.value = known
        ? this.jobs.value.map(each => (each.event.id === next.event.id ? next : each))
        : [next, ...this.jobs.value].slice(0, JOBS_MAX);
    });
    await this.refresh();
  }
}

export interface UndoWords {
  readonly text: string;
  readonly why: string;
}

const NEW_JOB = { stage: 'sending', before: null, after: null, trouble: null } as const;

/** The stops of an explanation. */
export function stopsIn(explained: WireExplanation | null, now: number): Stop[] {
  return stopsOf((explained?.intervals ?? []).map(stretchOf), now);
}
