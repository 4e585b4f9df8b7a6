// Alert place: the rules of a line, an area or a site judged as far as its facts reach, and again where they read otherwise.
// In: a place, the plan, machines and sums. Out: the place's episodes, brought up to date; alerts as they follow from them.
// Pure; changes the place in place. Machines of a line are judged up to one common instant, so that what happens to all of
// them at once is seen at once.

import { type Cause, explained, isCause, isExplained } from './alert-cause.ts';
import { isFigure } from './alert-figure.ts';
import { compareEpisodes, type Drawn, drawAlerts } from './alert-group.ts';
import type { AlertPlan, PlacedRule, PlanOfPlace } from './alert-plan.ts';
import type { AlertRule } from './alert-rule.ts';
import { judgeQuarantine, judgeStill, mayStandSince } from './alert-standstill.ts';
import type { Episode, Place } from './alert-state.ts';
import { lineTallyAt, ownTallyAt, rollupTallyAt, type TallyAt } from './alert-tally.ts';
import { type Course, judgeFigure, type Reach } from './alert-watch.ts';
import type { Line } from './line.ts';
import type { Machine } from './machine.ts';
import type { Rollup } from './rollup.ts';
import { MINUTE_MS, minuteOf } from './time.ts';

/** A machine whose time is further behind than this is not waited for: what it tells later is late. */
export const IN_STEP_MS = 2 * MINUTE_MS;

/** How far the facts of a line reach: to the last of the machines that keep step. 0: none was ever heard. */
export function lineReach(line: Line): number {
  let furthest = 0;
  for (const { edge } of line.machines) furthest = Math.max(furthest, edge);
  let reach = furthest;
  for (const { edge } of line.machines) if (edge > 0 && edge > furthest - IN_STEP_MS) reach = Math.min(reach, edge);
  return reach;
}

/** The same for an area or a site and its lines. */
export function rollupReach(rollup: Rollup): number {
  const heard = [...rollup.heard.values()];
  const furthest = Math.max(0, ...heard);
  return Math.min(furthest, ...heard.filter(edge => edge > furthest - IN_STEP_MS));
}

export interface Ground {
  readonly place: Place;
  readonly plan: AlertPlan;
  readonly line: Line | null;
  readonly rollup: Rollup | null;
}

/** Judges every rule of the place up to an instant. @returns whether an episode began, ended or changed */
export function judgePlace(ground: Ground, placed: PlanOfPlace, upTo: number): boolean {
  const { place } = ground;
  const judged = Math.max(place.upTo, 0);
  const to = Math.max(judged, upTo);
  let changed = false;
  for (const { rule, units } of placed.rules) {
    for (const unit of units) changed = judgeUnit(ground, rule, unit, judged, to) || changed;
  }
  place.upTo = to;
  place.altered.clear();
  place.unsaved = true;
  return changed;
}

function judgeUnit(ground: Ground, rule: AlertRule, unit: string, judged: number, upTo: number): boolean {
  const { place } = ground;
  const machine = ground.line?.machines.find(({ rules }) => rules.machine.id === unit) ?? null;
  const end = machine === null ? upTo : Math.min(upTo, machine.edge);
  const reach: Reach = {
    judged: Math.min(judged, end),
    alteredFrom: alteredOf(ground, unit, machine),
    upTo: end,
  };
  // a figure says something new when a minute ended, or when the past reads otherwise
  const isNew = minuteOf(end) > minuteOf(judged) || (reach.alteredFrom !== null && reach.alteredFrom < judged);
  if (isFigure(rule.condition) && !isNew) return false;
  const key = `${rule.id}|${unit}`;
  const all = place.episodes.get(rule.id) ?? [];
  const before: Course = {
    episodes: all.length === 0 ? all : all.filter(each => each.unit === unit),
    head: place.heads.get(key) ?? null,
  };
  const after = courseOf(ground, rule, unit, machine, before, reach);
  if (after === before) return false;
  if (after.head === null) place.heads.delete(key);
  else place.heads.set(key, after.head);
  if (sameEpisodes(before.episodes, after.episodes)) return false;
  const rest = all.filter(each => each.unit !== unit);
  place.episodes.set(rule.id, [...rest, ...after.episodes].sort(compareEpisodes));
  return true;
}

function alteredOf({ place }: Ground, unit: string, machine: Machine | null): number | null {
  if (place.altered.size === 0) return null;
  if (machine !== null) return place.altered.get(unit) ?? null;
  return Math.min(...place.altered.values());
}

function courseOf(
  { plan, line, rollup }: Ground,
  rule: AlertRule,
  unit: string,
  machine: Machine | null,
  before: Course,
  reach: Reach,
): Course {
  const { condition, forMs } = rule;
  const spared = plan.sparedOf(unit);
  if (isFigure(condition)) {
    const tallyAt: TallyAt =
      machine !== null
        ? ownTallyAt(machine, condition.window, spared)
        : line !== null
          ? lineTallyAt(line, condition.window, spared)
          : rollup !== null
            ? rollupTallyAt(rollup, (window, end) => plan.windowStart(unit, window, end), condition.window, spared)
            : () => null;
    return judgeFigure({ unit, condition, forMs, tallyAt, spared }, before, reach);
  }
  if (machine === null || !Number.isFinite(machine.beginning)) return { episodes: [], head: null };
  if (condition.kind === 'quarantined') return judgeQuarantine(machine, spared, before, reach);
  if (condition.kind !== 'stopLonger' && condition.kind !== 'silentLonger') return before;
  const thresholdMs = condition.longerMs + forMs;
  return judgeStill({ machine, kind: condition.kind, thresholdMs, spared }, before, reach);
}

function sameEpisodes(a: readonly Episode[], b: readonly Episode[]): boolean {
  return (
    a.length === b.length &&
    a.every((each, index) => {
      const other = b[index];
      return (
        other !== undefined &&
        each.from === other.from &&
        each.raisedAt === other.raisedAt &&
        each.to === other.to &&
        each.value === other.value
      );
    })
  );
}

export interface AlertsOfRule {
  readonly drawn: readonly Drawn[];
  /** units whose open episode is not told -> the rule and machine that explain it */
  readonly explained: ReadonlyMap<string, Pick<Cause, 'rule' | 'unit'>>;
}

/** The alerts of one rule that follow from the place's episodes, and what was explained away by others. */
export function alertsOfRule(ground: Ground, placed: PlanOfPlace, { rule, units }: PlacedRule): AlertsOfRule {
  const { place } = ground;
  const episodes = (place.episodes.get(rule.id) ?? []).filter(({ unit }) => units.includes(unit));
  const away = new Map<string, Pick<Cause, 'rule' | 'unit'>>();
  if (!isExplained(rule) || episodes.length === 0)
    return { drawn: drawAlerts(rule, episodes, place.upTo), explained: away };
  const causes = new Map(units.map(unit => [unit, causesOf(ground, placed, unit)]));
  const told = episodes.flatMap(episode => {
    const found = explained(rule, episode, causes.get(episode.unit) ?? [], place.upTo);
    if ('told' in found) return [found.told];
    if (episode.to === null) away.set(episode.unit, found.by);
    return [];
  });
  return { drawn: drawAlerts(rule, told.sort(compareEpisodes), place.upTo), explained: away };
}

/** On a serial line everything waits for the machine that stands; machines of a parallel line stand for themselves. */
function causesOf({ place, line }: Ground, placed: PlanOfPlace, unit: string): Cause[] {
  const isOwn = line?.model.kind === 'parallel' && line.model.id !== unit;
  return placed.rules
    .filter(({ rule }) => isCause(rule))
    .flatMap(({ rule, units }) => {
      const known = (place.episodes.get(rule.id) ?? []).map(
        (episode): Cause => ({ rule: rule.id, unit: episode.unit, from: episode.from, to: episode.to }),
      );
      const may = units.flatMap((id): Cause[] => {
        const machine = line?.machines.find(({ rules }) => rules.machine.id === id);
        const { kind } = rule.condition;
        if (machine === undefined || (kind !== 'stopLonger' && kind !== 'silentLonger')) return [];
        const from = mayStandSince(machine, kind);
        return from === null ? [] : [{ rule: rule.id, unit: id, from, to: null }];
      });
      return [...known, ...may].filter(cause => !isOwn || cause.unit === unit);
    });
}

/** Lets episodes go that were over before an instant. An alert is no longer than ALERT_SPAN_MAX_MS and what lasts. */
export function forgetEpisodes(place: Place, rule: AlertRule, before: number): void {
  const list = place.episodes.get(rule.id) ?? [];
  const groups = drawAlerts(rule, list, place.upTo);
  const oldest = Math.min(
    ...groups.filter(({ resolvedAt }) => resolvedAt === null || resolvedAt >= before).map(({ raisedAt }) => raisedAt),
  );
  place.episodes.set(
    rule.id,
    list.filter(({ raisedAt }) => raisedAt >= Math.min(oldest, before)),
  );
}
