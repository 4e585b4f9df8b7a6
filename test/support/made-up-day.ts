// Made-up day: a plant's day out of a small seed, so that the page has something to show: stretches, tallies, states.
// In: machine, instant. Out: outputs as the engine would publish them at that instant.
// Pure.

import type { Interval, LiveState, Output, WindowKind, WindowResult } from '../../src/core/result.ts';
import { type Category, emptyTally, sumOfTallies, type Tally } from '../../src/core/tally.ts';
import { characterOf } from './made-up-character.ts';
import { PAGE_LINES, PAGE_SITES } from './page-plant.ts';

const HOUR = 3_600_000;
const MIN = 60_000;

const REASONS: Partial<Readonly<Record<Category, string>>> = { breakdown: 'E42', setup: 'C1' };

function* chance(seed: number): Generator<number, never> {
  for (let a = seed; ; ) {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }
}

/** A machine's whole day from `start` for `hours`, without holes. */
export function madeUpDay(unit: string, start: number, hours: number): Interval[] {
  const { troubles, runs } = characterOf(unit);
  const dice = chance([...unit].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), 7));
  const intervals: Interval[] = [];
  let at = start;
  for (let n = 0; at < start + hours * HOUR; n += 1) {
    const trouble = troubles[Math.floor(n / 2) % Math.max(1, troubles.length)];
    const [category, mean] = n % 2 === 0 || trouble === undefined ? (['producing', runs] as const) : trouble;
    const to = at + Math.round(mean * (0.4 + 1.2 * dice.next().value));
    intervals.push(stretchOf(unit, category, at, to));
    at = to;
  }
  return intervals;
}

function stretchOf(unit: string, category: Category, from: number, to: number): Interval {
  const isSilent = category === 'unknown';
  return {
    type: 'interval',
    unit,
    from,
    to,
    category,
    state: isSilent ? null : category === 'producing' ? 'EXECUTE' : category === 'starved' ? 'SUSPENDED' : 'HELD',
    reason: category === 'breakdown' && unit.startsWith('cnc') ? 'M7' : (REASONS[category] ?? null),
    stopId: category === 'producing' ? null : `${unit}-${from}`,
    source: isSilent ? 'silence' : category === 'plannedStop' ? 'calendar' : 'state',
    open: false,
    undecided: false,
  };
}

/** What a machine made of a span: its stretches cut to it, pieces at its pace. */
export function madeUpTallyOf(unit: string, day: readonly Interval[], from: number, to: number): Tally {
  const { cycleUs, pace, rejects } = characterOf(unit);
  const tally = emptyTally();
  for (const stretch of day) {
    const ms = Math.min(stretch.to, to) - Math.max(stretch.from, from);
    if (ms <= 0) continue;
    tally[stretch.category] += ms;
    if (stretch.category === 'breakdown') tally.failures += 1;
    if (stretch.category === 'microStop') tally.microStops += 1;
    else if (stretch.category !== 'producing') tally.stops += 1;
  }
  tally.total = Math.floor((tally.producing * 1000 * pace) / cycleUs);
  tally.reject = Math.floor(tally.total * rejects);
  tally.good = tally.total - tally.reject;
  tally.idealUs = tally.total * cycleUs;
  tally.idealGoodUs = tally.good * cycleUs;
  return tally;
}

export const shiftStartOf = (now: number): number =>
  now - (now % (8 * HOUR)) - (now % (8 * HOUR) < 2 * HOUR ? 8 * HOUR : 0);

function windowsOf(now: number): [WindowKind, number, number, string | null][] {
  const [hour, day, shift] = [now - (now % HOUR), now - (now % (24 * HOUR)), shiftStartOf(now)];
  return [
    ['last5m', now - 5 * MIN, now, null],
    ['last60m', now - HOUR, now, null],
    ['hour', hour, hour + HOUR, null],
    ['shift', shift, Math.max(shift + 8 * HOUR, now + HOUR), 'early'],
    ['day', day, day + 24 * HOUR, null],
  ];
}

export function madeUpHours(
  unit: string,
  days: ReadonlyMap<string, readonly Interval[]>,
  from: number,
  to: number,
): WindowResult[] {
  const results: WindowResult[] = [];
  for (let start = from - (from % HOUR); start < to; start += HOUR) {
    const window = ['hour', start, start + HOUR, null] as const;
    results.push(...resultsOf(days, [window], Math.min(to, start + HOUR)).filter(r => r.unit === unit));
  }
  return results;
}

/** Everything that the engine would say at `now`: all windows of all units, and every machine's state. */
export function madeUpNow(days: ReadonlyMap<string, readonly Interval[]>, now: number): Output[] {
  return [...resultsOf(days, windowsOf(now), now), ...[...days.keys()].flatMap(unit => stateOf(unit, days, now))];
}

function resultsOf(
  days: ReadonlyMap<string, readonly Interval[]>,
  windows: readonly (readonly [WindowKind, number, number, string | null])[],
  now: number,
): WindowResult[] {
  return windows.flatMap(([kind, start, end, name]) => {
    const edge = Math.min(now, end);
    const tallies = new Map<string, Tally>();
    for (const [unit, day] of days) tallies.set(unit, madeUpTallyOf(unit, day, start, edge));
    const result = (
      unit: string,
      level: WindowResult['level'],
      tally: Tally,
      more: Partial<WindowResult> = {},
    ): WindowResult => {
      const base = { type: 'result' as const, unit, level, kind, name, start, end, edge, tally };
      const shown = {
        businessDay: null,
        final: false,
        revision: 0,
        basis: 'own' as const,
        beside: null,
        by: null,
        why: null,
      };
      return { ...base, ...shown, ...more };
    };
    const sumOf = (units: readonly string[]): Tally => sumOfTallies(units.map(u => tallies.get(u) ?? emptyTally()));
    const lines = PAGE_LINES.map(line => {
      const sums = sumOf(line.machines.map(m => m.id));
      const own = line.constraint === null ? undefined : tallies.get(line.constraint);
      if (own === undefined) return result(line.id, 'line', sums, { basis: 'sum' });
      return result(line.id, 'line', own, { basis: 'constraint', beside: sums });
    });
    const sites = PAGE_SITES.map(({ id, lines: ids }) =>
      result(id, 'site', sumOfTallies(lines.filter(l => ids.includes(l.unit)).map(l => l.tally)), { basis: 'sum' }),
    );
    const restated = { revision: 2, by: 'operator-7', why: 'wrong reason' };
    const machines = [...tallies].map(([unit, tally]) =>
      result(unit, 'machine', tally, unit === 'capper' ? restated : {}),
    );
    return [...machines, ...lines, ...sites];
  });
}

function stateOf(unit: string, days: ReadonlyMap<string, readonly Interval[]>, now: number): LiveState[] {
  const stretch = days.get(unit)?.find(s => s.from <= now && now < s.to);
  if (stretch === undefined) return [];
  const { category, state, reason, stopId, from } = stretch;
  const order = unit.startsWith('cnc') ? 'PO-4711' : null;
  return [
    {
      type: 'state',
      unit,
      at: now,
      since: from,
      category,
      state,
      reason,
      stopId,
      undecided: false,
      order,
      product: null,
      lastSign: now,
    },
  ];
}
