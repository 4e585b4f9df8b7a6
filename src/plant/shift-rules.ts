// Shift rules: shifts that would overlap, breaks that are not inside their shift.
// In: shifts as the plant file has them. Out: reported faults.
// Pure. Minutes of a day; what runs past midnight has more than 1440 of them.

import type { BreakModel, ShiftModel } from '../core/plant-model.ts';
import { minuteOfDay } from '../core/shift-instance.ts';
import type { Path, Report } from './plant-fault.ts';

const DAY_MINUTES = 1440;

/** A shift where a pattern names it. */
export interface PlacedShift {
  readonly shift: ShiftModel;
  readonly path: Path;
}

/** From and to in minutes; an end at or before the start lies on the next day. */
function reach({ start, end }: { readonly start: string; readonly end: string }): { from: number; to: number } {
  const from = minuteOfDay(start);
  const to = minuteOfDay(end);
  return { from, to: to <= from ? to + DAY_MINUTES : to };
}

const shown = ({ name, start, end }: { name: string; start: string; end: string }): string =>
  `${name} (${start}–${end})`;

/** Breaks must lie inside the shift and apart from each other. */
export function checkBreaks(shift: ShiftModel, pathOf: (index: number) => Path, report: Report): void {
  const within = reach(shift);
  const placed = shift.breaks.map((each: BreakModel, index) => {
    const { from, to } = reach(each);
    const later = from < within.from ? DAY_MINUTES : 0;
    return { each, index, from: from + later, to: to + later };
  });
  for (const { each, index, from, to } of placed) {
    if (each.start === each.end) {
      report('BREAK', pathOf(index), `break ${shown(each)} has no length`, 'Give it an end after its start.');
    } else if (from >= within.to || to > within.to) {
      report(
        'BREAK',
        pathOf(index),
        `break ${shown(each)} is not inside its shift ${shown(shift)}`,
        `Move it between ${shift.start} and ${shift.end}, or change the shift.`,
      );
    }
  }
  const inOrder = placed.filter(({ each }) => each.start !== each.end).sort((a, b) => a.from - b.from);
  inOrder.forEach((later, place) => {
    const earlier = inOrder[place - 1];
    if (earlier === undefined || earlier.to <= later.from) return;
    const message = `break ${shown(later.each)} overlaps ${shown(earlier.each)}`;
    report('OVERLAP', pathOf(later.index), message, 'Let one end where the other begins.');
  });
}

/**
 * Shifts of one day must not overlap, nor reach into those of the next day.
 * @param days the pattern; `repeats` when its last day is followed by its first
 * @param since said in the message: from when this pattern holds, or nothing
 */
export function checkOverlaps(
  days: readonly (readonly PlacedShift[])[],
  repeats: boolean,
  since: string,
  report: Report,
): void {
  const remedy = 'Let one end where the other begins, or take one out of the day.';
  days.forEach((day, index) => {
    const next = index + 1 < days.length || repeats ? (days[(index + 1) % days.length] ?? []) : [];
    day.forEach((first, place) => {
      const a = reach(first.shift);
      for (const second of day.slice(place + 1)) {
        const b = reach(second.shift);
        if (a.from >= b.to || b.from >= a.to) continue;
        report('OVERLAP', second.path, `shift ${shown(second.shift)} overlaps ${shown(first.shift)}${since}`, remedy);
      }
      for (const second of next) {
        if (reach(second.shift).from + DAY_MINUTES >= a.to) continue;
        const message = `shift ${shown(first.shift)} runs into ${shown(second.shift)} of the next day${since}`;
        report('OVERLAP', first.path, message, remedy);
      }
    });
  });
}
