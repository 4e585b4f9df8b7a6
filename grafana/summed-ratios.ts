// Summed ratios: A, P, Q and OEE over any span, as quotients of sums. Percentages are never averaged.
// In: nothing. Out: InfluxQL expressions over fields of `oee`.
// Pure. The same formulas as `ratiosOf` in core/oee.ts; a test holds them to it on a real InfluxDB.

import { namesOf } from './influx-query.ts';

const { sum } = namesOf('oee');

export const SUMMED = {
  availability: `${sum('runMs')} / ${sum('plannedMs')}`,
  performance: `${sum('idealUs')} / ${sum('runMs')} / 1000`,
  quality: `${sum('idealGoodUs')} / ${sum('idealUs')}`,
  oee: `${sum('idealGoodUs')} / ${sum('plannedMs')} / 1000`,
  coverage: `${sum('plannedMs')} / (${sum('plannedMs')} + ${sum('unknownPlannedMs')})`,
} as const;

export type SummedRatio = keyof typeof SUMMED;
export const summed = (name: SummedRatio): string => `${SUMMED[name]} AS "${name}"`;
