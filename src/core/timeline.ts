// Timeline: what a machine's time finally counts as: restatement over calendar over the machine's own state.
// In: raw segments and the rules. Out: effective stretches that partition the same time, and what changed between two readings.
// Pure.

import type { Segment } from './carry.ts';
import { firstPlanned, planAt, type ReadingRules } from './reading-rules.ts';
import type { Interval, IntervalSource } from './result.ts';
import type { Category } from './tally.ts';

/** A stretch of effective time. `countsAt`: the instant inside it at which its stop is counted, once, or null. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly category: Category;
  /** what the machine itself was in, under whatever a calendar or a person laid over it */
  readonly beneath: Category | 'silence';
  readonly word: string | null;
  readonly reason: string | null;
  readonly stopId: string | null;
  readonly source: IntervalSource;
  readonly undecided: boolean;
  readonly countsAt: number | null;
}

/** A stop's name: its machine and the instant at which it began; a restated stop has its correction's id. */
const stopName = (machine: string, start: number): string => `${machine}@${start.toString(36)}`;

/**
 * Lays calendar and restatements over raw segments. Stretches of one segment that differ in nothing are one; those of two
 * segments stay two, so that a stretch has the same start whether its segment is read alone or among others.
 */
export function stretchesOf(rules: ReadingRules, segments: readonly Segment[]): Stretch[] {
  const out: Stretch[] = [];
  for (const segment of segments) {
    let at = segment.from;
    const ownFrom = out.length;
    const counted = segment.stop === null ? null : firstPlanned(rules, segment.stop, segment.to);
    while (at < segment.to) {
      const plan = planAt(rules, at);
      const to = Math.min(plan.to, segment.to);
      append(out, stretchOf(rules, segment, at, to, plan, counted), ownFrom);
      at = to;
    }
  }
  return out;
}

function stretchOf(
  rules: ReadingRules,
  segment: Segment,
  from: number,
  to: number,
  plan: ReturnType<typeof planAt>,
  counted: number | null,
): Stretch {
  const { word } = segment;
  const beneath = segment.source === 'silence' ? 'silence' : segment.category;
  if (plan.restated !== null) {
    const { by, from: paintedFrom } = plan.restated;
    const { category, reason = null, id } = by;
    const stopId = category === 'producing' || category === 'unknown' || category === 'notScheduled' ? null : id;
    const countsAt = plan.restated.first && paintedFrom >= from && paintedFrom < to ? paintedFrom : null;
    return { from, to, category, beneath, word, reason, stopId, source: 'restatement', undecided: false, countsAt };
  }
  const stopId = segment.stop === null ? null : stopName(rules.machine.id, segment.stop);
  if (plan.kind !== 'scheduled') {
    const category = plan.kind === 'plannedStop' ? 'plannedStop' : 'notScheduled';
    return {
      from,
      to,
      category,
      beneath,
      word,
      reason: segment.reason,
      stopId,
      source: 'calendar',
      undecided: false,
      countsAt: null,
    };
  }
  const countsAt = counted !== null && counted >= from && counted < to ? counted : null;
  const { category, reason, source, undecided } = segment;
  return { from, to, category, beneath, word, reason, stopId, source, undecided, countsAt };
}

function append(out: Stretch[], next: Stretch, ownFrom: number): void {
  const last = out.at(-1);
  if (out.length > ownFrom && last !== undefined && last.to === next.from && alike(last, next)) {
    out[out.length - 1] = { ...last, to: next.to, countsAt: last.countsAt ?? next.countsAt };
  } else out.push(next);
}

const alike = (a: Stretch, b: Stretch): boolean =>
  a.category === b.category &&
  a.word === b.word &&
  a.reason === b.reason &&
  a.stopId === b.stopId &&
  a.source === b.source &&
  a.undecided === b.undecided;

/** Time as it is booked: +1 for what is there now, -1 for what was there before. */
export interface Booking {
  readonly from: number;
  readonly to: number;
  readonly category: Category;
  readonly inferred: boolean;
  readonly countsAt: number | null;
  readonly sign: 1 | -1;
}

const bookingOf = (stretch: Stretch, from: number, to: number, sign: 1 | -1): Booking => ({
  from,
  to,
  category: stretch.category,
  inferred: stretch.source === 'inferred',
  countsAt: stretch.countsAt !== null && stretch.countsAt >= from && stretch.countsAt < to ? stretch.countsAt : null,
  sign,
});

const LOSSES: ReadonlySet<Category> = new Set(['breakdown', 'setup', 'starved', 'blocked', 'idle', 'microStop']);

/** Planned time that somebody or something took: its cause is reported. */
export const isLoss = (category: Category): boolean => LOSSES.has(category);

/** An own stop, told by the machine, that neither it nor a person has given a reason. */
export const isUnexplained = ({ category, reason, source }: Stretch): boolean =>
  category === 'breakdown' && reason === null && source === 'state';

/** Whether a shift's report says the same of two stretches that are booked alike. */
export const reportsAlike = (a: Stretch, b: Stretch): boolean =>
  booksAlike(a, b) &&
  (!isLoss(a.category) ||
    (a.reason === b.reason &&
      isUnexplained(a) === isUnexplained(b) &&
      (!isUnexplained(a) || (a.word === b.word && a.stopId === b.stopId))));

const booksAlike = (a: Stretch, b: Stretch): boolean =>
  a.category === b.category && (a.source === 'inferred') === (b.source === 'inferred') && a.countsAt === b.countsAt;

const isSilence = ({ source }: Stretch): boolean => source === 'silence';
/** Time that is not planned, whatever the machine does in it. */
export const isAside = ({ category }: Stretch): boolean => category === 'notScheduled' || category === 'plannedStop';
const soundsAlike = (a: Stretch, b: Stretch): boolean =>
  a.category === b.category && isSilence(a) === isSilence(b) && (a.beneath === b.beneath || !isAside(a));

/**
 * Where two readings begin to differ in what is booked alike: silence among all that nobody knows, and what the machine did while
 * nothing was planned; null: nowhere.
 */
export function hiddenDiffersFrom(before: readonly Stretch[], after: readonly Stretch[]): number | null {
  const mayHide = (stretch: Stretch): boolean => isSilence(stretch) || isAside(stretch);
  if (!before.some(mayHide) && !after.some(mayHide)) return null;
  return bookingsBetween(before, after, soundsAlike)[0]?.from ?? null;
}

/** What must be booked to get from one reading to another: only where they differ. Both ascending, disjoint within. */
export function bookingsBetween(before: readonly Stretch[], after: readonly Stretch[], alike = booksAlike): Booking[] {
  const out: Booking[] = [];
  let old = 0;
  let now = 0;
  let at = 0;
  while (old < before.length || now < after.length) {
    const was = before[old];
    const is = after[now];
    const to = Math.min(nextEdge(was, at), nextEdge(is, at));
    const wasHere = was !== undefined && was.from <= at ? was : null;
    const isHere = is !== undefined && is.from <= at ? is : null;
    if (wasHere === null || isHere === null || !alike(wasHere, isHere)) {
      if (wasHere !== null) out.push(bookingOf(wasHere, at, to, -1));
      if (isHere !== null) out.push(bookingOf(isHere, at, to, 1));
    }
    at = to;
    if (was !== undefined && was.to <= at) old += 1;
    if (is !== undefined && is.to <= at) now += 1;
  }
  return out;
}

/** Where something begins or ends next. */
const nextEdge = (stretch: Stretch | undefined, at: number): number =>
  stretch === undefined ? Number.POSITIVE_INFINITY : stretch.from > at ? stretch.from : stretch.to;

/** The stretch as the outside sees it. `edge`: the live edge; what reaches it goes on. */
export function intervalOf(unit: string, stretch: Stretch, edge: number): Interval {
  return {
    type: 'interval',
    unit,
    from: stretch.from,
    to: stretch.to,
    category: stretch.category,
    state: stretch.word,
    reason: stretch.reason,
    stopId: stretch.stopId,
    source: stretch.source,
    open: stretch.to >= edge,
    undecided: stretch.undecided,
  };
}

/**
 * Intervals to tell when a reading replaces another: new and changed ones, and those that are no more (to = from). That the
 * open one has grown is no news.
 */
export function intervalsBetween(
  unit: string,
  before: readonly Stretch[],
  after: readonly Stretch[],
  edgeBefore: number,
  edge: number,
): Interval[] {
  const out: Interval[] = [];
  const gone: Stretch[] = [];
  let old = 0;
  for (const stretch of after) {
    for (let known = before[old]; known !== undefined && known.from < stretch.from; known = before[old]) {
      gone.push(known);
      old += 1;
    }
    const was = before[old]?.from === stretch.from ? before[old] : undefined;
    if (was !== undefined) old += 1;
    const news = was === undefined || !alike(was, stretch) || was.to >= edgeBefore !== stretch.to >= edge;
    const moved = was !== undefined && was.to !== stretch.to && stretch.to < edge;
    if (news || moved) out.push(intervalOf(unit, stretch, edge));
  }
  gone.push(...before.slice(old));
  for (const stretch of gone) out.push({ ...intervalOf(unit, stretch, edge), to: stretch.from, open: false });
  return out;
}
