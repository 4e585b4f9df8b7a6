// Shift report roll-up: the reports of areas and sites, sums of what their lines reported.
// In: reports of lines, as the roll-up entries carry them. Out: reports of the area or site, restated like its shift window.
// Pure; changes the roll-up in place. The newest report of each line and shift is kept; a repeat changes nothing.

import type { ShiftReport, WindowResult } from './result.ts';
import { type Rollup, sumsIn } from './rollup.ts';
import { mergedRows, type ReportRows, type SumReports, shiftReport } from './shift-report.ts';

const keyOf = ({ kind, start, end }: WindowResult): string => `${kind}:${start}:${end}`;

/** Takes in a line's report; an older one, or a repeat, is no news. */
export function addReport(rollup: Rollup, { result, losses, unexplained, more }: ShiftReport): void {
  const key = keyOf(result);
  const reports: SumReports = rollup.reports.get(key) ?? { parts: new Map(), told: null };
  const known = reports.parts.get(result.unit);
  if (known !== undefined && known.revision >= result.revision) return;
  reports.parts.set(result.unit, { losses, unexplained, more, revision: result.revision });
  rollup.reports.set(key, reports);
  rollup.reportsUnsaved.add(key);
}

/**
 * Reports every shift in which something changed: `results` are the sums told just now, `heard` the lines' reports. A sum is
 * reported once every line that is final in it has reported that very revision, so that rows and figures say the same.
 */
export function tellReports(
  rollup: Rollup,
  results: readonly WindowResult[],
  heard: readonly ShiftReport[],
): ShiftReport[] {
  const shifts = new Map<string, WindowResult>();
  for (const { result } of heard) {
    const [sum] = [...sumsIn(rollup, 'shift', result.start, result.end)].filter(each => keyOf(each) === keyOf(result));
    if (sum !== undefined) shifts.set(keyOf(sum), sum);
  }
  // what was told just now knows who restated it, and why
  for (const result of results) if (result.kind === 'shift') shifts.set(keyOf(result), result);
  return [...shifts].flatMap(([key, result]) => {
    const reports = rollup.reports.get(key);
    if (reports === undefined || !result.final || reports.told === result.revision) return [];
    if (!isComplete(rollup, key, reports)) return [];
    reports.told = result.revision;
    rollup.reportsUnsaved.add(key);
    return [shiftReport(result, mergedRows([...reports.parts.values()]))];
  });
}

function isComplete(rollup: Rollup, key: string, reports: SumReports): boolean {
  const parts = [...(rollup.sums.get(key)?.parts ?? [])].filter(([, part]) => part.final);
  return parts.every(([line, part]) => reports.parts.get(line)?.revision === part.revision);
}

/** The rows of a sum's shift, where its lines have reported; null where they have not. */
export function rowsOfSum(rollup: Rollup, result: WindowResult): ReportRows | null {
  const reports = rollup.reports.get(keyOf(result));
  if (reports === undefined || !isComplete(rollup, keyOf(result), reports)) return null;
  return mergedRows([...reports.parts.values()]);
}

/** Reports go with their sums. */
export function forgetReports(rollup: Rollup): void {
  for (const key of rollup.reports.keys()) {
    if (rollup.sums.has(key)) continue;
    rollup.reports.delete(key);
    rollup.reportsUnsaved.add(key);
  }
}

const fieldOf = (rollup: Rollup, key: string): string => `q:${rollup.unit}|${key}`;

/** Fields to set for what changed since the last call; an empty text deletes one. */
export function saveReports(fields: Map<string, string>, rollup: Rollup): void {
  for (const key of rollup.reportsUnsaved) {
    const reports = rollup.reports.get(key);
    const text = reports === undefined ? '' : JSON.stringify({ ...reports, parts: [...reports.parts] });
    fields.set(fieldOf(rollup, key), text);
  }
  rollup.reportsUnsaved.clear();
}

export function loadReports(rollup: Rollup, fields: ReadonlyMap<string, string>): void {
  const prefix = fieldOf(rollup, '');
  for (const [field, text] of fields) {
    if (!field.startsWith(prefix) || text === '') continue;
    const saved = JSON.parse(text) as { parts: [string, ReportRows & { revision: number }][]; told: number | null };
    rollup.reports.set(field.slice(prefix.length), { parts: new Map(saved.parts), told: saved.told });
  }
}
