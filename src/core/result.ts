// Result: what the engine says, for every way out: windows, intervals, live states.
// In: made by windows, lines and timelines. Out: one packed row each for the outbox, read back by every sink.
// Pure.

import type { Alert } from './alert.ts';
import type { Confirmation } from './confirmation.ts';
import type { Level } from './plant-model.ts';
import { type Category, rowToTally, type Tally, tallyToRow } from './tally.ts';

/** Tumbling minute, hour, shift, day; `order` is an order's run; `last5m`, `last60m` … slide; `span` is what somebody asked for. */
export type WindowKind = 'minute' | 'hour' | 'shift' | 'day' | 'order' | 'span' | `last${number}m`;

/** Where a unit's figures come from: its own facts, sums over its parts, or (serial lines) constraint and last machine. */
export type Basis = 'own' | 'sum' | 'constraint';

/** A window's identity is (unit, kind, start); the newest revision is what is known now. */
export interface WindowResult {
  readonly type: 'result';
  readonly unit: string;
  readonly level: Level;
  readonly kind: WindowKind;
  /** the shift's name, the order's id, or null */
  readonly name: string | null;
  readonly start: number;
  /** exclusive; on a live window how far the tally reaches is `edge` */
  readonly end: number;
  /** the instant up to which facts are counted in; = end once the window is over */
  readonly edge: number;
  /** local date YYYY-MM-DD of the business day that the window belongs to; null where it belongs to none */
  readonly businessDay: string | null;
  readonly final: boolean;
  readonly revision: number;
  readonly tally: Tally;
  readonly basis: Basis;
  /** serial lines: the plain sums, beside the constraint's figures */
  readonly beside: Tally | null;
  /** who restated it, and why; null when no person did */
  readonly by: string | null;
  readonly why: string | null;
}

export type IntervalSource = 'state' | 'calendar' | 'restatement' | 'inferred' | 'silence';

/** A span of one machine's effective timeline. `from` is its identity; `to === from` says that it was superseded. */
export interface Interval {
  readonly type: 'interval';
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly category: Category;
  /** the machine's own word, null before the first */
  readonly state: string | null;
  readonly reason: string | null;
  /** same over every cut of one stop; null when it is none */
  readonly stopId: string | null;
  readonly source: IntervalSource;
  /** still going on */
  readonly open: boolean;
  /** an own stop that has not reached the machine's threshold yet */
  readonly undecided: boolean;
}

/** What a machine is doing now. */
export interface LiveState {
  readonly type: 'state';
  readonly unit: string;
  readonly at: number;
  readonly since: number;
  readonly category: Category;
  readonly state: string | null;
  readonly reason: string | null;
  readonly stopId: string | null;
  readonly undecided: boolean;
  readonly order: string | null;
  readonly product: string | null;
  /** last sign of life */
  readonly lastSign: number | null;
}

/** Time lost to one cause, over all machines of the unit. */
export interface LossOfReason {
  readonly category: Category;
  readonly reason: string | null;
  readonly text: string | null;
  readonly ms: number;
  readonly stops: number;
}

/** A stop of the shift that nobody explained. */
export interface UnexplainedStop {
  readonly unit: string;
  readonly stopId: string;
  readonly from: number;
  readonly to: number;
  readonly category: Category;
  readonly state: string | null;
}

/** What a shift was, in one document per unit. `(unit, result.start, result.revision)` is its identity. */
export interface ShiftReport {
  readonly type: 'report';
  readonly unit: string;
  /** the unit's final or restated shift window */
  readonly result: WindowResult;
  /** longest first; at most REPORT_ROWS_MAX of each */
  readonly losses: readonly LossOfReason[];
  readonly unexplained: readonly UnexplainedStop[];
  /** what did not fit */
  readonly more: { readonly losses: number; readonly unexplained: number };
}
export const REPORT_ROWS_MAX = 50;

export type Output = WindowResult | Interval | LiveState | Alert | ShiftReport | Confirmation;

type ResultRow = [
  'r',
  string,
  Level,
  WindowKind,
  string | null,
  number,
  number,
  number,
  string | null,
  0 | 1,
  number,
  number[],
  Basis,
  number[] | null,
  string | null,
  string | null,
];

/** One output as JSON text for the outbox. */
export function packOutput(output: Output): string {
  if (output.type !== 'result') return JSON.stringify(output);
  const row: ResultRow = [
    'r',
    output.unit,
    output.level,
    output.kind,
    output.name,
    output.start,
    output.end,
    output.edge,
    output.businessDay,
    output.final ? 1 : 0,
    output.revision,
    tallyToRow(output.tally),
    output.basis,
    output.beside === null ? null : tallyToRow(output.beside),
    output.by,
    output.why,
  ];
  return JSON.stringify(row);
}

export function unpackOutput(text: string): Output {
  const value = JSON.parse(text) as ResultRow | Exclude<Output, WindowResult>;
  if (!Array.isArray(value)) return value;
  const [, unit, level, kind, name, start, end, edge, businessDay, final, revision, tally, basis, beside, by, why] =
    value;
  return {
    type: 'result',
    unit,
    level,
    kind,
    name,
    start,
    end,
    edge,
    businessDay,
    final: final === 1,
    revision,
    tally: rowToTally(tally),
    basis,
    beside: beside === null ? null : rowToTally(beside),
    by,
    why,
  };
}
