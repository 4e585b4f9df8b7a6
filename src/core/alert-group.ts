// Alert group: one cause, one alert: episodes of a place under one rule become alerts.
// In: episodes. Out: what each alert says of itself.
// Pure.

import type { AlertMember } from './alert.ts';
import type { AlertRule } from './alert-rule.ts';
import type { Episode } from './alert-state.ts';
import { DAY_MS, isoOf } from './time.ts';

/** An alert as it follows from the facts, before anybody was told or said anything. */
export interface Drawn {
  readonly id: string;
  readonly members: readonly AlertMember[];
  readonly since: number;
  readonly raisedAt: number;
  /** null while it is active */
  readonly resolvedAt: number | null;
  readonly occurrences: number;
  readonly flapping: boolean;
}

/** The third time is no chance any more. */
export const FLAPPING_FROM = 3;
/** What begins later than this after an alert's beginning is another alert, so that none grows without end. */
export const ALERT_SPAN_MAX_MS = DAY_MS;

/** Rule, unit and instant of what was raised first: whoever sees the same facts gives the same id. */
export const alertId = (rule: string, { unit, from }: Pick<Episode, 'unit' | 'from'>): string =>
  `${rule}:${unit}:${isoOf(from)}`;

interface Group {
  readonly first: Episode;
  readonly episodes: Episode[];
  readonly times: Map<string, number>;
  flapping: boolean;
}

/** @param episodes by raisedAt, then from, then unit; @param upTo how far the place was judged */
export function drawAlerts(rule: AlertRule, episodes: readonly Episode[], upTo: number): Drawn[] {
  const groups: Group[] = [];
  for (const episode of episodes) {
    const group = groups.findLast(each => belongs(rule, each, episode));
    if (group === undefined) {
      groups.push({ first: episode, episodes: [episode], times: new Map([[episode.unit, 1]]), flapping: false });
      continue;
    }
    group.episodes.push(episode);
    const times = (group.times.get(episode.unit) ?? 0) + 1;
    group.times.set(episode.unit, times);
    group.flapping ||= times >= FLAPPING_FROM;
  }
  return groups.map(group => drawn(rule, group, upTo));
}

/** Together with the first, or again on a unit that it is about. */
function belongs(rule: AlertRule, { first, episodes, times }: Group, next: Episode): boolean {
  if (next.raisedAt - first.raisedAt > ALERT_SPAN_MAX_MS) return false;
  if (!times.has(next.unit)) return next.raisedAt - first.raisedAt <= rule.togetherMs;
  const last = episodes.findLast(({ unit }) => unit === next.unit);
  return last !== undefined && last.to !== null && next.from - last.to <= rule.flapMs;
}

function drawn(rule: AlertRule, { first, episodes, times, flapping }: Group, upTo: number): Drawn {
  const members = new Map<string, AlertMember>();
  for (const { unit, from, to, value } of episodes) {
    const known = members.get(unit);
    members.set(unit, { unit, since: known?.since ?? from, until: to, value });
  }
  let over: number | null = 0;
  for (const { to } of episodes) over = over === null || to === null ? null : Math.max(over, to);
  const quiet = over === null ? null : over + (flapping ? rule.flapMs : 0);
  return {
    id: alertId(rule.id, first),
    members: [...members.values()],
    since: first.from,
    raisedAt: first.raisedAt,
    resolvedAt: quiet === null || quiet > upTo ? null : quiet,
    occurrences: Math.max(...times.values()),
    flapping,
  };
}

/** The order in which episodes become alerts. */
export const compareEpisodes = (a: Episode, b: Episode): number =>
  a.raisedAt - b.raisedAt || a.from - b.from || (a.unit < b.unit ? -1 : a.unit > b.unit ? 1 : 0);
