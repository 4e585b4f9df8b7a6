// Alert standstill: when a machine stood still by its own cause, was silent, or had pieces set aside, to the millisecond.
// In: a machine's effective timeline, what is known of before. Out: episodes, and what is about to be one.
// Pure. Minute tallies say cheaply where nothing can be; only where something can be is the timeline read.

import type { AlertCondition } from './alert-rule.ts';
import type { Episode, Head } from './alert-state.ts';
import { minuteTally } from './alert-tally.ts';
import { type Course, isSpared, type Reach } from './alert-watch.ts';
import { type Machine, readEffective } from './machine.ts';
import type { Tally } from './tally.ts';
import { MINUTE_MS, minuteOf, type Span } from './time.ts';
import { isAside, type Stretch } from './timeline.ts';

export type StillCondition = Extract<AlertCondition, { readonly kind: 'stopLonger' | 'silentLonger' }>;

export interface Still {
  readonly machine: Machine;
  readonly kind: StillCondition['kind'];
  /** time in the condition after which it is an episode */
  readonly thresholdMs: number;
  readonly spared: readonly Span[];
}

/** A machine is asked so far back when it last did something else, then four times as far, and so on. */
const LOOK_BACK_MS = 4 * MINUTE_MS;

/**
 * on: it counts. off: the machine did something else, or waited for others, or was set up: known, and none of this. none: what
 * nobody knows neither raises nor clears. Breaks and time off never raise: a stop over a break is one stop, unless the machine did
 * something else meanwhile; and who is heard in time off is not silent.
 */
type Class = 'on' | 'off' | 'none';

export function classOf(kind: StillCondition['kind'], stretch: Stretch): Class {
  const { category, source } = stretch;
  if (isAside(stretch)) return isElse(kind, stretch) ? 'off' : 'none';
  if (category === 'unknown') return kind === 'silentLonger' && source === 'silence' ? 'on' : 'none';
  return kind === 'stopLonger' && (category === 'breakdown' || category === 'microStop') ? 'on' : 'off';
}

/** Beneath a break or time off. */
function isElse(kind: StillCondition['kind'], { beneath }: Stretch): boolean {
  return kind === 'silentLonger' ? beneath !== 'silence' : BUSY.has(beneath);
}
const BUSY: ReadonlySet<Stretch['beneath']> = new Set(['producing', 'setup', 'starved', 'blocked', 'idle']);

const onMs = (kind: StillCondition['kind'], tally: Tally): number =>
  kind === 'stopLonger' ? tally.breakdown + tally.microStop : tally.unknown;
const offMs = (kind: StillCondition['kind'], tally: Tally): number =>
  tally.producing +
  tally.setup +
  tally.starved +
  tally.blocked +
  tally.idle +
  (kind === 'silentLonger' ? tally.breakdown + tally.microStop : 0);

/** Judges [reach.judged, reach.upTo), and again what reads otherwise. */
export function judgeStill(still: Still, course: Course, reach: Reach): Course {
  const { machine, kind } = still;
  const isLate = reach.alteredFrom !== null && reach.alteredFrom < reach.judged;
  const at = Math.max(
    isLate ? (reach.alteredFrom ?? 0) : reach.judged,
    Number.isFinite(machine.beginning) ? machine.beginning : reach.upTo,
  );
  const covering = course.episodes.find(({ from, to }) => from <= at && (to === null || to >= at));
  const known = course.episodes.filter(({ from, to }) => to !== null && to <= at && from !== covering?.from);
  if (covering !== undefined) {
    if (!isLate && covering.to === null && goesOn(still, minuteOf(at), reach.upTo)) return course;
    const rest = isLate || covering.to === null ? readStills(still, covering.from, reach.upTo) : null;
    if (rest !== null) return { episodes: [...known, ...rest.episodes], head: rest.head };
    known.push(covering);
  }
  const after = Math.max(machine.beginning, known.at(-1)?.to ?? 0);
  let head = isLate ? lookBack(still, minuteOf(at), after) : course.head;
  if (isLate && course.head !== null && course.head.since <= at)
    head = { since: course.head.since, heldMs: heldIn(still, course.head.since, minuteOf(at)) };
  for (let minute = minuteOf(at); minute < reach.upTo; minute += MINUTE_MS) {
    const tally = minuteTally(machine, minute);
    const on = onMs(kind, tally);
    const heldMs = (head?.heldMs ?? 0) + on;
    if (on > 0 && heldMs >= still.thresholdMs) {
      const from = Math.max(head?.since ?? minute, after);
      const rest = readStills(still, from, reach.upTo);
      return { episodes: [...known, ...rest.episodes], head: rest.head };
    }
    // the minute that is still going on is looked at again
    if (minute + MINUTE_MS > reach.upTo) break;
    if (on > 0) head = { since: head?.since ?? minute, heldMs };
    else if (offMs(kind, tally) > 0) head = null;
  }
  return { episodes: known, head };
}

/** Nothing but more of the same in these minutes. */
function goesOn({ machine, kind, spared }: Still, from: number, to: number): boolean {
  if (isSpared(spared, from, to)) return false;
  let asideFrom = to;
  for (let minute = from; minute < to; minute += MINUTE_MS) {
    const tally = minuteTally(machine, minute);
    if (offMs(kind, tally) > 0) return false;
    if (tally.notScheduled + tally.plannedStop > 0) asideFrom = Math.min(asideFrom, minute);
  }
  // what a machine does while nothing is planned is in no tally
  if (asideFrom >= to) return true;
  return !readEffective(machine, asideFrom, to).stretches.some(stretch => classOf(kind, stretch) === 'off');
}

const heldIn = ({ machine, kind }: Still, from: number, to: number): number => {
  let held = 0;
  for (let minute = minuteOf(from); minute < to; minute += MINUTE_MS) held += onMs(kind, minuteTally(machine, minute));
  return held;
};

/** What goes on at an instant, from the last that was something else. An episode that reaches further back is known already. */
function lookBack({ machine, kind, spared }: Still, at: number, after: number): Head | null {
  const minute = minuteTally(machine, at - MINUTE_MS);
  if (onMs(kind, minute) === 0 && offMs(kind, minute) > 0) return null;
  let head = null as Head | null;
  for (let to = at, span = LOOK_BACK_MS; to > after; to -= span, span *= 4) {
    const from = Math.max(after, to - span);
    const { stretches } = readEffective(machine, from, to);
    for (const part of [...partsOf(stretches, spared, from, to)].reverse()) {
      const which = part.spared ? 'off' : classOf(kind, part.stretch);
      if (which === 'off') return head;
      if (which === 'on') head = { since: part.from, heldMs: (head?.heldMs ?? 0) + part.to - part.from };
    }
  }
  return head;
}

/** What goes on while the timeline is read. */
interface Going {
  readonly since: number;
  readonly raisedAt: number | null;
  readonly heldMs: number;
  /** how much of it lies in the last, unfinished minute */
  readonly inMinuteMs: number;
}

/** Reads the timeline of [from, to): episodes, and what holds at the end without having held long enough. */
function readStills(still: Still, from: number, to: number): Course {
  const { machine, kind, thresholdMs, spared } = still;
  const unit = machine.rules.machine.id;
  const episodes: Episode[] = [];
  const lastMinute = minuteOf(to);
  const { stretches } = readEffective(machine, Math.max(from, machine.beginning), to);
  let going: Going | null = null;
  for (const part of partsOf(stretches, spared, from, to)) {
    const which = part.spared ? 'off' : classOf(kind, part.stretch);
    if (which === 'on') going = longer(going, part, thresholdMs, lastMinute);
    if (which !== 'off' || going === null) continue;
    const { since, raisedAt, heldMs } = going;
    if (raisedAt !== null) episodes.push({ unit, from: since, raisedAt, to: part.from, value: heldMs });
    going = null;
  }
  if (going === null) return { episodes, head: null };
  const { since, raisedAt, heldMs, inMinuteMs } = going;
  if (raisedAt === null) return { episodes, head: { since, heldMs: heldMs - inMinuteMs } };
  return { episodes: [...episodes, { unit, from: since, raisedAt, to: null, value: thresholdMs }], head: null };
}

function longer(going: Going | null, part: Span, thresholdMs: number, lastMinute: number): Going {
  const { since, raisedAt, heldMs, inMinuteMs } = going ?? {
    since: part.from,
    raisedAt: null,
    heldMs: 0,
    inMinuteMs: 0,
  };
  const now = heldMs + part.to - part.from;
  return {
    since,
    raisedAt: raisedAt ?? (now >= thresholdMs ? part.from + Math.max(0, thresholdMs - heldMs) : null),
    heldMs: now,
    inMinuteMs: inMinuteMs + Math.max(0, part.to - Math.max(part.from, lastMinute)),
  };
}

/** Since when it may be in the condition, at its edge; null when it is not. What was known before is not asked. */
export function mayStandSince(machine: Machine, kind: StillCondition['kind']): number | null {
  let since: number | null = null;
  for (const stretch of machine.openStretches.toReversed()) {
    const which = classOf(kind, stretch);
    if (which === 'off') break;
    if (which === 'on') since = stretch.from;
  }
  return since;
}

/** Stretches within [from, to), cut where maintenance begins and ends. */
function* partsOf(
  stretches: readonly Stretch[],
  spared: readonly Span[],
  from: number,
  to: number,
): Generator<{ readonly stretch: Stretch; readonly from: number; readonly to: number; readonly spared: boolean }> {
  const cuts = spared.flatMap(span => [span.from, span.to]);
  for (const stretch of stretches) {
    const [first, last] = [Math.max(stretch.from, from), Math.min(stretch.to, to)];
    if (first >= last) continue;
    const inside = cuts.filter(cut => cut > first && cut < last).sort((a, b) => a - b);
    let at = first;
    for (const next of [...inside, last]) {
      if (next > at) yield { stretch, from: at, to: next, spared: isSpared(spared, at, next) };
      at = next;
    }
  }
}

/**
 * Pieces that were set aside: from the first such reading until a person releases it (then there was none), or until it is too old
 * for that. Further ones meanwhile are the same episode.
 */
export function judgeQuarantine(machine: Machine, spared: readonly Span[], course: Course, reach: Reach): Course {
  const unit = machine.rules.machine.id;
  const isLate = reach.alteredFrom !== null && reach.alteredFrom < reach.judged;
  let known = course.episodes;
  if (isLate) known = known.filter(({ from }) => from < (reach.alteredFrom ?? 0));
  const found = new Map(known.filter(({ to }) => to === null).map(episode => [episode.unit, episode]));
  const from = minuteOf(
    Math.max(isLate ? Math.max(reach.alteredFrom ?? 0, machine.keptFrom) : reach.judged, machine.beginning),
  );
  const next: Episode[] = known.filter(({ to }) => to !== null);
  let open = found.get(unit) ?? null;
  for (let minute = from; minute < reach.upTo; minute += MINUTE_MS) {
    if (minuteTally(machine, minute).quarantined === 0 || isSpared(spared, minute, minute + MINUTE_MS)) continue;
    if (open !== null) continue;
    const { pieces } = readEffective(machine, minute, minute + MINUTE_MS);
    const first = pieces.find(({ quarantined, at }) => quarantined !== 0 && at < reach.upTo);
    if (first !== undefined) open = { unit, from: first.at, raisedAt: first.at, to: null, value: first.quarantined };
  }
  if (open !== null && open.from < machine.keptFrom) open = { ...open, to: machine.keptFrom };
  return { episodes: open === null ? next : [...next, open], head: null };
}
