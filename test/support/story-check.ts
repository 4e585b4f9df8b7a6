// Story check: what a row of expectations says, held against figures.
// In: an expectation and figures. Out: nothing, or an error that names file, line, the wanted and the found.
// Pure.

import { calendarOf } from '../../src/core/calendar.ts';
import type { OrderRun } from '../../src/core/carry.ts';
import { ratiosOf } from '../../src/core/oee.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { tallyToWire } from '../../src/core/result-to-wire.ts';
import { CATEGORIES, type Tally } from '../../src/core/tally.ts';
import { DAY_MS } from '../../src/core/time.ts';
import { spanOf } from './story-events.ts';
import type { StoryPlant } from './story-plant.ts';
import type { Figures, StoryWindow } from './story-run.ts';
import { cell, durationOf, type Row, StoryError } from './story-table.ts';

/** Where the window of a row lies: `shift early`, `shift night +1`, `day`, `day +1`, `hour 06:00`, `minute 06:00`, `order A`, `last 60 min`, `span 06:00-07:00`. */
export function windowOf(
  row: Row,
  story: StoryPlant,
  plant: Plant,
  runs: readonly OrderRun[],
  edge: number,
): StoryWindow {
  const [kind = '', ...rest] = cell(row, 'window').split(' ');
  const calendarModel = plant.calendars[0];
  if (calendarModel === undefined) throw new StoryError(row.place, 'a plant without calendar');
  const calendar = calendarOf(calendarModel);
  const dayOf = (shift: string | undefined): string =>
    new Date(Date.parse(`${story.date}T00:00:00Z`) + Number(shift ?? 0) * DAY_MS).toISOString().slice(0, 10);
  const noon = story.instant(row, '12:00');
  if (kind === 'shift') {
    const found = calendar
      .shiftsIn(noon - 10 * DAY_MS, noon + 10 * DAY_MS)
      .find(shift => shift.name === rest[0] && shift.businessDay === dayOf(rest[1]));
    if (found !== undefined) return { kind, start: found.start, end: found.end };
  }
  if (kind === 'day') return { kind, ...calendar.dayAt(noon + Number(rest[0] ?? 0) * DAY_MS) };
  if (kind === 'hour') return { kind, ...calendar.hourAt(story.instant(row, rest.join(' '))) };
  if (kind === 'minute') {
    const start = story.instant(row, rest.join(' '));
    return { kind, start, end: start + 60_000 };
  }
  if (kind === 'order') {
    const run = runs.filter(each => each.order === rest[0]).at(-1);
    if (run !== undefined) return { kind, start: run.from, end: run.to ?? edge };
  }
  if (kind === 'last') return { kind: `last${Number(rest[0])}m`, start: edge - Number(rest[0]) * 60_000, end: edge };
  if (kind === 'span') {
    const { from, to } = spanOf(row, rest.join(' '), story.instant);
    return { kind, start: from, end: to };
  }
  throw new StoryError(row.place, `no window "${cell(row, 'window')}" here`);
}

const DURATIONS: Readonly<Record<string, string>> = {
  calendar: 'calendarMs',
  planned: 'plannedMs',
  run: 'runMs',
  inferred: 'inferredMs',
  ideal: 'idealMs',
  idealGood: 'idealGoodMs',
};
const TOLD = ['revision', 'final', 'by', 'why', 'businessDay', 'name', 'length'];

/** Fields that only a told window has are not asked of the core. */
export const isTold = (row: Row): boolean => TOLD.includes(cell(row, 'field'));

function valueIn(row: Row, field: string, figures: Figures): unknown {
  if (field.startsWith('beside ')) {
    if (figures.beside === null) throw new StoryError(row.place, 'nothing stands beside this window');
    return valueIn(row, field.slice(7), { ...figures, tally: figures.beside });
  }
  const wire: Readonly<Record<string, unknown>> = { ...tallyToWire(figures.tally) };
  const ratios: Readonly<Record<string, unknown>> = { ...ratiosOf(figures.tally) };
  if (field === 'worst' || field === 'best') return ratiosOf(figures.tally).band?.[field === 'worst' ? 0 : 1] ?? null;
  if ((CATEGORIES as readonly string[]).includes(field)) return figures.tally[field as keyof Tally];
  if (field in DURATIONS) return wire[DURATIONS[field] ?? ''];
  if (field === 'length') return figures.told === null ? null : figures.told.end - figures.told.start;
  if (TOLD.includes(field)) return figures.told?.[field as 'name'];
  if (field in ratios) return ratios[field];
  if (field in wire) return wire[field];
  throw new StoryError(row.place, `no field "${field}"`);
}

/** Holds one row against figures. @param by who computed them */
export function checkRow(row: Row, figures: Figures | null, by: string): void {
  const [field, wanted] = [cell(row, 'field'), cell(row, 'value')];
  if (figures === null)
    throw new StoryError(row.place, `${by} told nothing of ${cell(row, 'unit')} ${cell(row, 'window')}`);
  const found = valueIn(row, field, figures);
  const fail = (shown: unknown): never => {
    throw new StoryError(
      row.place,
      `${cell(row, 'unit')} ${cell(row, 'window')}: ${field} should be ${wanted}, ${by} found ${String(shown)}`,
    );
  };
  const none = /^none: (\w+)$/.exec(wanted)?.[1];
  const fraction = /^(\d+)\/(\d+)$/.exec(wanted);
  const ms = durationOf(wanted);
  if (none !== undefined) {
    const why = ratiosOf(figures.tally).undefinedBecause?.[field];
    if (found !== null || why !== none) fail(`${String(found)} (${String(why)})`);
  } else if (fraction !== null) {
    if (found !== Number(fraction[1]) / Number(fraction[2])) fail(found);
  } else if (ms !== null) {
    if (found !== ms) fail(`${Number(found) / 60_000} min`);
  } else if (/^\d+\.\d+$/.test(wanted)) {
    if (typeof found !== 'number' || found.toFixed(wanted.length - wanted.indexOf('.') - 1) !== wanted) fail(found);
  } else if (wanted === 'yes' || wanted === 'no') {
    if (found !== (wanted === 'yes')) fail(found);
  } else if (String(found) !== wanted) fail(found);
}
