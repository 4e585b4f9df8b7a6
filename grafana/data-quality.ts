// Data quality: how much of the time is known, what was set aside, what was restated: how far the other boards can be trusted.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { greatestFirst, headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asDuration, asPercent, ratioCurves, ratioTile, sheet } from './panel-looks.ts';
import { STATE_LOOKS } from './state-looks.ts';
import { stackedCounts } from './sum-panels.ts';
import { SUMMED, summed } from './summed-ratios.ts';

const { sum, is, among } = namesOf('oee');
const published = namesOf('oee_revision');
const PLACES = (['site', 'area', 'line'] as const).map(tag => among(tag, tag));
const MACHINES = [is('level', 'machine'), ...PLACES, among('unit', 'machine')];

export function dataQuality(): DashboardBuilder {
  const board = boardOf({
    uid: 'oee-data-quality',
    title: 'Data quality',
    description: 'How much of the time is known, what was set aside, what was restated.',
    variables: ['site', 'area', 'line', 'machine'],
    from: 'now-24h',
    refresh: '1m',
  });
  board.withPanel(
    ratioTile({
      title: 'Coverage',
      asks: 'How much of the planned time is known?',
      queries: [
        rows(
          'A',
          influxQl({ from: 'oee', select: [summed('coverage')], where: [...MACHINES, is('window', 'minute')] }),
        ),
      ],
      width: 6,
      height: 8,
    }),
  );
  board.withPanel(
    ratioCurves({
      title: 'Coverage by machine',
      asks: 'Who fell silent, and when?',
      queries: [
        series(
          'A',
          influxQl({
            from: 'oee',
            select: [`${SUMMED.coverage} AS "coverage"`],
            where: [...MACHINES, is('window', 'minute')],
            by: ['unit', 'time($__interval)'],
            fill: 'none',
          }),
          '$tag_unit',
        ),
      ],
      width: 18,
      height: 8,
    }).interval('15m'),
  );
  return board.withPanel(setAside()).withPanel(byMachine()).withPanel(restated());
}

function setAside() {
  const colors = { quarantined: STATE_LOOKS.breakdown.color, uncycled: STATE_LOOKS.starved.color };
  return stackedCounts(MACHINES, { window: 'hour', span: '1h' }, colors, {
    title: 'Pieces that no ratio can use',
    asks: 'Which counter jumped (quarantined), and which product has no ideal cycle (uncycled)?',
    width: 12,
    height: 8,
  });
}

function byMachine() {
  const columns = [
    summed('coverage'),
    `${sum('unknownMs')} AS "unknown"`,
    `${sum('inferredMs')} AS "inferred"`,
    `${sum('quarantined')} AS "quarantined"`,
    `${sum('uncycled')} AS "uncycled"`,
    `max("edge") AS "edge"`,
  ];
  return sheet(
    {
      title: 'Machine by machine',
      asks: 'Whose figures stand on thin ice? Facts up to: how far its last sign of life reaches.',
      queries: [
        rows(
          'A',
          influxQl({ from: 'oee', select: columns, where: [...MACHINES, is('window', 'minute')], by: ['unit'] }),
        ),
      ],
      width: 12,
      height: 8,
    },
    [
      greatestFirst('unknown'),
      headed({
        unit: 'Machine',
        unknown: 'Unknown',
        inferred: 'Inferred',
        quarantined: 'Quarantined',
        uncycled: 'Uncycled',
        edge: 'Facts up to',
      }),
    ],
  )
    .overrideByName('Coverage', asPercent)
    .overrideByRegexp('/^(Unknown|Inferred)$/', asDuration)
    .overrideByName('Facts up to', [{ id: 'unit', value: 'dateTimeFromNow' }]);
}

function restated() {
  const { field } = published;
  const columns = ['businessDay', 'name', 'oee', 'good', 'reject', 'by', 'why'] as const;
  const query = influxQl({
    from: 'oee_revision',
    select: [...columns.map(field), field('revision')],
    where: [
      published.is('window', 'shift'),
      `${field('revision')} > 0`,
      ...(['site', 'area', 'line'] as const).map(tag => published.among(tag, tag)),
    ],
    by: ['unit'],
  });
  return sheet(
    {
      title: 'Restated shifts',
      asks: 'Which published figures changed, to what, by whom and why?',
      queries: [rows('A', query)],
      width: 24,
      height: 8,
    },
    [headed({ unit: 'Unit', by: 'By', why: 'Why' })],
  ).overrideByName('OEE', asPercent);
}
