// Shift report: what a shift was, in one document per unit: figures, losses by cause, stops that nobody explained.
// In: a unit's final shift window and the facts of its machines, or the reports of its lines. Out: the report.
// Pure. The same function makes what is sent, what is asked for, and what is printed.

import { type Machine, readEffective } from './machine.ts';
import {
  type LossOfReason,
  REPORT_ROWS_MAX,
  type ShiftReport,
  type UnexplainedStop,
  type WindowResult,
} from './result.ts';
import type { Span } from './time.ts';
import { isLoss, isUnexplained, type Stretch } from './timeline.ts';

/** What a report says beside the figures. */
export interface ReportRows {
  readonly losses: readonly LossOfReason[];
  readonly unexplained: readonly UnexplainedStop[];
  readonly more: ShiftReport['more'];
}

/** The rows of the lines of one shift, and the revision in which the sum was reported last. */
export interface SumReports {
  readonly parts: Map<string, ReportRows & { readonly revision: number }>;
  told: number | null;
}

/** The rows of one machine. Losses of one category sum to its time in the machine's tally, to the millisecond. */
export function machineRows(machine: Machine, { from, to }: Span): ReportRows {
  // before its first fact it was not there for anybody
  if (to <= machine.beginning) return rowsOf([], []);
  const { id, reasons } = machine.rules.machine;
  const textOf = (reason: string | null): string | null => (reason === null ? null : (reasons[reason]?.text ?? null));
  const losses: LossOfReason[] = [];
  const stops = new Map<string, UnexplainedStop>();
  for (const stretch of readEffective(machine, from, to).stretches) {
    const [start, end] = [Math.max(from, stretch.from), Math.min(to, stretch.to)];
    if (start >= end || !isLoss(stretch.category)) continue;
    const { category, reason } = stretch;
    losses.push({ category, reason, text: textOf(reason), ms: end - start, stops: countedIn(stretch, from, to) });
    const { stopId } = stretch;
    if (stopId === null || !isUnexplained(stretch)) continue;
    const known = stops.get(stopId);
    const state = known?.state ?? stretch.word;
    stops.set(stopId, { unit: id, stopId, from: known?.from ?? start, to: end, category, state });
  }
  return rowsOf(summed(losses), [...stops.values()]);
}

const countedIn = ({ countsAt }: Stretch, from: number, to: number): number =>
  countsAt !== null && countsAt >= from && countsAt < to ? 1 : 0;

/** One row for each category, reason and text. */
function summed(losses: readonly LossOfReason[]): LossOfReason[] {
  const sums = new Map<string, LossOfReason>();
  for (const loss of losses) {
    const key = JSON.stringify([loss.category, loss.reason, loss.text]);
    const known = sums.get(key);
    sums.set(key, known === undefined ? loss : { ...loss, ms: known.ms + loss.ms, stops: known.stops + loss.stops });
  }
  return [...sums.values()];
}

const NOTHING_MORE: ShiftReport['more'] = { losses: 0, unexplained: 0 };

/** Longest first; of equal ones an order that hangs on nothing but themselves. */
function rowsOf(losses: LossOfReason[], unexplained: UnexplainedStop[], more = NOTHING_MORE): ReportRows {
  const name = (loss: LossOfReason): string => `${loss.category} ${loss.reason ?? ''} ${loss.text ?? ''}`;
  losses.sort((a, b) => b.ms - a.ms || (name(a) < name(b) ? -1 : 1));
  unexplained.sort((a, b) => b.to - b.from - (a.to - a.from) || a.from - b.from || (a.unit < b.unit ? -1 : 1));
  return { losses, unexplained, more };
}

/** The rows of several units together. */
export function mergedRows(parts: readonly ReportRows[]): ReportRows {
  const more = {
    losses: parts.reduce((sum, part) => sum + part.more.losses, 0),
    unexplained: parts.reduce((sum, part) => sum + part.more.unexplained, 0),
  };
  return rowsOf(
    summed(parts.flatMap(part => part.losses)),
    parts.flatMap(part => part.unexplained),
    more,
  );
}

/** @param rows all that is known; what does not fit is counted */
export function shiftReport(result: WindowResult, { losses, unexplained, more }: ReportRows): ShiftReport {
  const beyond = (all: readonly unknown[]): number => Math.max(0, all.length - REPORT_ROWS_MAX);
  return {
    type: 'report',
    unit: result.unit,
    result,
    losses: losses.slice(0, REPORT_ROWS_MAX),
    unexplained: unexplained.slice(0, REPORT_ROWS_MAX),
    more: { losses: more.losses + beyond(losses), unexplained: more.unexplained + beyond(unexplained) },
  };
}

/** A machine's or line's report, from the facts of its machines. */
export function reportOfMachines(result: WindowResult, machines: readonly Machine[]): ShiftReport {
  const span = { from: result.start, to: result.end };
  return shiftReport(result, mergedRows(machines.map(machine => machineRows(machine, span))));
}
