// Shift reports: the report of a unit's shift as it stands now, final or not, from the state that the pipeline keeps.
// In: a unit, a shift's start. Out: the report that was or will be sent, and what was confirmed of the shift's orders.
// Pure over the state; reads only.

import type { Confirmation } from '../core/confirmation.ts';
import { saidOf } from '../core/confirmation-book.ts';
import type { ShiftReport, WindowResult } from '../core/result.ts';
import { reportOfMachines, shiftReport } from '../core/shift-report.ts';
import { rowsOfSum } from '../core/shift-report-rollup.ts';
import { HOUR_MS } from '../core/time.ts';
import type { ReadModel, StateView, Unit } from './read-model.ts';

/** The longest shift that a calendar can have. */
const SHIFT_MAX_MS = 48 * HOUR_MS;

export interface ReportAnswer {
  readonly report: ShiftReport;
  /** a machine's alone */
  readonly confirmations: readonly Confirmation[];
}

/** @returns null when the unit has no shift that starts at that very instant, or nothing is known of it */
export function reportAt(model: ReadModel, view: StateView, unit: Unit, start: number): ReportAnswer | null {
  const result = shiftAt(model, unit, start);
  if (result === null) return null;
  const machine = unit.level === 'machine' ? model.machine(unit.id) : null;
  const confirmations = machine === null ? [] : saidOf(machine.book, start);
  return { report: reportOf(model, view, unit, result), confirmations };
}

/** A unit that was first heard of later in the shift has the shift all the same, so more than its first instant is looked at. */
function shiftAt(model: ReadModel, unit: Unit, start: number): WindowResult | null {
  for (const each of model.windows(unit, 'shift', start, start + SHIFT_MAX_MS)) {
    if (each.start >= start) return each.start === start ? each : null;
  }
  return null;
}

function reportOf(model: ReadModel, view: StateView, unit: Unit, result: WindowResult): ShiftReport {
  if (unit.level === 'area' || unit.level === 'site') {
    const rollup = view.partitionOf(unit.id)?.rollups.find(each => each.unit === unit.id);
    const rows = rollup === undefined || !result.final ? null : rowsOfSum(rollup, result);
    if (rows !== null) return shiftReport(result, rows);
  }
  // lines that have not reported yet are read from the facts of their machines
  return reportOfMachines(result, model.machinesOf(unit));
}
