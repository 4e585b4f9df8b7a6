// Settle: the step of a machine: fresh facts and corrections are worked in, and the difference is booked.
// In: a machine with admitted facts, new rules, or a later live edge. Out: its windows and timeline, brought up to date.
// Pure; changes the machine in place.

import { absencesOf, leaveOut, presentParts } from './absence.ts';
import { findBeginning, readBeginningAnew, recallBeginning, untoldSince } from './beginning.ts';
import type { Segment } from './carry.ts';
import { correctionsOf } from './correction.ts';
import type { CorrectionEvent, FactEvent } from './event.ts';
import { compareFacts, isSignOfLife } from './fact.ts';
import { hasFact, insertFacts, type Replaced, readSpan, refold } from './fact-blocks.ts';
import { type Machine, memoryOf, reachOf } from './machine.ts';
import { replaceRuns } from './machine-tracks.ts';
import { openView } from './open-view.ts';
import { firstPlanned, type ReadingRules } from './reading-rules.ts';
import type { Span } from './time.ts';
import {
  bookingsBetween,
  hiddenDiffersFrom,
  intervalsBetween,
  reportsAlike,
  type Stretch,
  stretchesOf,
} from './timeline.ts';
import { piecesBetween, type ValuedPieces, valuedPieces } from './valued-pieces.ts';
import { bookPiecesOnTrack, bookTimeOnTrack, type Cell, cellAt } from './window-track.ts';

/** Was it told before: a fact by time, type and id; a correction by id. */
export function knows(machine: Machine, fact: FactEvent): boolean {
  return hasFact(machine.store, fact);
}

/** Works everything admitted in. @returns whether anything changed */
export function settle(machine: Machine): boolean {
  const { fresh, freshCorrections } = machine;
  if (fresh.length === 0 && freshCorrections.length === 0) return false;
  machine.fresh = [];
  machine.freshCorrections = [];
  machine.restless = true;
  for (const correction of freshCorrections) settleCorrection(machine, correction);
  const plain = fresh.filter(fact => fact.type !== 'requalify');
  if (plain.length > 0) settleFacts(machine, plain);
  for (const fact of fresh) {
    if (fact.type === 'requalify') inTheNameOf(machine, fact, () => settleFacts(machine, [fact]));
  }
  return true;
}

function settleFacts(machine: Machine, fresh: FactEvent[]): void {
  if (fresh.length > 1) fresh.sort(compareFacts);
  const edgeBefore = machine.edge;
  const reachBefore = reachOf(machine);
  const replaced = insertFacts(machine.store, machine.rules, fresh);
  const last = fresh.at(-1);
  if (last !== undefined && (machine.latest === null || last.at > machine.latest)) machine.latest = last.at;
  if (machine.latest !== null && machine.latest > machine.edge && fresh.some(isSignOfLife))
    machine.edge = machine.latest;
  rebook(machine, machine.rules, replaced, edgeBefore, reachBefore);
}

/** Lays the difference of two readings into the windows. */
function rebook(
  machine: Machine,
  before: ReadingRules,
  replaced: Replaced,
  edgeBefore: number,
  reachBefore = reachOf(machine),
): void {
  const { rules } = machine;
  findBeginning(machine);
  const open = openView(rules, machine.store.head, machine.edge);
  const cached = replaced.removed.segments.length === 0 && before === rules;
  const old = cached
    ? machine.openStretches
    : stretchesOf(before, inOrder([...replaced.removed.segments, ...machine.openSegments]));
  const segments = inOrder([...replaced.added.segments, ...open.segments]);
  const now = stretchesOf(rules, segments);
  machine.openSegments = open.segments;
  machine.openStretches = replaced.added.segments.length === 0 ? now : stretchesOf(rules, inOrder(open.segments));
  replaceRuns(machine, replaced, open.runs, reachBefore, edgeBefore);
  bookTimes(machine, old, now, edgeBefore, absencesOf(segments, machine.settings.horizonMs, edgeBefore));
  bookDifference(
    machine,
    replaced.removed.pieces.map(pieces => valuedPieces(before, pieces)),
    replaced.added.pieces.map(pieces => valuedPieces(rules, pieces)),
  );
}

function bookTimes(
  machine: Machine,
  old: readonly Stretch[],
  now: readonly Stretch[],
  edgeBefore: number,
  absences: readonly Span[] = [],
): void {
  const memory = memoryOf(machine);
  const ahead = [...absences];
  const leaveOutBefore = (instant: number): void => {
    for (let next = ahead[0]; next !== undefined && next.to <= instant; next = ahead[0]) {
      for (const track of machine.tracks) leaveOut(track, next, machine.dirty);
      ahead.shift();
    }
  };
  for (const booking of bookingsBetween(old, now)) {
    machine.alteredFrom = Math.min(machine.alteredFrom, booking.from);
    for (const part of presentParts(booking, absences)) {
      leaveOutBefore(part.from);
      for (const track of machine.tracks) bookTimeOnTrack(track, part, memory, machine.dirty);
    }
  }
  leaveOutBefore(Number.POSITIVE_INFINITY);
  machine.alteredFrom = Math.min(machine.alteredFrom, hiddenDiffersFrom(old, now) ?? machine.alteredFrom);
  markExplained(machine, old, now);
  // what ended with the newest fact reaches the edge too, but does not go on
  const goesOn = (machine.openStretches.at(-1)?.to ?? 0) >= machine.edge;
  const openEdge = goesOn ? machine.edge : Number.POSITIVE_INFINITY;
  const told = intervalsBetween(machine.rules.machine.id, old, now, edgeBefore, openEdge);
  for (const interval of told) {
    if (!absences.some(({ from, to }) => interval.from >= from && interval.to <= to)) machine.intervals.push(interval);
  }
}

/** A reason that is given later moves no time, but the report of the shift says it: a shift that was told as final is restated. */
function markExplained(machine: Machine, old: readonly Stretch[], now: readonly Stretch[]): void {
  const { finalUpTo } = machine;
  if (!old.some(stretch => stretch.from < finalUpTo)) return;
  const track = machine.tracks.find(candidate => candidate.kind === 'shift');
  for (const { from, to } of bookingsBetween(old, now, reportsAlike)) {
    for (let at = from; track !== undefined && at < Math.min(to, finalUpTo); ) {
      const cell = cellAt(track, at, memoryOf(machine));
      if (typeof cell !== 'number') machine.dirty.add(cell);
      at = typeof cell === 'number' ? cell : cell.frame.end;
    }
  }
}

function bookDifference(machine: Machine, before: readonly ValuedPieces[], after: readonly ValuedPieces[]): void {
  if (before.length === 0 && after.length === 0) return;
  const { removed, added } = piecesBetween(before, after);
  const memory = memoryOf(machine);
  for (const { at } of [...removed, ...added]) machine.alteredFrom = Math.min(machine.alteredFrom, at);
  for (const track of machine.tracks) {
    for (const pieces of removed) bookPiecesOnTrack(track, pieces, -1, memory, machine.dirty);
    for (const pieces of added) bookPiecesOnTrack(track, pieces, 1, memory, machine.dirty);
  }
}

/** A correction makes new rules; what it touches is read under both, and the difference booked with its author. */
function settleCorrection(machine: Machine, correction: CorrectionEvent): void {
  const before = machine.rules;
  const target = correction.type === 'revoke' ? machine.corrections.get(correction.revokes) : correction;
  machine.corrections.set(correction.id, correction);
  const rules = { ...before, corrections: correctionsOf([...machine.corrections.values()]) };
  recallBeginning(machine);
  inTheNameOf(machine, correction, () => {
    const span = target?.type === 'reclassify' || target?.type === 'shift' ? countedSpan(machine, rules, target) : null;
    if (span === null) changeRules(machine, rules);
    else restateSpan(machine, rules, span);
    if (span !== null || correction.type === 'revoke') readBeginningAnew(machine, span);
  });
}

/** The windows that `work` changes say who changed them, and why. */
export function inTheNameOf(
  machine: Machine,
  author: { readonly by: string; readonly why: string },
  work: () => void,
): void {
  const { moved } = machine.book;
  machine.book.moved = [];
  const before = machine.dirty;
  machine.dirty = new Set();
  work();
  machine.alteredBy = author;
  for (const cell of machine.dirty) {
    cell.by = author.by;
    cell.why = author.why;
  }
  for (const cell of before) if (stands(machine, cell)) machine.dirty.add(cell);
  machine.book.moved = [...moved, ...machine.book.moved.map(span => ({ ...span, by: author.by, why: author.why }))];
}

/** The work may have taken windows away: an order run that never was, a shift that another calendar cuts otherwise. */
const stands = (machine: Machine, cell: Cell): boolean =>
  cell.frame.end <= cell.frame.start ||
  machine.tracks.some(track => track.kind === cell.kind && track.cells.get(cell.frame.start) === cell);

/**
 * A span of the plan, as far as its change moves the instant at which a stop is counted: one that the span cuts at its first
 * planned instant, a restated one where it first shows; both may lie far behind the span's end.
 */
function countedSpan({ rules: before }: Machine, after: ReadingRules, { from, to }: Span): Span {
  const far = Number.MAX_SAFE_INTEGER;
  return { from, to: Math.max(to, firstPlanned(before, to, far) + 1, firstPlanned(after, to, far) + 1) };
}

/** Only the plan over a span changed: the raw segments stay, and only those that touch it are read again. */
function restateSpan(machine: Machine, rules: ReadingRules, span: Span): void {
  const before = machine.rules;
  machine.rules = rules;
  const to = Math.min(machine.edge, span.to);
  const { segments } = readSpan(machine.store, before, span.from, Math.max(span.from, to), machine.edge, true);
  machine.openStretches = stretchesOf(rules, machine.openSegments);
  bookTimes(machine, stretchesOf(before, segments), stretchesOf(rules, segments), machine.edge);
}

/** Reads the whole past under new rules and books what differs. */
export function changeRules(machine: Machine, rules: ReadingRules): void {
  const before = machine.rules;
  const replaced = refold(machine.store, before, rules);
  machine.rules = rules;
  rebook(machine, before, replaced, machine.edge);
}

/** A source that sends its history is left to it: wall time would only call unknown what is on its way. */
const CATCHING_UP_MS = 10_000;
function isCatchingUp(machine: Machine, now: number): boolean {
  return machine.behindMs > machine.settings.latenessMs && now - machine.heardAt < CATCHING_UP_MS;
}

/** Moves the live edge to wall time, as far as the machine's own clock is in step with it. @returns whether it moved */
export function moveEdge(machine: Machine, now: number): boolean {
  if (machine.latest === null || now <= machine.edge || now - machine.latest > machine.settings.horizonMs) return false;
  if (isCatchingUp(machine, now)) return false;
  const edgeBefore = machine.edge;
  machine.edge = now;
  if (!Number.isFinite(machine.beginning)) untoldSince(machine, edgeBefore);
  rebook(machine, machine.rules, NOTHING_REPLACED, edgeBefore);
  return true;
}

const NOTHING_REPLACED: Replaced = {
  removed: { segments: [], pieces: [], runs: [] },
  added: { segments: [], pieces: [], runs: [] },
};
const inOrder = (segments: Segment[]): Segment[] => segments.sort((a, b) => a.from - b.from);
