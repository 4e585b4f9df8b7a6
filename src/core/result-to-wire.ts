// Result to wire: results in the JSON shape that the outside holds on to, the same for HTTP, WebSocket and webhooks.
// In: window results, intervals, live states. Out: plain JSON with ISO times, milliseconds and undivided ratios.
// Pure.

import { type Ratios, ratiosOf } from './oee.ts';
import type { Interval, LiveState, WindowResult } from './result.ts';
import { CATEGORIES, type Category, calendarMs, plannedMs, runMs, type Tally } from './tally.ts';
import { isoOf } from './time.ts';

export interface WireTally {
  readonly calendarMs: number;
  readonly plannedMs: number;
  readonly runMs: number;
  readonly unknownPlannedMs: number;
  readonly inferredMs: number;
  readonly categoriesMs: Readonly<Record<Category, number>>;
  readonly total: number;
  readonly good: number;
  readonly reject: number;
  readonly rework: number;
  readonly uncycled: number;
  readonly quarantined: number;
  readonly idealMs: number;
  readonly idealGoodMs: number;
  readonly stops: number;
  readonly failures: number;
  readonly microStops: number;
  readonly energyWh: number;
}

export interface WireResult extends Ratios {
  readonly unit: string;
  readonly level: WindowResult['level'];
  readonly window: {
    readonly kind: string;
    readonly name: string | null;
    readonly start: string;
    readonly end: string;
    readonly edge: string;
    readonly businessDay: string | null;
  };
  readonly final: boolean;
  readonly revision: number;
  readonly tally: WireTally;
  readonly basis: WindowResult['basis'];
  readonly beside: (Ratios & { readonly basis: 'sum'; readonly tally: WireTally }) | null;
  readonly by: string | null;
  readonly why: string | null;
}

export function tallyToWire(t: Readonly<Tally>): WireTally {
  return {
    calendarMs: calendarMs(t),
    plannedMs: plannedMs(t),
    runMs: runMs(t),
    unknownPlannedMs: t.unknown,
    inferredMs: t.inferred,
    categoriesMs: Object.fromEntries(CATEGORIES.map(c => [c, t[c]])) as Record<Category, number>,
    total: t.total,
    good: t.good,
    reject: t.reject,
    rework: t.rework,
    uncycled: t.uncycled,
    quarantined: t.quarantined,
    idealMs: t.idealUs / 1000,
    idealGoodMs: t.idealGoodUs / 1000,
    stops: t.stops,
    failures: t.failures,
    microStops: t.microStops,
    energyWh: t.energyWh,
  };
}

export function resultToWire(r: WindowResult): WireResult {
  return {
    unit: r.unit,
    level: r.level,
    window: {
      kind: r.kind,
      name: r.name,
      start: isoOf(r.start),
      end: isoOf(r.end),
      edge: isoOf(r.edge),
      businessDay: r.businessDay,
    },
    final: r.final,
    revision: r.revision,
    tally: tallyToWire(r.tally),
    ...ratiosOf(r.tally),
    basis: r.basis,
    beside: r.beside === null ? null : { basis: 'sum', tally: tallyToWire(r.beside), ...ratiosOf(r.beside) },
    by: r.by,
    why: r.why,
  };
}

export type WireInterval = Omit<Interval, 'type' | 'from' | 'to'> & { readonly from: string; readonly to: string };

export function intervalToWire({ type: _, from, to, ...rest }: Interval): WireInterval {
  return { ...rest, from: isoOf(from), to: isoOf(to) };
}

export type WireState = Omit<LiveState, 'type' | 'at' | 'since' | 'lastSign'> & {
  readonly at: string;
  readonly since: string;
  readonly lastSign: string | null;
};

export function stateToWire({ type: _, at, since, lastSign, ...rest }: LiveState): WireState {
  return { ...rest, at: isoOf(at), since: isoOf(since), lastSign: lastSign === null ? null : isoOf(lastSign) };
}
