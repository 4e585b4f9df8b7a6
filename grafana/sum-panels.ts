// Sum panels: what several boards show of their units: the four ratios over time, and two counts stacked on one another.
// In: which rows, titles and sizes. Out: panels.
// Pure.

import { influxQl, namesOf, series } from './influx-query.ts';
import { inColor, type PanelWords, ratioCurves, stackedBars } from './panel-looks.ts';
import { STATE_LOOKS } from './state-looks.ts';
import { summed } from './summed-ratios.ts';

const { sum, is } = namesOf('oee');
type Count = Parameters<typeof sum>[0];
type Words = Omit<PanelWords, 'queries'>;

export const GOOD_AND_REJECT = { good: STATE_LOOKS.producing.color, reject: STATE_LOOKS.breakdown.color } as const;

const CURVES = [
  ['A', 'oee', 'OEE'],
  ['B', 'availability', 'A'],
  ['C', 'performance', 'P'],
  ['D', 'quality', 'Q'],
] as const;

/** OEE and its factors, each point a quotient of sums over its span, of at least a quarter of an hour. */
export function ratiosOverTime(units: readonly string[], words: Words) {
  const queries = CURVES.map(([refId, ratio, label]) =>
    series(
      refId,
      influxQl({
        from: 'oee',
        select: [summed(ratio)],
        where: [...units, is('window', 'minute')],
        by: ['unit', 'time($__interval)'],
        fill: 'none',
      }),
      `$tag_unit ${label}`,
    ),
  );
  return ratioCurves({ ...words, queries }).interval('15m');
}

/** Sums of counts of windows of one kind, a bar for each span. @param counts with the colour of each */
export function stackedCounts(
  units: readonly string[],
  { window, span }: { readonly window: 'minute' | 'hour'; readonly span: '1h' | '$__interval' },
  counts: Readonly<Partial<Record<Count, string>>>,
  words: Words,
) {
  const named = Object.entries(counts) as [Count, string][];
  const query = influxQl({
    from: 'oee',
    select: named.map(([count]) => `${sum(count)} AS "${count}"`),
    where: [...units, is('window', window)],
    by: ['unit', `time(${span})`],
    fill: 'none',
  });
  const panel = stackedBars({ ...words, queries: [series('A', query, '$tag_unit $col')] }, 'short');
  for (const [count, color] of named) panel.overrideByRegexp(`/${count}$/`, inColor(color));
  return panel;
}
