// Correction: what people said afterwards, resolved into what holds now.
// In: all corrections known of a machine, in any order. Out: which are in force, painted over time.
// Pure. Later said wins; at one instant the greater id. A revocation can itself be revoked.

import type { CorrectionEvent, CycleEvent, ReclassifyEvent, ShiftEvent } from './event.ts';

/** A stretch of time that one correction rules after newer ones have painted over older ones. */
export interface Painted<T> {
  readonly from: number;
  readonly to: number;
  readonly by: T;
  /** the earliest stretch of this correction that is left: a stop is counted there, once */
  readonly first: boolean;
}

export interface Corrections {
  readonly all: readonly CorrectionEvent[];
  /** restated spans, ascending, disjoint */
  readonly restated: readonly Painted<ReclassifyEvent>[];
  /** calendar exceptions, ascending, disjoint */
  readonly shifts: readonly Painted<ShiftEvent>[];
  readonly cycles: readonly CycleEvent[];
  /** ids of readings that were held back and are true after all */
  readonly released: ReadonlySet<string>;
  /** ids of events that do not hold any more */
  readonly revoked: ReadonlySet<string>;
}

export const NO_CORRECTIONS: Corrections = correctionsOf([]);

/** Sorts out which corrections hold. */
export function correctionsOf(events: readonly CorrectionEvent[]): Corrections {
  const all = [...events].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const revoked = revokedOf(all);
  const standing = all.filter(event => !revoked.has(event.id));
  return {
    all,
    restated: paint(standing.filter(event => event.type === 'reclassify')),
    shifts: paint(standing.filter(event => event.type === 'shift')),
    cycles: standing.filter(event => event.type === 'cycle'),
    released: new Set(standing.flatMap(event => (event.type === 'release' ? [event.releases] : []))),
    revoked,
  };
}

/** A revocation counts while no standing revocation names it. Of two that name one another the one said first stands. */
function revokedOf(all: readonly CorrectionEvent[]): ReadonlySet<string> {
  const revocations = new Map<string, string[]>();
  for (const event of all) {
    if (event.type === 'revoke') revocations.set(event.revokes, [...(revocations.get(event.revokes) ?? []), event.id]);
  }
  const known = new Map<string, boolean>();
  const isRevoked = (id: string): boolean => {
    const answer = known.get(id);
    if (answer !== undefined) return answer;
    known.set(id, true);
    const verdict = (revocations.get(id) ?? []).some(by => !isRevoked(by));
    known.set(id, verdict);
    return verdict;
  };
  return new Set([...revocations.keys()].filter(isRevoked));
}

/** Paints spans in the order given, each over those before it. */
function paint<T extends { readonly from: number; readonly to: number }>(spans: readonly T[]): readonly Painted<T>[] {
  let canvas: Painted<T>[] = [];
  for (const span of spans) {
    const kept: Painted<T>[] = [];
    for (const old of canvas) {
      if (old.from < span.from) kept.push({ ...old, to: Math.min(old.to, span.from) });
      if (old.to > span.to) kept.push({ ...old, from: Math.max(old.from, span.to) });
    }
    canvas = kept.filter(piece => piece.from < piece.to);
    canvas.push({ from: span.from, to: span.to, by: span, first: true });
  }
  const seen = new Set<T>();
  return canvas
    .sort((a, b) => a.from - b.from)
    .map(piece => {
      const first = !seen.has(piece.by);
      seen.add(piece.by);
      return { ...piece, first };
    });
}

/** The piece that holds the instant, or the next one after it; undefined when none follows. */
export function paintedAt<T>(pieces: readonly Painted<T>[], instant: number): Painted<T> | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((pieces[middle]?.to ?? 0) <= instant) low = middle + 1;
    else high = middle;
  }
  return pieces[low];
}
