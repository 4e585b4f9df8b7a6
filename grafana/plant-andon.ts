// Plant andon: the screen on the wall: what each line does now, and how its shift is going. Read from ten metres.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { newestOf, numberTile, ratioTile, sideBySide, stateTile } from './panel-looks.ts';

const { field, is, among } = namesOf('oee');
const state = namesOf('machine_state');

/** The newest shift of each line. Columns stand beside the newest `edge`: an older figure never stands in for a missing one. */
const shiftNow = (...names: Parameters<typeof field>[0][]): string =>
  influxQl({
    from: 'oee',
    select: [`last(${field('edge')}) AS "edge"`, ...names.map(name => field(name))],
    where: [is('level', 'line'), is('window', 'shift'), among('line', 'line')],
    by: ['unit'],
  });

const inEveryLine = { width: 6 } as const;

export function plantAndon(): DashboardBuilder {
  return boardOf({
    uid: 'oee-plant-andon',
    title: 'Plant andon',
    description: 'The wall: what each line does now and how its shift is going. Open it in kiosk mode (?kiosk).',
    variables: ['site', 'area', 'line'],
    from: 'now-24h',
    refresh: '5s',
  })
    .withPanel(doing())
    .withPanel(oeeOfShift())
    .withPanel(factorsOfShift())
    .withPanel(piecesOfShift());
}

function doing() {
  return sideBySide(
    stateTile({
      title: '$line',
      asks: 'What does each machine of the line do now?',
      queries: [
        series(
          'A',
          influxQl({
            from: 'machine_state',
            select: [`last(${state.field('category')}) AS "category"`],
            where: [state.among('line', 'line'), `${state.field('superseded')} = false`],
            by: ['unit'],
          }),
          '$tag_unit',
        ),
      ],
      ...inEveryLine,
      height: 7,
    }),
    'line',
  );
}

function oeeOfShift() {
  return sideBySide(
    ratioTile({
      title: 'OEE of the shift · $line',
      asks: 'How much of the planned time of this shift became good pieces at the ideal cycle?',
      queries: [rows('A', shiftNow('oee'))],
      ...inEveryLine,
      height: 7,
    }).reduceOptions(newestOf('oee')),
    'line',
  );
}

function factorsOfShift() {
  return sideBySide(
    ratioTile({
      title: 'A · P · Q of the shift · $line',
      asks: 'Is it time, speed or scrap?',
      queries: [rows('A', shiftNow('availability', 'performance', 'quality'))],
      ...inEveryLine,
      height: 5,
    }).reduceOptions(newestOf('availability', 'performance', 'quality')),
    'line',
  );
}

function piecesOfShift() {
  return sideBySide(
    numberTile(
      {
        title: 'Good · reject of the shift · $line',
        asks: 'What came out?',
        queries: [rows('A', shiftNow('good', 'reject'))],
        ...inEveryLine,
        height: 5,
      },
      'short',
    ).reduceOptions(newestOf('good', 'reject')),
    'line',
  );
}
