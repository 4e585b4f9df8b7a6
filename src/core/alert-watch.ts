// Alert watch: when a figure held beyond its limit, minute by minute of event time.
// In: figures at minute ends, what is known of before. Out: episodes, and what is about to be one.
// Pure: the same figures give the same episodes, from wherever the judging goes on.

import { type FigureCondition, figureOf, type Side, sideOf } from './alert-figure.ts';
import type { Episode, Head } from './alert-state.ts';
import type { TallyAt } from './alert-tally.ts';
import { DAY_MS, MINUTE_MS, minuteOf, type Span } from './time.ts';

export interface Watched {
  readonly unit: string;
  readonly condition: FigureCondition;
  readonly forMs: number;
  readonly tallyAt: TallyAt;
  /** maintenance of the unit */
  readonly spared: readonly Span[];
}

/** What is known of one unit under one rule. */
export interface Course {
  readonly episodes: readonly Episode[];
  readonly head: Head | null;
}

/** Where judging goes on: after `judged`, or earlier: from the first instant that reads otherwise. */
export interface Reach {
  readonly judged: number;
  readonly alteredFrom: number | null;
  readonly upTo: number;
}

/** What lies further back than this was never judged and is left so. */
const JUDGED_AT_ONCE_MAX_MS = 8 * DAY_MS;

export const isSpared = (spared: readonly Span[], from: number, to: number): boolean =>
  spared.some(span => span.from < to && span.to > from);

interface Start {
  /** the state is known right after this minute end */
  readonly end: number;
  readonly open: Episode | null;
  readonly head: Head | null;
}

/** Judges [reach.judged, reach.upTo) at minute ends, and again what reads otherwise. */
export function judgeFigure(watched: Watched, course: Course, reach: Reach): Course {
  const look = (end: number): { side: Side; figure: number | null } => {
    if (isSpared(watched.spared, end - MINUTE_MS, end)) return { side: 'off', figure: null };
    const tally = watched.tallyAt(end);
    const figure = tally === null ? null : figureOf(watched.condition, tally);
    return { side: sideOf(watched.condition, figure), figure };
  };
  const last = minuteOf(reach.upTo);
  const start = startOf(course, reach, watched.forMs, end => look(end).side);
  const episodes = course.episodes.filter(({ to }) => to !== null && to <= start.end);
  let { open, head } = start;
  for (let end = start.end + MINUTE_MS; end <= last; end += MINUTE_MS) {
    const { side, figure } = look(end);
    if (side === 'off') {
      if (open !== null) episodes.push({ ...open, to: end });
      open = null;
      head = null;
    } else if (open === null) {
      if (side === 'none') head = null;
      else if (head !== null) head = { since: head.since, heldMs: end - head.since };
      else if (side === 'on') head = { since: end, heldMs: 0 };
      if (head === null || head.heldMs < watched.forMs) continue;
      open = { unit: watched.unit, from: head.since, raisedAt: end, to: null, value: figure };
      head = null;
    }
  }
  if (open !== null) episodes.push(open);
  return { episodes, head };
}

/**
 * From where the figures must be looked at, and what held there. What is about to be an episode at some instant has had a figure all
 * along, and for less than `forMs`, or it would be one: no further back it is looked for.
 */
function startOf(
  { episodes, head }: Course,
  { judged, alteredFrom, upTo }: Reach,
  forMs: number,
  sideAt: (end: number) => Side,
): Start {
  const before = minuteOf(judged);
  const from = Math.max(
    Math.min(before, alteredFrom === null ? before : minuteOf(alteredFrom)),
    minuteOf(upTo - JUDGED_AT_ONCE_MAX_MS),
  );
  const covering = episodes.find(({ from: began, to }) => began <= from && (to === null || to > from));
  if (covering !== undefined && covering.raisedAt <= from)
    return { end: from, open: { ...covering, to: null }, head: null };
  if (covering !== undefined) return { end: covering.from - MINUTE_MS, open: null, head: null };
  if (from === before) return { end: from, open: null, head };
  let end = from;
  while (end > from - forMs && ['on', 'between'].includes(sideAt(end))) end -= MINUTE_MS;
  return { end, open: null, head: null };
}
