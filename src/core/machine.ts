// Machine: all we know of one machine, and what can be read from it.
// In: filled by new-machine and settle. Out: its live state, its effective time and pieces over any span.
// Pure. Everything but the facts is derived and can be derived again.

import { type Carry, type OrderRun, type Segment, SILENT } from './carry.ts';
import type { ConfirmationBook } from './confirmation-book.ts';
import type { CorrectionEvent, FactEvent } from './event.ts';
import { type FactBlocks, readSpan } from './fact-blocks.ts';
import type { PlantSettings } from './plant-model.ts';
import type { ReadingRules } from './reading-rules.ts';
import type { Interval, LiveState } from './result.ts';
import { type Stretch, stretchesOf } from './timeline.ts';
import { type ValuedPieces, valuedPieces } from './valued-pieces.ts';
import type { Cell, Memory, Track } from './window-track.ts';

export interface Machine {
  rules: ReadingRules;
  settings: PlantSettings;
  store: FactBlocks;
  /** carry into the first fact that is kept, and the instant before which facts were let go */
  base: Carry;
  keptFrom: number;
  corrections: Map<string, CorrectionEvent>;
  /** latest sign of life or other fact */
  latest: number | null;
  /** arrival of its latest facts, and how old the latest of them all was then: a source that is catching up is behind */
  heardAt: number;
  behindMs: number;
  /** where its story begins: windows that start before hold time that nobody told; infinite before the first fact */
  beginning: number;
  /** how far its time is booked; 0 before the first fact */
  edge: number;
  /** facts admitted and not worked in yet */
  fresh: FactEvent[];
  freshCorrections: CorrectionEvent[];
  /** what of the live edge is booked */
  openSegments: Segment[];
  openStretches: Stretch[];
  runs: OrderRun[];
  /** what was said of its orders */
  book: ConfirmationBook;
  tracks: Track[];
  dirty: Set<Cell>;
  unfinished: Set<Cell>;
  /** windows that end by this have been told as final */
  finalUpTo: number;
  revisions: Map<string, number>;
  /** changed since they were last saved */
  revisionsUnsaved: boolean;
  baseUnsaved: boolean;
  /** intervals and states to tell */
  intervals: Interval[];
  openToldTo: number;
  /** earliest instant that reads otherwise than when alerts were last judged, and who caused it; infinite: none */
  alteredFrom: number;
  alteredBy: { readonly by: string; readonly why: string } | null;
  stateTold: string;
  /** facts since provisional results were last told, and when by the tick */
  restless: boolean;
  toldAt: number;
}

/** What the windows of a machine remember of an earlier life: so little of it that they need not know the machine. */
export const memoryOf = (machine: Machine): Memory => machine;

/** Nothing of it lies at or beyond this instant: its booked time, and facts that people and the ERP stamped ahead of it. */
export function reachOf(machine: Machine): number {
  return Math.max(machine.edge, (machine.latest ?? -1) + 1);
}

/** Results up to here are final. */
export function watermarkOf(machine: Machine): number {
  return machine.edge - machine.settings.latenessMs;
}

/** What a machine is doing at its edge. */
export function liveStateOf(machine: Machine): LiveState {
  const { head } = machine.store;
  const last = machine.openStretches.at(-1);
  return {
    type: 'state',
    unit: machine.rules.machine.id,
    at: machine.edge,
    since: last?.from ?? machine.edge,
    category: last?.category ?? 'unknown',
    state: last?.word ?? null,
    reason: last?.reason ?? null,
    stopId: last?.stopId ?? null,
    undecided: last?.undecided ?? false,
    order: head.run?.order ?? null,
    product: head.run?.product ?? machine.rules.machine.product,
    lastSign: head.at,
  };
}

/**
 * Effective time and pieces of [from, to). What nobody has told is unknown: before the first sign of life, and up to `asOf`
 * on a machine that was never heard.
 */
export function readEffective(
  machine: Machine,
  from: number,
  to: number,
  asOf = machine.edge,
): { readonly stretches: readonly Stretch[]; readonly pieces: readonly ValuedPieces[] } {
  const raw = readSpan(machine.store, machine.rules, from, to + 1, machine.edge);
  const pieces = raw.pieces.map(piece => valuedPieces(machine.rules, piece)).filter(p => p.at >= from && p.at < to);
  // people may speak of a machine ahead of its edge, before it gave any sign: up to there nobody told anything either
  const { beginning, edge } = machine;
  const untoldTo = machine.latest === null ? asOf : Number.isFinite(beginning) ? Math.max(edge, beginning) : edge;
  const told = raw.segments[0]?.from ?? Math.min(to, untoldTo);
  const untold: Segment[] = told > from ? [{ ...SILENT, from, to: told, category: 'unknown', source: 'silence' }] : [];
  const near = raw.segments.map(segment => nearPart(segment, from, to + machine.settings.horizonMs));
  return { stretches: stretchesOf(machine.rules, [...untold, ...near]), pieces };
}

/** A state that lasted for years is laid under the calendar only where it is asked about. */
function nearPart(segment: Segment, from: number, to: number): Segment {
  if (segment.from >= from && segment.to <= to) return segment;
  return { ...segment, from: Math.max(segment.from, from), to: Math.min(segment.to, to) };
}
