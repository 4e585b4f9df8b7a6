// Stop story: a machine's stops out of its timeline, which of them nobody has explained, and what they most likely were.
// In: stretches, ascending; the machine's reasons. Out: stops; reasons in the order in which a person would look for them.
// Pure.

import type { Category } from '../core/tally.ts';
import type { MachineAnswer } from './plant-answer.ts';
import type { Stretch } from './stretch.ts';

/** Time without production that a person can say something about: contiguous, of one cause. */
export interface Stop {
  readonly unit: string;
  readonly from: number;
  readonly to: number;
  readonly open: boolean;
  readonly category: Category;
  readonly state: string | null;
  readonly reason: string | null;
  /** a person said what it was */
  readonly isSaid: boolean;
  /** a breakdown whose cause nobody knows */
  readonly needsReason: boolean;
}

export interface Reason {
  readonly code: string;
  readonly text: string;
  /** null: the code names a cause and leaves the category as it is */
  readonly category: Category | null;
  /** how often it was the cause, as far as the page can look back */
  readonly times: number;
}

/** Time that needs no words: it ran, or nobody wanted it to. */
const SILENT: ReadonlySet<Category> = new Set(['producing', 'notScheduled']);
/** What was asked of the machine right before counts as much as so many mentions. */
const NEIGHBOUR_WEIGHT = 100;
/** The same word of the machine says more than a mere mention. */
const WORD_WEIGHT = 3;
const SUGGESTIONS_MAX = 3;

/** @param now where an open stop ends for the time being */
export function stopsOf(stretches: readonly Stretch[], now: number): Stop[] {
  const stops: Stop[] = [];
  for (const stretch of stretches) {
    const { unit, from, category, state, reason, source, open } = stretch;
    if (SILENT.has(category) || source === 'calendar') continue;
    const to = open ? Math.max(stretch.to, now) : stretch.to;
    const isSaid = source === 'restatement';
    const last = stops.at(-1);
    if (last !== undefined && last.to === from && last.category === category && last.reason === reason) {
      stops[stops.length - 1] = { ...last, to, open, isSaid: last.isSaid || isSaid };
      continue;
    }
    const needsReason = category === 'breakdown' && reason === null && !isSaid;
    stops.push({ unit, from, to, open, category, state, reason, isSaid, needsReason });
  }
  return stops;
}

/** What the machine's plant file names as reasons; claims that only engines conclude stay what the stop is. */
export function reasonsOf(machine: MachineAnswer, history: readonly Stop[]): Reason[] {
  const times = new Map<string, number>();
  for (const { reason } of history) if (reason !== null) times.set(reason, (times.get(reason) ?? 0) + 1);
  return Object.entries(machine.reasons ?? {}).map(([code, { text, claim }]) => ({
    code,
    text,
    category: claim === undefined || claim === null || claim === 'stop' ? null : claim,
    times: times.get(code) ?? 0,
  }));
}

/** The likeliest reasons of a stop: that of the stop it goes on from, then by the same word, then by how often. */
export function suggestionsFor(
  span: { readonly from: number; readonly state: string | null },
  reasons: readonly Reason[],
  history: readonly Stop[],
): Reason[] {
  const score = ({ code, times }: Reason): number => {
    const own = history.filter(({ reason }) => reason === code);
    const goesOn = own.some(({ to }) => to === span.from);
    const sameWord = span.state === null ? 0 : own.filter(({ state }) => state === span.state).length;
    return (goesOn ? NEIGHBOUR_WEIGHT : 0) + times + WORD_WEIGHT * sameWord;
  };
  return reasons
    .map(reason => ({ reason, score: score(reason) }))
    .filter(each => each.score > 0)
    .sort((a, b) => b.score - a.score || (a.reason.code < b.reason.code ? -1 : 1))
    .slice(0, SUGGESTIONS_MAX)
    .map(({ reason }) => reason);
}

/** The stop after this one, with what lies between: merging makes all of it one stop. */
export function nextAfter(stops: readonly Stop[], to: number): Stop | null {
  return stops.find(stop => stop.from >= to) ?? null;
}
