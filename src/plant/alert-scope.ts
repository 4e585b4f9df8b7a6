// Alert scope: which units a rule judges: named one by one, or all of a level, below some units, with some tags.
// In: `on` of a rule, the plant's units. Out: ids of one level, faults reported.
// Pure.

import type { AlertCondition } from '../core/alert-rule.ts';
import type { Level } from '../core/plant-model.ts';
import { checkReference } from './check-reference.ts';
import type { Path, Report } from './plant-fault.ts';
import type { Items, OnEntry } from './plant-file.ts';
import type { Units } from './resolve-units.ts';

const LEVELS = { machines: 'machine', lines: 'line', areas: 'area', sites: 'site' } as const;
type LevelKey = keyof typeof LEVELS;
const KEYS = Object.keys(LEVELS) as LevelKey[];

/** A unit as a rule sees it. */
interface Judged {
  readonly id: string;
  readonly level: Level;
  readonly above: readonly string[];
  readonly tags: readonly string[];
}

/** What a stop, a silence, a counter and a cycle belong to. */
const OF_MACHINES: readonly AlertCondition['kind'][] = [
  'stopLonger',
  'silentLonger',
  'quarantined',
  'performanceAbove',
];
const OF_ENGINE: readonly AlertCondition['kind'][] = ['engineLag', 'neighbourAway', 'deadLetters'];
export const isOfEngine = ({ kind }: AlertCondition): boolean => OF_ENGINE.includes(kind);

function judgedUnits(units: Units): Judged[] {
  return [
    ...units.machines.map(({ id, line, area, site, tags }) => ({
      id,
      level: 'machine' as const,
      above: [line, area, site],
      tags,
    })),
    ...units.lines.map(({ id, area, site, tags }) => ({ id, level: 'line' as const, above: [area, site], tags })),
    ...units.areas.map(({ id, site }) => ({ id, level: 'area' as const, above: [site], tags: [] })),
    ...units.sites.map(({ id }) => ({ id, level: 'site' as const, above: [], tags: [] })),
  ];
}

/**
 * The units that a rule judges, in the plant's order.
 * @param path of the rule
 */
export function scopeOf(
  on: OnEntry | undefined,
  condition: AlertCondition | null,
  units: Units,
  path: Path,
  report: Report,
): string[] {
  const at = [...path, 'on'];
  if (condition !== null && isOfEngine(condition)) {
    if (on !== undefined) {
      report('SCOPE', at, 'this rule judges the engine, not a unit', 'Take out on.', 'key');
    }
    return [];
  }
  if (on === undefined) {
    const remedy = 'Give on, such as { machines: [filler] } or { lines: all }.';
    if (condition !== null) report('MISSING', at, 'the rule names no units', remedy, 'key');
    return [];
  }
  const levels = KEYS.filter(key => key in on);
  const [key] = levels;
  if (key === undefined || levels.length > 1) {
    const message = key === undefined ? 'the scope has no level' : `the scope mixes ${levels.join(' and ')}`;
    report('SCOPE', at, message, 'Give one of machines, lines, areas, sites; a rule judges units of one level.', 'key');
    return [];
  }
  if (condition !== null && key !== 'machines' && OF_MACHINES.includes(condition.kind)) {
    const message = `this condition is one of machines, not of ${key}`;
    report('SCOPE', [...at, key], message, 'Say { machines: all, of: [the unit] } for what lies below a unit.', 'key');
    return [];
  }
  return chosen(key, on, judgedUnits(units), at, report);
}

function chosen(key: LevelKey, on: OnEntry, all: readonly Judged[], path: Path, report: Report): string[] {
  const level = LEVELS[key];
  const given = on[key];
  if (given === undefined) return [];
  if (given !== 'all') {
    for (const filter of ['of', 'tags'] as const) {
      const remedy = `Say ${key}: all, or take ${filter} out.`;
      if (filter in on) report('SCOPE', [...path, filter], `${filter} chooses among all ${key}`, remedy, 'key');
    }
    return named(given as Items<string>, level, all, [...path, key], report);
  }
  const within = below(on.of, all, [...path, 'of'], report);
  const tagged = withTags(on.tags, level, all, [...path, 'tags'], report);
  const found = all.filter(unit => unit.level === level && within(unit) && tagged(unit)).map(({ id }) => id);
  const filters = [...(on.of ?? []), ...(on.tags ?? [])];
  const known = new Set(all.flatMap(({ id, tags }) => [id, ...tags]));
  if (found.length === 0 && filters.length > 0 && filters.every(word => word !== undefined && known.has(word))) {
    report('SCOPE', path, `there are no ${key} of that kind`, 'Widen of or tags.', 'key');
  }
  return found;
}

function named(ids: Items<string>, level: Level, all: readonly Judged[], path: Path, report: Report): string[] {
  const ofLevel = all.filter(unit => unit.level === level).map(({ id }) => id);
  const good = ids.filter((id, index): id is string => {
    if (id === undefined) return false;
    const other = all.find(unit => unit.id === id);
    if (other !== undefined && other.level !== level) {
      const remedy = `Name it in a rule of its own, with ${KEYS.find(key => LEVELS[key] === other.level)}: [${id}].`;
      report('SCOPE', [...path, index], `${id} is a ${other.level}, not a ${level}`, remedy);
      return false;
    }
    return checkReference(level, id, ofLevel, [...path, index], report);
  });
  return [...new Set(good)];
}

function below(of: Items<string> | undefined, all: readonly Judged[], path: Path, report: Report) {
  if (of === undefined) return () => true;
  const above = all.filter(unit => unit.level !== 'machine').map(({ id }) => id);
  for (const [index, id] of of.entries()) {
    if (id !== undefined) checkReference('line, area or site', id, above, [...path, index], report);
  }
  return (unit: Judged): boolean => of.some(id => id !== undefined && unit.above.includes(id));
}

function withTags(tags: Items<string> | undefined, level: Level, all: readonly Judged[], path: Path, report: Report) {
  if (tags === undefined) return () => true;
  if (level === 'area' || level === 'site') {
    report('SCOPE', path, `${level}s have no tags`, 'Choose machines or lines by tags.', 'key');
    return () => true;
  }
  const known = [...new Set(all.flatMap(unit => unit.tags))];
  for (const [index, tag] of tags.entries()) {
    if (tag !== undefined) checkReference('tag', tag, known, [...path, index], report);
  }
  return (unit: Judged): boolean => unit.tags.some(tag => tags.includes(tag));
}
