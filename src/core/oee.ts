// OEE: the one way from a tally to ratios, for every screen, interface, point and alert.
// In: a tally. Out: ratios 0.. (performance may exceed 1, never capped), null where there is no base, with the reason.
// Pure. Formulas: ISO 22400-2:2014 (availability APT/PBT, effectiveness PRI*PQ/APT); quality weighted by ideal time.

import { calendarMs, plannedMs, runMs, type Tally } from './tally.ts';

/** Why a ratio has no value. */
export type NoBase = 'noPlannedTime' | 'noRunTime' | 'noPieces' | 'noIdealCycle' | 'noCalendar';

export interface Ratios {
  readonly availability: number | null;
  readonly performance: number | null;
  readonly quality: number | null;
  readonly oee: number | null;
  readonly teep: number | null;
  readonly utilisation: number | null;
  /** good pieces / all pieces */
  readonly yield: number | null;
  /** known planned time / (known + unknown planned time) */
  readonly coverage: number | null;
  /** [worst, best] OEE over all that the unknown time may have held */
  readonly band: readonly [number, number] | null;
  readonly undefinedBecause: Readonly<Record<string, NoBase>> | null;
}

/** Ratios of a tally. See the law, section 3; nothing is rounded. */
export function ratiosOf(t: Readonly<Tally>): Ratios {
  const planned = plannedMs(t);
  const run = runMs(t);
  const calendar = calendarMs(t);
  const because: Record<string, NoBase> = {};
  const over = (name: string, part: number, base: number, reason: NoBase, cycles: boolean): number | null => {
    const missing = cycles && t.uncycled !== 0 ? 'noIdealCycle' : base <= 0 ? reason : null;
    if (missing === null) return part / base;
    because[name] = missing;
    return null;
  };
  const availability = over('availability', run, planned, 'noPlannedTime', false);
  const performance = over('performance', t.idealUs, run * 1000, 'noRunTime', true);
  const quality = over('quality', t.idealGoodUs, t.idealUs, 'noPieces', true);
  const oee = over('oee', t.idealGoodUs, planned * 1000, 'noPlannedTime', true);
  const teep = over('teep', t.idealGoodUs, calendar * 1000, 'noCalendar', true);
  const utilisation = over('utilisation', planned, calendar, 'noCalendar', false);
  const pieceYield = over('yield', t.good, t.total, 'noPieces', false);
  const coverage = over('coverage', planned, planned + t.unknown, 'noPlannedTime', false);
  return {
    availability,
    performance,
    quality,
    oee,
    teep,
    utilisation,
    yield: pieceYield,
    coverage,
    band: bandOf(t, planned, quality),
    undefinedBecause: Object.keys(because).length === 0 ? null : because,
  };
}

/** One ratio alone, where many are compared and none is shown; the same as that of `ratiosOf`. */
export function ratioOf(t: Readonly<Tally>, name: 'oee' | 'availability' | 'performance' | 'quality'): number | null {
  if (name !== 'availability' && t.uncycled !== 0) return null;
  if (name === 'availability') return overBase(runMs(t), plannedMs(t));
  if (name === 'performance') return overBase(t.idealUs, runMs(t) * 1000);
  return name === 'quality' ? overBase(t.idealGoodUs, t.idealUs) : overBase(t.idealGoodUs, plannedMs(t) * 1000);
}

const overBase = (part: number, base: number): number | null => (base > 0 ? part / base : null);

/** Worst: all unknown time lost. Best: all of it at ideal speed with the quality that was seen (1 where none was). */
function bandOf(t: Readonly<Tally>, planned: number, quality: number | null): readonly [number, number] | null {
  const all = (planned + t.unknown) * 1000;
  if (all <= 0 || t.uncycled !== 0) return null;
  return [t.idealGoodUs / all, (t.idealGoodUs + t.unknown * 1000 * (quality ?? 1)) / all];
}
