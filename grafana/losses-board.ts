// Losses board: where the time went, from calendar time to good time, what caused it, and how that changes by the hour.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { CATEGORIES } from '../src/core/tally.ts';
import { categoryField } from '../src/sinks/influx/history-fields.ts';
import { boardOf } from './board-frame.ts';
import { addedUp, atMost, columnsToRows, greatestFirst, headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asCategory, asDuration, inColor, namedBars, sheet, stackedBars } from './panel-looks.ts';
import { STATE_LOOKS } from './state-looks.ts';

const { sum, is, among } = namesOf('oee');
const state = namesOf('machine_state');
const MACHINES = [
  is('level', 'machine'),
  among('site', 'site'),
  among('area', 'area'),
  among('line', 'line'),
  among('unit', 'machine'),
];
const LOST = CATEGORIES.filter(category => category !== 'producing' && category !== 'notScheduled');

export function lossesBoard(): DashboardBuilder {
  const board = boardOf({
    uid: 'oee-losses',
    title: 'Losses',
    description: 'Where the time went, from calendar time to good time; what caused it; how that changes by the hour.',
    variables: ['site', 'area', 'line', 'machine'],
    from: 'now-24h',
    refresh: '1m',
  });
  return board.withPanel(waterfall()).withPanel(causes()).withPanel(byHour()).withPanel(oneByOne());
}

/** The steps of `waterfallOf` in core/losses.ts; speed and scrap are what the ideal cycle leaves over. */
function waterfall() {
  const steps = [
    `${sum('calendarMs')} AS "Calendar time"`,
    ...CATEGORIES.filter(category => category !== 'producing').map(
      category => `${sum(categoryField(category))} AS "${STATE_LOOKS[category].text}"`,
    ),
    `${sum('producingMs')} - ${sum('idealUs')} / 1000 AS "Reduced speed"`,
    `(${sum('idealUs')} - ${sum('idealGoodUs')}) / 1000 AS "Rejects"`,
    `${sum('idealGoodUs')} / 1000 AS "Good time"`,
  ];
  return namedBars(
    {
      title: 'From calendar time to good time',
      asks: 'Where did the time go? The first bar less all between is the last one.',
      queries: [rows('A', influxQl({ from: 'oee', select: steps, where: [...MACHINES, is('window', 'minute')] }))],
      width: 12,
      height: 12,
    },
    'dtdurationms',
    [columnsToRows],
  );
}

function causes() {
  const query = influxQl({
    from: 'machine_state',
    select: [state.field('durationMs'), state.field('reason'), state.field('state')],
    where: [
      ...(['site', 'area', 'line'] as const).map(tag => state.among(tag, tag)),
      state.among('unit', 'machine'),
      `${state.field('superseded')} = false`,
      `(${state.field('category')} = 'breakdown' OR ${state.field('category')} = 'microStop' OR ${state.field('category')} = 'setup')`,
    ],
    by: ['unit'],
  });
  return namedBars(
    {
      title: 'Causes of stops and set-ups',
      asks: 'What should we work on first?',
      queries: [rows('A', query)],
      width: 12,
      height: 12,
    },
    'dtdurationms',
    [
      addedUp(['reason'], 'durationMs'),
      greatestFirst('durationMs (sum)'),
      headed({ reason: 'Reason (none: nobody gave one)', 'durationMs (sum)': 'Time', 'durationMs (count)': 'Stops' }),
      atMost(15),
    ],
  ).overrideByName('Stops', [
    { id: 'unit', value: 'short' },
    { id: 'custom.hideFrom', value: { viz: true, legend: false, tooltip: false } },
  ]);
}

function byHour() {
  const panel = stackedBars(
    {
      title: 'Lost time by the hour',
      asks: 'When was it lost?',
      queries: [
        series(
          'A',
          influxQl({
            from: 'oee',
            select: LOST.map(category => `${sum(categoryField(category))} AS "${STATE_LOOKS[category].text}"`),
            where: [...MACHINES, is('window', 'hour')],
            by: ['time(1h)'],
            fill: 'none',
          }),
          '$col',
        ),
      ],
      width: 24,
      height: 9,
    },
    'dtdurationms',
  );
  for (const category of LOST) panel.overrideByName(STATE_LOOKS[category].text, inColor(STATE_LOOKS[category].color));
  return panel;
}

function oneByOne() {
  const columns = ['category', 'state', 'reason', 'durationMs'] as const;
  const query = influxQl({
    from: 'machine_state',
    select: columns.map(state.field),
    where: [
      ...(['site', 'area', 'line'] as const).map(tag => state.among(tag, tag)),
      state.among('unit', 'machine'),
      `${state.field('superseded')} = false`,
      `${state.field('category')} = 'breakdown'`,
    ],
    by: ['unit'],
  });
  return sheet(
    {
      title: 'The longest breakdowns',
      asks: 'Which single stops cost most?',
      queries: [rows('A', query)],
      width: 24,
      height: 9,
    },
    [greatestFirst('durationMs'), atMost(20), headed({ unit: 'Machine' })],
  )
    .overrideByName('Length', asDuration)
    .overrideByName('What', asCategory);
}
