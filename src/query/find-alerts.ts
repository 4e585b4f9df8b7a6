// Find alerts: the alerts that a question is about, and the partitions that an act concerns.
// In: the states of partitions, a filter, the plant. Out: alerts, youngest first; places of units.
// Pure over the state; reads only.

import type { Alert, AlertSeverity } from '../core/alert.ts';
import { alertsOf } from '../core/alert-state.ts';
import type { Partition } from '../core/partition.ts';
import type { Plant } from '../core/plant-model.ts';
import type { Unit } from './read-model.ts';

export interface AlertFilter {
  readonly status?: Alert['status'];
  readonly rule?: string;
  readonly severity?: AlertSeverity;
  /** the unit asked about with everything below it; null: all */
  readonly within: ReadonlySet<string> | null;
  /** alerts that share time with [from, to) */
  readonly from: number;
  readonly to: number;
}

export function findAlerts(states: readonly Partition[], filter: AlertFilter): Alert[] {
  return states
    .flatMap(state => alertsOf(state.alerts))
    .filter(alert => isMeant(alert, filter))
    .sort((a, b) => b.since - a.since || (a.id < b.id ? -1 : 1));
}

function isMeant(alert: Alert, { status, rule, severity, within, from, to }: AlertFilter): boolean {
  const end =
    alert.status === 'active' ? Number.POSITIVE_INFINITY : Math.max(alert.since, alert.resolvedAt ?? alert.at);
  return (
    (status === undefined || alert.status === status) &&
    (rule === undefined || alert.rule === rule) &&
    (severity === undefined || alert.severity === severity) &&
    (within === null || within.has(alert.unit) || alert.members.some(({ unit }) => within.has(unit))) &&
    alert.since < to &&
    end >= from
  );
}

/** Where an alert is kept: its partition and what is known of it; null where there is none of that id. */
export function alertById(states: readonly Partition[], id: string): { alert: Alert; partition: number } | null {
  for (const { alerts, index } of states) {
    const told = alerts.told.get(id);
    if (told !== undefined) return { alert: told.alert, partition: index };
  }
  return null;
}

/** The unit's id and those of all units below it. */
export function unitsWithin(plant: Plant, { id, level, lines }: Unit): ReadonlySet<string> {
  if (level === 'machine') return new Set([id]);
  const areas = plant.areas.filter(area => area.site === id).map(area => area.id);
  const machines = plant.machines.filter(machine => lines.includes(machine.line)).map(machine => machine.id);
  return new Set([id, ...areas, ...lines, ...machines]);
}

/** Whom a mute of a unit is said to: a line speaks for its machines; an area or a site is muted with all areas and lines below. */
export function mutedUnits(plant: Plant, { id, level, lines }: Unit): string[] {
  if (level === 'machine' || level === 'line') return [id];
  const areas = plant.areas.filter(area => area.site === id).map(area => area.id);
  return [id, ...areas, ...lines];
}

/** The units by which rules are judged: lines for machines and lines, areas, sites and the engine for themselves. */
export function judgingUnits(plant: Plant, units: Iterable<string>): string[] {
  const lineOf = new Map(plant.machines.map(machine => [machine.id, machine.line]));
  return [...new Set([...units].map(unit => lineOf.get(unit) ?? unit))];
}
