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
  /** nothing held from this minute end to the last judged one; null: not known any more, so it is looked for */
  readonly calmSince?: number | null;
}

/** Where judging goes on: after `judged`, or earlier: from the first instant that reads otherwise. */
export interface Reach {
  readonly judged: number;
  readonly alteredFrom: number | null;
  readonly upTo: number;
}

/** How far back it is asked whether a figure held before the instant that reads otherwise. */
const LOOK_BACK_MAX_MS = DAY_MS;
/** What lies further back than this was never judged and is left so. */
const JUDGED_AT_ONCE_MAX_MS = 8 * DAY_MS;

export const isSpared = (spared: readonly Span[], from: number, to: number): boolean =>
  spared.some(span => span.from < to && span.to > from);

interface Start {
  /** the state is known right after this minute end */
  readonly end: number;
  readonly open: Episode | null;
  readonly head: Head | null;
  readonly calmSince?: number | null;
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
  const start = startOf(course, reach, end => look(end).side);
  const episodes = course.episodes.filter(({ to }) => to !== null && to <= start.end);
  let { open, head } = start;
  let calmSince: number | null = open === null && head === null ? (start.calmSince ?? start.end) : null;
  for (let end = start.end + MINUTE_MS; end <= last; end += MINUTE_MS) {
    const { side, figure } = look(end);
    if (side === 'off') {
      if (open !== null) episodes.push({ ...open, to: end });
      open = null;
      head = null;
      calmSince ??= end;
    } else if (open === null) {
      if (head === null && side === 'on') head = { since: end, heldMs: 0 };
      else if (head !== null && side !== 'none') head = { since: head.since, heldMs: head.heldMs + MINUTE_MS };
      if (head !== null) calmSince = null;
      if (head !== null && side !== 'none' && head.heldMs >= watched.forMs) {
        open = { unit: watched.unit, from: head.since, raisedAt: end, to: null, value: figure };
        head = null;
      }
    }
  }
  if (open !== null) episodes.push(open);
  return { episodes, head, calmSince };
}

/** From where the figures must be looked at, and what held there. */
function startOf(course: Course, { judged, alteredFrom, upTo }: Reach, sideAt: (end: number) => Side): Start {
  const before = minuteOf(judged);
  const from = Math.max(
    Math.min(before, alteredFrom === null ? before : minuteOf(alteredFrom)),
    minuteOf(upTo - JUDGED_AT_ONCE_MAX_MS),
  );
  const covering = course.episodes.find(({ from: began, to }) => began <= from && (to === null || to > from));
  if (covering !== undefined && covering.raisedAt <= from)
    return { end: from, open: { ...covering, to: null }, head: null };
  if (covering !== undefined) return { end: covering.from - MINUTE_MS, open: null, head: null };
  const calmSince = course.calmSince ?? null;
  if (from === before && alteredFrom === null) return { end: from, open: null, head: course.head, calmSince };
  if (course.head !== null && course.head.since <= from)
    return { end: course.head.since - MINUTE_MS, open: null, head: null };
  if (calmSince !== null && calmSince <= from) return { end: from, open: null, head: null, calmSince };
  let end = from;
  for (; end > from - LOOK_BACK_MAX_MS; end -= MINUTE_MS) if (sideAt(end) === 'off') break;
  return { end, open: null, head: null };
}
