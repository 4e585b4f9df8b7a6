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
  /** it goes on after a person said what it is: asked about again only once it is over */
  readonly goesOn: boolean;
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

/** Less is no stop to a person, unless it has just begun. */
export const MOMENT_MS = 1000;

/**
 * Stops that a person would speak of.
 * @param now where an open stop ends for the time being
 */
export function stopsOf(stretches: readonly Stretch[], now: number): Stop[] {
  const parts = withoutMoments(partsOf(stretches, now));
  return parts.map((part, at) => {
    const before = parts[at - 1];
    const goesOn = part.open && !part.isSaid && before?.isSaid === true && before.to === part.from;
    const isUnexplained = part.category === 'breakdown' && part.reason === null && !part.isSaid;
    return { ...part, goesOn, needsReason: isUnexplained && !goesOn };
  });
}

type Part = Omit<Stop, 'goesOn' | 'needsReason'>;

function partsOf(stretches: readonly Stretch[], now: number): Part[] {
  const parts: Part[] = [];
  for (const { unit, from, to, category, state, reason, source, open } of stretches) {
    if (SILENT.has(category) || source === 'calendar') continue;
    const part = { unit, from, to: open ? Math.max(to, now) : to, open, category, state, reason };
    const isSaid = source === 'restatement';
    const last = parts.at(-1);
    const isSame = last !== undefined && isBeside(last, part) && last.reason === reason && last.isSaid === isSaid;
    if (isSame) parts[parts.length - 1] = { ...last, to: part.to, open };
    else parts.push({ ...part, isSaid });
  }
  return parts;
}

const isBeside = (first: Pick<Stop, 'to' | 'category'>, second: Pick<Stop, 'from' | 'category'>): boolean =>
  first.to === second.from && first.category === second.category;

/**
 * Clocks of machines and of the calendar never agree to the millisecond: a stop that lasts until the break, or begins with it,
 * leaves some milliseconds on the other side. Such a moment belongs to the stop beside it; alone it is nothing to speak of.
 */
function withoutMoments(parts: readonly Part[]): Part[] {
  const kept: Part[] = [];
  let before: Part | null = null;
  for (const part of parts) {
    const last = kept.at(-1);
    const from: number = before !== null && !part.isSaid && isBeside(before, part) ? before.from : part.from;
    before = null;
    if (part.open || part.isSaid || part.to - from >= MOMENT_MS) {
      kept.push({ ...part, from });
    } else if (last !== undefined && !last.isSaid && isBeside(last, part)) {
      kept[kept.length - 1] = { ...last, to: part.to };
    } else {
      before = { ...part, from };
    }
  }
  return kept;
}

type Span = Pick<Stop, 'from' | 'to' | 'open' | 'category'>;

/** A stop that was chosen while it went on grows, or has ended since. */
export function presentOf<T extends Span>(chosen: T, stops: readonly Stop[]): T {
  const found = chosen.open ? stops.find(({ from, to }) => from <= chosen.from && chosen.from < to) : undefined;
  return found === undefined ? chosen : { ...chosen, to: found.to, open: found.open, category: found.category };
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
