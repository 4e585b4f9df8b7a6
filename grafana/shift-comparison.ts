// Shift comparison: shifts beside one another, by name and by day; sums over each, never means of percentages.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asDuration, asPercent, namedBars, ratioCurves, sheet } from './panel-looks.ts';
import { SUMMED, summed } from './summed-ratios.ts';

const { field, sum, is, among } = namesOf('oee');
const SHIFTS = [
  is('level', 'line'),
  is('window', 'shift'),
  among('site', 'site'),
  among('line', 'line'),
  among('shift', 'shift'),
];
const RATIOS = ['oee', 'availability', 'performance', 'quality', 'coverage'] as const;

export function shiftComparison(): DashboardBuilder {
  return boardOf({
    uid: 'oee-shifts',
    title: 'Shifts compared',
    description: 'Shifts beside one another, by name and by day. Sums over each; percentages are never averaged.',
    variables: ['site', 'area', 'line', 'shift'],
    from: 'now-14d',
    refresh: '5m',
  })
    .withPanel(byShift())
    .withPanel(fromShiftToShift())
    .withPanel(overTheTime())
    .withPanel(shiftByShift());
}

function byShift() {
  return namedBars(
    {
      title: 'OEE by shift',
      asks: 'Which shift gets most out of the same machines?',
      queries: [rows('A', influxQl({ from: 'oee', select: [summed('oee')], where: SHIFTS, by: ['shift'] }))],
      width: 8,
      height: 10,
    },
    'percentunit',
    [headed()],
  );
}

function fromShiftToShift() {
  return ratioCurves({
    title: 'OEE from shift to shift',
    asks: 'Is it getting better?',
    queries: [
      series(
        'A',
        influxQl({
          from: 'oee',
          select: [`${SUMMED.oee} AS "oee"`],
          where: SHIFTS,
          by: ['unit', 'shift', 'time(1d)'],
          fill: 'none',
        }),
        '$tag_unit $tag_shift',
      ),
    ],
    width: 16,
    height: 10,
  });
}

function overTheTime() {
  return sheet(
    {
      title: 'Each shift over the time chosen',
      asks: 'Where do they differ: time, speed or scrap?',
      queries: [
        rows(
          'A',
          influxQl({
            from: 'oee',
            select: [
              ...RATIOS.map(summed),
              `${sum('good')} AS "good"`,
              `${sum('reject')} AS "reject"`,
              `${sum('breakdownMs')} AS "breakdown"`,
              `${sum('setupMs')} AS "setup"`,
            ],
            where: SHIFTS,
            by: ['unit', 'shift'],
          }),
        ),
      ],
      width: 24,
      height: 8,
    },
    [headed({ unit: 'Line', breakdown: 'Breakdown', setup: 'Set-up' })],
  )
    .overrideByRegexp('/^(OEE|A|P|Q|Coverage)$/', asPercent)
    .overrideByRegexp('/^(Breakdown|Set-up)$/', asDuration);
}

function shiftByShift() {
  const columns = [
    'businessDay',
    'oee',
    'availability',
    'performance',
    'quality',
    'good',
    'reject',
    'final',
    'revision',
  ] as const;
  return sheet(
    {
      title: 'Shift by shift',
      asks: 'What was each single shift, is that final, was it restated?',
      queries: [rows('A', influxQl({ from: 'oee', select: columns.map(field), where: SHIFTS, by: ['unit', 'shift'] }))],
      width: 24,
      height: 10,
    },
    [headed({ unit: 'Line' })],
  ).overrideByRegexp('/^(OEE|A|P|Q)$/', asPercent);
}
