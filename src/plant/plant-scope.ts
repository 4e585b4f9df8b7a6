// Plant scope: what a unit hands down to its machines; the nearest wins, reasons and cycles entry by entry.
// In: the inheritable keys of one unit. Out: their values read and checked, and joined from the plant down to a machine.
// Pure.

import type { CounterModel, CounterName, ReasonModel } from '../core/plant-model.ts';
import { parseInstant } from '../core/time.ts';
import { CLAIMS, type Claim, type Vocabulary } from '../core/vocabulary.ts';
import { checkDate, checkReference } from './check-reference.ts';
import { isDate, parseCycleUs, parseDurationMs, parseRate } from './measure.ts';
import { type Path, type Report, shownValue } from './plant-fault.ts';
import type { CounterEntry, CycleEntry, Entries, Items, ReasonEntry, Scope } from './plant-file.ts';

/** A cycle whose date is still a date: the machine's calendar says which instant it is. */
export interface DatedCycle {
  /** `YYYY-MM-DD`, an instant, or null: always */
  readonly from: string | number | null;
  readonly cycleUs: number;
}

export interface Inherited {
  readonly calendar?: string;
  readonly vocabulary?: Vocabulary;
  readonly microStopMs?: number;
  readonly silenceMs?: number | null;
  readonly counters?: Partial<Record<CounterName, CounterModel>>;
  readonly maxRate?: number;
  readonly countEdge?: 'starting' | 'ending';
  readonly product?: string;
  readonly reasons: ReadonlyMap<string, ReasonModel>;
  readonly cycles: ReadonlyMap<string, readonly DatedCycle[]>;
}

export const NOTHING_INHERITED: Inherited = { reasons: new Map(), cycles: new Map() };

/** What the names of a scope can refer to. */
export interface Names {
  readonly calendars: readonly string[];
  readonly products: readonly string[];
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
}

/** What holds inside a unit: its own keys over those of the units around it. */
export function inherit(outer: Inherited, scope: Scope, path: Path, names: Names, report: Report): Inherited {
  const own = readScope(scope, path, names, report);
  return {
    ...outer,
    ...own,
    reasons: new Map([...outer.reasons, ...own.reasons]),
    cycles: new Map([...outer.cycles, ...own.cycles]),
  };
}

function readScope(scope: Scope, path: Path, names: Names, report: Report): Inherited {
  const at = (key: string): Path => [...path, key];
  const { calendar, vocabulary, silence, maxRate, product, countEdge } = scope;
  const known = (kind: string, name: string | undefined, all: readonly string[], key: string): name is string =>
    name !== undefined && checkReference(kind, name, all, at(key), report);
  known('calendar', calendar, names.calendars, 'calendar');
  const microStopMs = scope.microStop === undefined ? null : parseDurationMs(scope.microStop);
  const silenceMs = silence === undefined || silence === 'off' ? null : parseDurationMs(silence);
  if (silenceMs === 0) {
    report('VALUE', at('silence'), 'silence is 0', 'Give a duration above 0, or off to leave silence unjudged.');
  }
  const rate = maxRate === undefined ? null : parseRate(maxRate);
  if (rate === 0) {
    report('VALUE', at('maxRate'), 'maxRate is 0', 'Give a rate above 0, or leave it out.');
  }
  return {
    // A calendar that is named wrongly is still named: the machines below are not told that they have none.
    ...('calendar' in scope ? { calendar: calendar ?? '' } : {}),
    ...(vocabulary === undefined ? {} : { vocabulary: joinWords(vocabulary, at('vocabulary'), names, report) }),
    ...(microStopMs === null ? {} : { microStopMs }),
    ...(silence === undefined ? {} : { silenceMs }),
    ...(scope.counters === undefined ? {} : { counters: countersOf(scope.counters) }),
    ...(rate === null ? {} : { maxRate: rate }),
    ...(countEdge === undefined ? {} : { countEdge }),
    ...(known('product', product, names.products, 'product') ? { product } : {}),
    reasons: reasonsOf(scope.reasons ?? {}),
    cycles: cyclesOf(scope.cycles ?? {}, at('cycles'), names, report),
  };
}

function joinWords(given: string | Items<string>, path: Path, names: Names, report: Report): Vocabulary {
  const list = typeof given === 'string' ? [given] : given;
  const maps = list.map((name, index) => {
    const at = typeof given === 'string' ? path : [...path, index];
    if (name === undefined || !checkReference('vocabulary', name, [...names.vocabularies.keys()], at, report))
      return {};
    return names.vocabularies.get(name) ?? {};
  });
  return Object.fromEntries(maps.flatMap(words => Object.entries(words)));
}

function countersOf(entries: Entries<CounterEntry>): Partial<Record<CounterName, CounterModel>> {
  return Object.fromEntries(
    Object.entries(entries).map(([name, counter]) => [
      name,
      { modulus: counter?.modulus ?? null, startsWithOrder: counter?.startsWithOrder ?? false },
    ]),
  );
}

function reasonsOf(entries: Entries<ReasonEntry>): Map<string, ReasonModel> {
  const claim = (word: string | undefined): Claim | null => CLAIMS.find(each => each === word) ?? null;
  return new Map(
    Object.entries(entries).map(([code, reason]) => {
      if (typeof reason === 'string') return [code, { text: reason, claim: null }];
      return [code, { text: reason?.text ?? code, claim: claim(reason?.claim) }];
    }),
  );
}

function cyclesOf(entries: Entries<CycleEntry | Items<CycleEntry>>, path: Path, names: Names, report: Report) {
  const cycles = new Map<string, DatedCycle[]>();
  for (const [product, given] of Object.entries(entries)) {
    const at = [...path, product];
    checkReference('product', product, names.products, at, report, 'key');
    const list = Array.isArray(given) ? (given as Items<CycleEntry>) : null;
    const read = (list ?? [given as CycleEntry | undefined]).map((entry, index) =>
      readCycle(entry, list === null ? at : [...at, index], report),
    );
    const seen = new Set<string | number | null>();
    read.forEach((cycle, index) => {
      if (cycle === null) return;
      if (seen.has(cycle.from)) {
        const when =
          cycle.from === null ? 'always' : `from ${list?.[index] === undefined ? '' : shownFrom(list[index])}`;
        const remedy = 'Keep one of them, or give the later one the date from which it holds.';
        report('EFFECTIVE', list === null ? at : [...at, index], `two cycles of ${product} hold ${when}`, remedy);
      }
      seen.add(cycle.from);
    });
    cycles.set(
      product,
      read.filter(cycle => cycle !== null),
    );
  }
  return cycles;
}

const shownFrom = (entry: CycleEntry): string => (typeof entry === 'string' ? '' : (entry.from ?? ''));

/** One cycle: as a duration or as a rate, not both, not neither. */
function readCycle(entry: CycleEntry | undefined, path: Path, report: Report): DatedCycle | null {
  if (entry === undefined) return null;
  const { idealCycle, rate, from } = typeof entry === 'string' ? { idealCycle: entry } : { rate: undefined, ...entry };
  const remedy = 'Give either idealCycle (200ms) or rate (300/min).';
  // A key that the schema refused is there without a value: its fault has been told.
  const given = typeof entry === 'string' ? 1 : Number('idealCycle' in entry) + Number('rate' in entry);
  if (given !== 1) {
    report('CYCLE', path, given === 0 ? 'the cycle says no time' : 'the cycle is said twice', remedy);
  }
  const text = idealCycle ?? rate;
  const cycleUs = text === undefined ? null : parseCycleUs(text);
  if (text !== undefined && cycleUs === null) {
    const message = `an ideal cycle of ${shownValue(text)} is nothing that a machine does`;
    report('CYCLE', path, message, 'Give a time per piece from 1 microsecond to 1 day.');
  }
  const at = fromOf(from, [...path, 'from'], report);
  return cycleUs === null || at === undefined ? null : { from: at, cycleUs };
}

/** A date stays a date until the machine's calendar is known. @returns undefined when it is neither */
function fromOf(from: string | undefined, path: Path, report: Report): string | number | null | undefined {
  if (from === undefined) return null;
  const instant = isDate(from) ? null : parseInstant(from);
  if (instant !== null) return instant;
  return checkDate(from, path, report) ? from : undefined;
}
