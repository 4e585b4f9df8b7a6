// Resolve units: sites, areas, lines and machines, each machine with everything that it inherits.
// In: the sites of a plant file, calendars and names. Out: unit models and targets, faults reported.
// Pure.

import { ENGINE_UNIT } from '../core/alert-health.ts';
import { wallClockOf } from '../core/calendar.ts';
import type { AreaModel, CalendarModel, CycleModel, LineModel, MachineModel, SiteModel } from '../core/plant-model.ts';
import { dayNumberOf, minuteOfDay } from '../core/shift-instance.ts';
import { SHIPPED_VOCABULARIES } from '../core/vocabulary.ts';
import { checkReference } from './check-reference.ts';
import { parseDurationMs } from './measure.ts';
import type { Path, Report } from './plant-fault.ts';
import type { AreaEntry, Items, LineEntry, MachineEntry, SiteEntry } from './plant-file.ts';
import { DEFAULTS } from './plant-schema.ts';
import { type DatedCycle, type Inherited, inherit, type Names } from './plant-scope.ts';
import { checkZone } from './resolve-calendar.ts';

export interface Units {
  readonly sites: SiteModel[];
  readonly areas: AreaModel[];
  readonly lines: LineModel[];
  readonly machines: MachineModel[];
  readonly targets: Record<string, number>;
}

interface Walk extends Units {
  readonly names: Names;
  readonly calendars: ReadonlyMap<string, CalendarModel>;
  readonly report: Report;
  /** ids so far, and what they name */
  readonly taken: Map<string, string>;
}

/** An entry with an id, and what holds inside it. */
interface Here {
  readonly id: string;
  readonly path: Path;
  readonly inherited: Inherited;
}

export function resolveUnits(
  entries: Items<SiteEntry>,
  defaults: Inherited,
  names: Names,
  calendars: ReadonlyMap<string, CalendarModel>,
  report: Report,
): Units {
  const units: Units = { sites: [], areas: [], lines: [], machines: [], targets: {} };
  const walk: Walk = { ...units, names, calendars, report, taken: new Map([[ENGINE_UNIT, 'the engine itself']]) };
  each(entries, ['sites'], 'site', defaults, walk, resolveSite);
  return units;
}

/** Goes through a list of units: claims their ids, notes their targets, hands down what they inherit. */
function each<T extends SiteEntry | AreaEntry | LineEntry | MachineEntry>(
  entries: Items<T> | undefined,
  path: Path,
  kind: string,
  outer: Inherited,
  walk: Walk,
  resolve: (entry: T, here: Here, walk: Walk) => void,
): string[] {
  const ids: string[] = [];
  for (const [index, entry] of (entries ?? []).entries()) {
    if (entry === undefined) continue;
    const at = [...path, index];
    // Without an id it is still looked into: what is wrong below it must be told too.
    const id = entry.id ?? `(${kind} ${index + 1})`;
    const owner = walk.taken.get(id);
    if (owner !== undefined && entry.id !== undefined) {
      const remedy = 'Give every site, area, line and machine an id of its own, unique over the whole plant.';
      walk.report('DUPLICATE_ID', [...at, 'id'], `${id} is already the id of ${owner}`, remedy);
    }
    walk.taken.set(id, `${kind === 'area' ? 'an' : 'a'} ${kind}`);
    ids.push(id);
    if (entry.target !== undefined) walk.targets[id] = entry.target;
    resolve(entry, { id, path: at, inherited: inherit(outer, entry, at, walk.names, walk.report) }, walk);
  }
  return ids;
}

function resolveSite(entry: SiteEntry, { id, path, inherited }: Here, walk: Walk): void {
  const zone = entry.zone ?? 'UTC';
  checkZone(zone, [...path, 'zone'], walk.report);
  const areas = each(entry.areas, [...path, 'areas'], 'area', inherited, walk, (area, here) =>
    resolveArea(area, here, id, walk),
  );
  walk.sites.push({ id, name: entry.name ?? id, zone, areas });
}

function resolveArea(entry: AreaEntry, { id, path, inherited }: Here, site: string, walk: Walk): void {
  const lines = each(entry.lines, [...path, 'lines'], 'line', inherited, walk, (line, here) =>
    resolveLine(line, here, { area: id, site }, walk),
  );
  walk.areas.push({ id, name: entry.name ?? id, site, lines });
}

interface Above {
  readonly area: string;
  readonly site: string;
}

function resolveLine(entry: LineEntry, { id, path, inherited }: Here, above: Above, walk: Walk): void {
  const machines = each(entry.machines, [...path, 'machines'], 'machine', inherited, walk, (machine, here) =>
    resolveMachine(machine, here, path, { ...above, line: id, tags: tagsOf(entry.tags) }, walk),
  );
  const constraint = constraintOf(entry, path, machines, walk.report);
  walk.lines.push({
    id,
    name: entry.name ?? id,
    ...above,
    kind: entry.kind ?? 'parallel',
    machines,
    constraint,
    tags: tagsOf(entry.tags),
  });
}

const tagsOf = (tags: Items<string> | undefined): string[] => (tags ?? []).filter(tag => tag !== undefined);

/** A serial line needs its constraint; a parallel one has none. */
function constraintOf(entry: LineEntry, path: Path, machines: readonly string[], report: Report): string | null {
  const { kind, constraint } = entry;
  if (kind === 'serial' && !('constraint' in entry)) {
    const message = 'a serial line without a constraint';
    const remedy = `Give constraint: the machine that sets the line's pace, one of ${machines.join(', ')}.`;
    report('CONSTRAINT', path, message, remedy);
  }
  if (constraint === undefined || kind === undefined) return null;
  if (kind === 'parallel') {
    const remedy = 'Take it out, or make the line serial.';
    report('CONSTRAINT', [...path, 'constraint'], 'a parallel line has no constraint', remedy, 'key');
    return null;
  }
  if (machines.includes(constraint)) return constraint;
  const onLine: Report = (_, at, message, remedy, part) =>
    report('CONSTRAINT', at, `${message} on this line`, remedy, part);
  checkReference('machine', constraint, machines, [...path, 'constraint'], onLine);
  return null;
}

function resolveMachine(
  entry: MachineEntry,
  { id, path, inherited }: Here,
  linePath: Path,
  { tags, ...above }: Above & { readonly line: string; readonly tags: readonly string[] },
  walk: Walk,
): void {
  const { calendar: calendarId, maxRate } = inherited;
  if (calendarId === undefined) {
    const remedy = 'Give calendar to the machine, its line, area or site, or to defaults.';
    walk.report('MISSING', linePath, 'machines of this line have no calendar', remedy);
  }
  const calendar = calendarId === undefined ? undefined : walk.calendars.get(calendarId);
  const cycles = [...inherited.cycles].flatMap(([product, dated]) => effective(product, dated, calendar));
  const fastest = Math.min(...cycles.map(({ cycleUs }) => cycleUs));
  if (maxRate !== undefined && maxRate > 0 && maxRate * fastest < 1_000_000) {
    const message = `maxRate is below the ideal rate of ${id}: at full speed its counts would be set aside`;
    walk.report('CYCLE', [...path, 'maxRate'], message, `Give a maxRate above ${1_000_000 / fastest}/s.`, 'key');
  }
  walk.machines.push({
    id,
    name: entry.name ?? id,
    ...above,
    calendar: calendarId ?? '',
    vocabulary: inherited.vocabulary ?? SHIPPED_VOCABULARIES[DEFAULTS.vocabulary] ?? {},
    reasons: Object.fromEntries(inherited.reasons),
    microStopMs: inherited.microStopMs ?? parseDurationMs(DEFAULTS.microStop) ?? 0,
    silenceMs: inherited.silenceMs === undefined ? parseDurationMs(DEFAULTS.silence) : inherited.silenceMs,
    counters: inherited.counters ?? {},
    maxRate: maxRate ?? null,
    countEdge: inherited.countEdge ?? DEFAULTS.countEdge,
    product: inherited.product ?? null,
    cycles,
    tags: [...new Set([...tags, ...tagsOf(entry.tags)])],
  });
}

/** A date is the start of that business day by the machine's calendar: a night shift keeps one cycle to its end. */
function effective(product: string, dated: readonly DatedCycle[], calendar: CalendarModel | undefined): CycleModel[] {
  const clock = wallClockOf(calendar?.zone ?? 'UTC');
  const instant = (from: string | number | null): number => {
    if (typeof from !== 'string') return from ?? 0;
    return clock.instantOf(dayNumberOf(from), minuteOfDay(calendar?.dayStart ?? '00:00'));
  };
  return dated.map(({ from, cycleUs }) => ({ product, from: instant(from), cycleUs })).sort((a, b) => a.from - b.from);
}
