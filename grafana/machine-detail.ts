// Machine detail: one machine, minute by minute: its states, its words and reasons, its pieces, its stops one by one.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asCategory, asDuration, ratioTile, sheet, stateStrips } from './panel-looks.ts';
import { GOOD_AND_REJECT, ratiosOverTime, stackedCounts } from './sum-panels.ts';
import { summed } from './summed-ratios.ts';

const { is, among } = namesOf('oee');
const state = namesOf('machine_state');
const MACHINE = [is('level', 'machine'), among('unit', 'machine')];
const SPANS = [state.among('unit', 'machine'), `${state.field('superseded')} = false`];

const strip = (refId: string, column: 'category' | 'state' | 'reason', label: string) =>
  series(
    refId,
    influxQl({ from: 'machine_state', select: [state.field(column)], where: SPANS, by: ['unit'] }),
    `$tag_unit ${label}`,
  );

export function machineDetail(): DashboardBuilder {
  const board = boardOf({
    uid: 'oee-machine',
    title: 'Machine',
    description: 'One machine, minute by minute: states, words, reasons, pieces, stops.',
    variables: ['site', 'area', 'line', 'machine'],
    from: 'now-8h',
    refresh: '10s',
  });
  board.withPanel(
    ratioTile({
      title: 'Over the time chosen',
      asks: 'OEE, its factors and how much of the time is known, as quotients of sums over all minutes shown.',
      queries: [
        rows(
          'A',
          influxQl({
            from: 'oee',
            select: (['oee', 'availability', 'performance', 'quality', 'coverage'] as const).map(summed),
            where: [...MACHINE, is('window', 'minute')],
          }),
        ),
      ],
      width: 24,
      height: 4,
    }),
  );
  board.withPanel(
    stateStrips({
      title: 'What it did, in the law’s words and in its own',
      asks: 'When did it stand, what did it say, and which reason was given?',
      queries: [strip('A', 'category', 'did'), strip('B', 'state', 'said'), strip('C', 'reason', 'reason')],
      width: 24,
      height: 8,
    }),
  );
  board.withPanel(
    ratiosOverTime(MACHINE, {
      title: 'OEE and its factors',
      asks: 'Is it time, speed or scrap, and since when?',
      width: 12,
      height: 8,
    }),
  );
  return board.withPanel(pieces()).withPanel(stops());
}

function pieces() {
  return stackedCounts(MACHINE, { window: 'minute', span: '$__interval' }, GOOD_AND_REJECT, {
    title: 'Pieces',
    asks: 'What did it make, and how much of it was scrap?',
    width: 12,
    height: 8,
  }).interval('5m');
}

function stops() {
  const columns = ['category', 'state', 'reason', 'durationMs', 'source', 'open'] as const;
  const query = influxQl({
    from: 'machine_state',
    select: columns.map(state.field),
    where: [...SPANS, `(${state.field('category')} = 'breakdown' OR ${state.field('category')} = 'microStop')`],
    by: ['unit'],
  });
  const names = { unit: 'Machine', source: 'Known from', open: 'Still going on' };
  return sheet(
    {
      title: 'Stops',
      asks: 'Which stops were there, how long, and why?',
      queries: [rows('A', query)],
      width: 24,
      height: 10,
    },
    [headed(names)],
  )
    .overrideByName('Length', asDuration)
    .overrideByName('What', asCategory);
}
