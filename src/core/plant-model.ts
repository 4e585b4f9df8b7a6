// The plant as the law needs it: units, calendars, cycles and thresholds, resolved (defaults filled in, references checked).
// In: made by plant/ from the plant file, carried as JSON through the log. Out: what machines, lines and windows are.
// Pure; plain JSON.

import type { AlertRule, MaintenanceWindow } from './alert-rule.ts';
import type { ReceiverModel } from './receiver.ts';
import type { Claim, Vocabulary } from './vocabulary.ts';

export type Level = 'machine' | 'line' | 'area' | 'site';
export type CounterName = 'total' | 'good' | 'reject' | 'rework';

/** A break or planned stop inside a shift, wall-clock `HH:MM` in the calendar's zone. */
export interface BreakModel {
  readonly name: string;
  readonly start: string;
  readonly end: string;
}

/** One shift of a day's pattern; an end at or before the start lies on the next day. */
export interface ShiftModel {
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly breaks: readonly BreakModel[];
  readonly crew?: string;
}

/** What holds from a date on, until the next revision's date. Dates are local `YYYY-MM-DD`. */
export interface CalendarRevision {
  readonly from: string;
  /** shifts for Monday (0) to Sunday (6); used when there is no rotation */
  readonly weekly: readonly (readonly ShiftModel[])[];
  /** shifts of day n of a rotation that started on `anchor`; replaces `weekly` */
  readonly rotation?: { readonly anchor: string; readonly days: readonly (readonly ShiftModel[])[] };
  /** dates without work */
  readonly holidays: readonly string[];
  /** dates with a pattern of their own: overtime, swapped days; they win over holidays */
  readonly exceptions: readonly { readonly date: string; readonly shifts: readonly ShiftModel[] }[];
}

export interface CalendarModel {
  readonly id: string;
  /** IANA zone, e.g. Europe/Oslo */
  readonly zone: string;
  /** local `HH:MM` at which a business day starts */
  readonly dayStart: string;
  /** ascending by `from`; never empty; the first is valid for all time before it too */
  readonly revisions: readonly CalendarRevision[];
}

/** The ideal cycle of a product on a machine from an instant on, until the next entry for the same pair. */
export interface CycleModel {
  readonly product: string;
  /** epoch ms; 0 = always */
  readonly from: number;
  readonly cycleUs: number;
}

export interface CounterModel {
  /** the value at which the counter falls back to 0 (65536 for 16 bits); null when it does not roll over */
  readonly modulus: number | null;
  /** true: an order's start sets it to 0, so that the first reading of the order counts whole */
  readonly startsWithOrder: boolean;
}

/** What a reason code means; a claim lifts the state's own (a stop with a set-up reason is set-up). */
export interface ReasonModel {
  readonly text: string;
  readonly claim: Claim | null;
}

export interface MachineModel {
  readonly id: string;
  readonly name: string;
  readonly line: string;
  readonly area: string;
  readonly site: string;
  readonly calendar: string;
  readonly vocabulary: Vocabulary;
  readonly reasons: Readonly<Record<string, ReasonModel>>;
  /** own stops shorter than this are micro-stops */
  readonly microStopMs: number;
  /** no message for longer than this is unknown time; null: the source itself says when it is unavailable */
  readonly silenceMs: number | null;
  /** which cumulative counters the machine sends; empty: every event speaks for itself */
  readonly counters: Partial<Readonly<Record<CounterName, CounterModel>>>;
  /** pieces per second that the machine can never exceed; null: jumps are not judged */
  readonly maxRate: number | null;
  /** `ending`: a piece stamped exactly at a shift's end belongs to the shift that ends */
  readonly countEdge: 'starting' | 'ending';
  /** product when no order runs; null: none */
  readonly product: string | null;
  /** ascending by `from` within a product */
  readonly cycles: readonly CycleModel[];
  /** words by which alert rules choose machines, lines' tags included */
  readonly tags: readonly string[];
}

export interface LineModel {
  readonly id: string;
  readonly name: string;
  readonly area: string;
  readonly site: string;
  readonly kind: 'serial' | 'parallel';
  /** in flow order for a serial line */
  readonly machines: readonly string[];
  /** serial lines: the machine that gives planned time and ideal cycle; null on parallel lines */
  readonly constraint: string | null;
  readonly tags: readonly string[];
}

export interface AreaModel {
  readonly id: string;
  readonly name: string;
  readonly site: string;
  readonly lines: readonly string[];
}

export interface SiteModel {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly areas: readonly string[];
}

export interface ProductModel {
  readonly id: string;
  readonly name: string;
  /** the unit that a piece is counted in, e.g. bottle */
  readonly piece: string;
}

/** Times and bounds of the whole plant, milliseconds. */
export interface PlantSettings {
  /** how long after a window's end its result stays provisional */
  readonly latenessMs: number;
  /** how far back facts are kept raw and results can be restated */
  readonly horizonMs: number;
  /** events stamped further ahead of their arrival than this are refused */
  readonly maxAheadMs: number;
  /** lengths of the sliding windows in minutes */
  readonly slidingMinutes: readonly number[];
  /** how often a quiet machine's live edge moves */
  readonly refreshMs: number;
}

export interface Plant {
  readonly name: string;
  /** hash of everything below: two plants with one revision are the same */
  readonly revision: string;
  readonly settings: PlantSettings;
  readonly sites: readonly SiteModel[];
  readonly areas: readonly AreaModel[];
  readonly lines: readonly LineModel[];
  readonly machines: readonly MachineModel[];
  readonly products: readonly ProductModel[];
  readonly calendars: readonly CalendarModel[];
  /** target OEE per unit id, 0..1, where one is set */
  readonly targets: Readonly<Record<string, number>>;
  readonly alerts: readonly AlertRule[];
  readonly maintenance: readonly MaintenanceWindow[];
  /** who is told by webhook */
  readonly receivers: readonly ReceiverModel[];
}
