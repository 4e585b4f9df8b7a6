// Find letters: dead letters of one reason or machine, page by page; and how many there are of each.
// In: the journal's list and tally, a filter. Out: a page with the cursor of the next; a summary.
// Touches the journal through the ports, reading only.

import { isoOf } from '../core/time.ts';
import type { DeadLetters, KeptLetter } from '../journal/dead-letters.ts';
import type { JournalBooks } from '../journal/journal.ts';
import type { LetterCount } from '../journal/letter-tally.ts';

export interface LetterFilter {
  readonly code?: string;
  readonly machine?: string;
  readonly partition?: number;
  readonly before?: string;
  readonly count: number;
}

export interface LetterPage {
  readonly letters: readonly KeptLetter[];
  /** `before` of the next page; null: there is none */
  readonly next: string | null;
}

/** Letters looked at for one page: a rare reason among very many is found over several pages, some of them short. */
const LOOKED_MAX = 20_000;
const LOOK = 500;

export async function findLetters(list: DeadLetters['list'], filter: LetterFilter): Promise<LetterPage> {
  const { code, machine, partition, count } = filter;
  const wanted = ({ letter }: KeptLetter): boolean =>
    (code === undefined || letter.code === code) && (machine === undefined || letter.machine === machine);
  const all = code === undefined && machine === undefined;
  const letters: KeptLetter[] = [];
  let before = filter.before;
  for (let looked = 0; looked < LOOKED_MAX; ) {
    const countMax = all ? count : LOOK;
    const place = { ...(partition === undefined ? {} : { partition }), ...(before === undefined ? {} : { before }) };
    const page = await list({ ...place, countMax });
    for (const kept of page) {
      before = kept.cursor;
      if (!wanted(kept)) continue;
      letters.push(kept);
      if (letters.length === count) return { letters, next: before };
    }
    if (page.length < countMax) return { letters, next: null };
    looked += page.length;
  }
  return { letters, next: before ?? null };
}

export interface LetterSummary {
  readonly letters: number;
  readonly events: number;
  /** false: there are more, not counted yet; ask again */
  readonly complete: boolean;
  readonly byReason: readonly {
    readonly code: string;
    readonly letters: number;
    readonly events: number;
    readonly oldest: string;
    readonly youngest: string;
    readonly machines: Readonly<Record<string, number>>;
  }[];
}

/** Machines named per reason; the others are in the sum. */
const MACHINES_MAX = 50;

export async function summariseLetters(
  tally: JournalBooks['tally'],
  partitions: readonly number[],
): Promise<LetterSummary> {
  const tallies = await Promise.all(partitions.map(tally));
  const counts = tallies.flatMap(({ counts: some }) => some);
  const codes = [...new Set(counts.map(({ code }) => code))];
  const byReason = codes.map(code => reasonOf(code, counts)).sort((a, b) => b.letters - a.letters);
  return {
    letters: sum(counts, 'letters'),
    events: sum(counts, 'events'),
    complete: tallies.every(({ complete }) => complete),
    byReason,
  };
}

const sum = (counts: readonly LetterCount[], what: 'letters' | 'events'): number =>
  counts.reduce((all, each) => all + each[what], 0);

function reasonOf(code: string, all: readonly LetterCount[]): LetterSummary['byReason'][number] {
  const counts = all.filter(each => each.code === code);
  const machines = new Map<string, number>();
  for (const { machine, letters } of counts) {
    if (machine !== null) machines.set(machine, (machines.get(machine) ?? 0) + letters);
  }
  return {
    code,
    letters: sum(counts, 'letters'),
    events: sum(counts, 'events'),
    oldest: isoOf(Math.min(...counts.map(({ oldest }) => oldest))),
    youngest: isoOf(Math.max(...counts.map(({ youngest }) => youngest))),
    machines: Object.fromEntries([...machines].sort((a, b) => b[1] - a[1]).slice(0, MACHINES_MAX)),
  };
}
