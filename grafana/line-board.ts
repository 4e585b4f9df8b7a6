// Line board: one line over hours: its machines side by side, its figures by sums, its pieces, its shifts.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asPercent, sheet, stateStrips } from './panel-looks.ts';
import { GOOD_AND_REJECT, ratiosOverTime, stackedCounts } from './sum-panels.ts';

const { field, is, among } = namesOf('oee');
const state = namesOf('machine_state');
const LINE = [is('level', 'line'), among('line', 'line')];

export function lineBoard(): DashboardBuilder {
  const board = boardOf({
    uid: 'oee-line',
    title: 'Line',
    description: 'One line over hours: machines, figures, pieces, shifts.',
    variables: ['site', 'area', 'line'],
    from: 'now-8h',
    refresh: '10s',
  });
  board.withPanel(
    stateStrips({
      title: 'What the machines did',
      asks: 'Which machine held the line up, and when?',
      queries: [
        series(
          'A',
          influxQl({
            from: 'machine_state',
            select: [state.field('category')],
            where: [state.among('line', 'line'), `${state.field('superseded')} = false`],
            by: ['unit'],
          }),
          '$tag_unit',
        ),
      ],
      width: 24,
      height: 8,
    }),
  );
  board.withPanel(
    ratiosOverTime(LINE, {
      title: 'OEE and its factors',
      asks: 'Is it time, speed or scrap, and since when? Each point is a quotient of sums over its span.',
      width: 14,
      height: 9,
    }),
  );
  return board.withPanel(piecesByHour()).withPanel(shiftsOfLine());
}

function piecesByHour() {
  return stackedCounts(LINE, { window: 'hour', span: '1h' }, GOOD_AND_REJECT, {
    title: 'Pieces by the hour',
    asks: 'What came out of the line, hour by hour?',
    width: 10,
    height: 9,
  });
}

function shiftsOfLine() {
  const columns = ['oee', 'availability', 'performance', 'quality', 'coverage'] as const;
  const query = influxQl({
    from: 'oee',
    select: [
      field('name'),
      ...columns.map(name => field(name)),
      field('good'),
      field('reject'),
      field('final'),
      field('revision'),
    ],
    where: [...LINE, is('window', 'shift')],
    by: ['unit'],
  });
  return sheet(
    {
      title: 'Shifts',
      asks: 'How did each shift end, is that final, and was it restated?',
      queries: [rows('A', query)],
      width: 24,
      height: 8,
    },
    [headed({ unit: 'Line' })],
  ).overrideByRegexp('/^(OEE|A|P|Q|Coverage)$/', asPercent);
}
