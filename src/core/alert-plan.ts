// Alert plan: which rules are judged where in a partition, what maintenance spares, and when nobody is to be told.
// In: a plant and a partition's machines, lines and roll-ups. Out: rules by place, answered once per plant.
// Pure; remembers the answer for the plant that it was asked for last.

import { isFigure } from './alert-figure.ts';
import { ENGINE_UNIT, healthHome } from './alert-health.ts';
import type { AlertRule, JudgedWindow } from './alert-rule.ts';
import { type Calendar, calendarOf } from './calendar.ts';
import type { Partition } from './partition.ts';
import type { Level, Plant } from './plant-model.ts';
import { minuteOfDay } from './shift-instance.ts';
import { DAY_MS, MINUTE_MS, type Span } from './time.ts';

export interface PlacedRule {
  readonly rule: AlertRule;
  /** units of this place that it judges */
  readonly units: readonly string[];
}

export interface PlanOfPlace {
  readonly unit: string;
  readonly level: Level | 'engine';
  readonly rules: readonly PlacedRule[];
}

export interface AlertPlan {
  readonly plant: Plant;
  readonly places: ReadonlyMap<string, PlanOfPlace>;
  /** maintenance of a unit, its own and that of what it is part of */
  readonly sparedOf: (unit: string) => readonly Span[];
  /** minutes by which the clocks of the unit's site are ahead of UTC are the calendar's business */
  readonly isQuiet: (rule: AlertRule, unit: string, at: number) => boolean;
  /** where a window of an area or site begins that holds the minute before `end`; by its first machine's calendar */
  readonly windowStart: (unit: string, window: JudgedWindow, end: number) => number | null;
}

const plans = new WeakMap<Partition, AlertPlan>();

export function alertPlanOf(partition: Partition): AlertPlan | null {
  const { plant } = partition;
  if (plant === null) return null;
  const known = plans.get(partition);
  if (known?.plant === plant) return known;
  const made = planOf(partition, plant);
  plans.set(partition, made);
  return made;
}

function planOf(partition: Partition, plant: Plant): AlertPlan {
  const above = aboveOf(plant);
  const spared = new Map<string, readonly Span[]>();
  const calendars = new Map<string, Calendar>(plant.calendars.map(model => [model.id, calendarOf(model)]));
  const zones = new Map(plant.sites.map(site => [site.id, clockOf(site.zone)]));
  const sparedOf = (unit: string): readonly Span[] => {
    const found =
      spared.get(unit) ??
      plant.maintenance.filter(({ units }) => units.some(each => each === unit || above.get(unit)?.includes(each)));
    spared.set(unit, found);
    return found;
  };
  const firstSite = plant.sites[0]?.id ?? '';
  return {
    plant,
    places: placesOf(partition, plant),
    sparedOf,
    isQuiet: (rule, unit, at) => {
      if (rule.quiet.length === 0) return false;
      const site = [unit, ...(above.get(unit) ?? [])].find(each => zones.has(each)) ?? firstSite;
      const minute = zones.get(site)?.(at) ?? 0;
      return rule.quiet.some(({ start, end }) => isWithin(minute, minuteOfDay(start), minuteOfDay(end)));
    },
    windowStart: (unit, window, end) => {
      if (window.startsWith('last')) return end - Number.parseInt(window.slice(4), 10) * MINUTE_MS;
      const lead = plant.machines.find(machine => machine.area === unit || machine.site === unit);
      const calendar = calendars.get(lead?.calendar ?? '');
      if (calendar === undefined) return null;
      const at = end - MINUTE_MS;
      if (window === 'hour') return calendar.hourAt(at).start;
      return window === 'day' ? calendar.dayAt(at).start : (calendar.shiftAt(at)?.start ?? null);
    },
  };
}

const isWithin = (minute: number, start: number, end: number): boolean =>
  start <= end ? minute >= start && minute < end : minute >= start || minute < end;

/** The minute of the day that the clocks of a zone show. */
function clockOf(zone: string): (at: number) => number {
  const calendar = calendarOf({ id: zone, zone, dayStart: '00:00', revisions: [] });
  return at => {
    const day = calendar.dayAt(at);
    // on the days of a change the clocks jump: what they show is counted from the day's end in its second half
    const isEarly = at - day.start < (day.end - day.start) / 2;
    const minutes = isEarly ? at - day.start : DAY_MS - (day.end - at);
    return Math.floor(minutes / MINUTE_MS);
  };
}

function aboveOf(plant: Plant): Map<string, readonly string[]> {
  return new Map<string, readonly string[]>([
    ...plant.areas.map(({ id, site }): [string, string[]] => [id, [site]]),
    ...plant.lines.map(({ id, area, site }): [string, string[]] => [id, [area, site]]),
    ...plant.machines.map(({ id, line, area, site }): [string, string[]] => [id, [line, area, site]]),
  ]);
}

const OF_ENGINE: ReadonlySet<string> = new Set(['engineLag', 'neighbourAway', 'deadLetters']);
const OF_MACHINES: ReadonlySet<string> = new Set(['stopLonger', 'silentLonger', 'quarantined']);

/** A rule about machines is judged on each of their lines, since they may have trouble together. */
function placesOf(partition: Partition, plant: Plant): Map<string, PlanOfPlace> {
  const places = new Map<string, PlanOfPlace>();
  const put = (unit: string, level: PlanOfPlace['level'], unitsOf: (rule: AlertRule) => readonly string[]): void => {
    const rules = plant.alerts.map(rule => ({ rule, units: unitsOf(rule) })).filter(({ units }) => units.length > 0);
    places.set(unit, { unit, level, rules });
  };
  for (const { model } of partition.lines) {
    put(model.id, 'line', ({ units, condition }) =>
      units.filter(unit => model.machines.includes(unit) || (unit === model.id && !OF_MACHINES.has(condition.kind))),
    );
  }
  for (const { unit, level } of partition.rollups)
    put(unit, level, ({ units, condition }) => (isFigure(condition) && units.includes(unit) ? [unit] : []));
  if (partition.share(healthHome(plant)))
    put(ENGINE_UNIT, 'engine', ({ condition }) => (OF_ENGINE.has(condition.kind) ? [ENGINE_UNIT] : []));
  return places;
}
