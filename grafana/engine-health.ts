// Engine health: the engine itself: how far behind it is, what it refused, who works what, and how its processes do.
// In: nothing. Out: a dashboard.
// Pure.

import type { DashboardBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { boardOf } from './board-frame.ts';
import { headed } from './column-work.ts';
import { influxQl, namesOf, rows, series } from './influx-query.ts';
import { asDuration, countCurves, numberTile, sheet, stackedBars } from './panel-looks.ts';
import { STATE_LOOKS } from './state-looks.ts';

const { field } = namesOf('engine');
const own = namesOf('engine_process');
/** Points come every ten seconds; a total's rise between two of them is what happened in between. */
const rise = (name: Parameters<typeof field>[0]): string => `non_negative_difference(max(${field(name)}))`;

export function engineHealth(): DashboardBuilder {
  const board = boardOf({
    uid: 'oee-engine-health',
    title: 'Engine health',
    description: 'How far behind the engine is, what it refused, who works what.',
    variables: [],
    from: 'now-6h',
    refresh: '10s',
  });
  const newest = (...columns: readonly string[]): string =>
    influxQl({ from: 'engine', select: columns, by: ['partition'] });
  for (const tile of tiles()) board.withPanel(tile);
  board.withPanel(backPressure());
  board.withPanel(waiting());
  board.withPanel(work());
  board.withPanel(doors());
  board.withPanel(processes());
  board.withPanel(workers(newest(`last(${field('worker')}) AS "worker"`, ...NEWEST)));
  return board;
}

function tiles() {
  const tile = (title: string, asks: string, query: string, unit = 'short', color?: string) =>
    numberTile({ title, asks, queries: [rows('A', query)], width: 6, height: 5 }, unit, color);
  const worst = (name: Parameters<typeof field>[0], as: string): string =>
    influxQl({ from: 'engine', select: [`max(${field(name)}) AS "${as}"`] });
  const refused = influxQl({ from: 'engine_process', select: [`${own.sum('rejected')} AS "Refused"`] });
  const [slow, bad] = [STATE_LOOKS.starved.color, STATE_LOOKS.breakdown.color];
  return [
    tile(
      'Behind the log',
      'How long has the oldest event waited that is not in a figure yet, at worst?',
      worst('lagMs', 'Wait'),
      'dtdurationms',
      slow,
    ),
    tile(
      'Dead letters waiting',
      'How many refused events of one partition does nobody look after, at most?',
      worst('deadLettersKept', 'Letters'),
      'short',
      bad,
    ),
    tile(
      'Refused at the doors',
      'How many events of this span were sent back to their sender with a reason?',
      refused,
      'short',
      bad,
    ),
    tile(
      'Holes',
      'Did entries ever vanish from the log unread? Anything but 0 wants a look at Redis.',
      worst('holes', 'Holes'),
    ),
  ];
}

const NEWEST = (['lagMs', 'lagEntries', 'sinkLag', 'commits', 'accepted', 'deadLettersKept', 'owners'] as const).map(
  name => `last(${field(name)}) AS "${name}"`,
);

/** A figure of the partitions over time. */
const byPartition = (figure: string) => [
  series(
    'A',
    influxQl({ from: 'engine', select: [figure], by: ['time($__interval)', 'partition'], fill: 'none' }),
    'partition $tag_partition',
  ),
];

function backPressure() {
  return countCurves(
    {
      title: 'Entries that wait for a worker',
      asks: 'Which partition takes more in than its worker works off?',
      queries: byPartition(`max(${field('lagEntries')}) AS "lag"`),
      width: 12,
      height: 8,
    },
    'short',
  );
}

function waiting() {
  return countCurves(
    {
      title: 'Outputs that wait for a neighbour',
      asks: 'Is InfluxDB, or whoever else is told, slower than the engine?',
      queries: byPartition(`max(${field('sinkLag')}) AS "sinks"`),
      width: 12,
      height: 8,
    },
    'short',
  );
}

function work() {
  return stackedBars(
    {
      title: 'Events taken in',
      asks: 'How much comes in, and on which partitions?',
      queries: byPartition(`${rise('accepted')} AS "events"`),
      width: 12,
      height: 8,
    },
    'short',
  );
}

/** Figures of the processes over time. */
const byProcess = (alias: string, ...figures: readonly string[]) => [
  series(
    'A',
    influxQl({ from: 'engine_process', select: figures, by: ['time($__interval)', 'host', 'roles'], fill: 'none' }),
    alias,
  ),
];

function doors() {
  return stackedBars(
    {
      title: 'At the doors',
      asks: 'How many events were sent to each host, and how many were refused?',
      queries: byProcess(
        '$tag_host $tag_roles $col',
        `${own.sum('sent')} AS "sent"`,
        `${own.sum('rejected')} AS "refused"`,
      ),
      width: 12,
      height: 8,
    },
    'short',
  );
}

function processes() {
  return countCurves(
    {
      title: 'Memory of the processes',
      asks: 'Does a process grow without end?',
      queries: byProcess('$tag_host $tag_roles', `max(${own.field('memory')}) AS "memory"`),
      width: 24,
      height: 7,
    },
    'bytes',
  );
}

function workers(query: string) {
  return sheet(
    {
      title: 'Partitions',
      asks: 'Who works what, how far, and how often did it change hands?',
      queries: [rows('A', query)],
      width: 24,
      height: 9,
    },
    [
      headed({
        partition: 'Partition',
        worker: 'Worker',
        lagMs: 'Behind',
        lagEntries: 'Entries waiting',
        sinkLag: 'Outputs waiting',
        commits: 'Commits',
        accepted: 'Events',
        deadLettersKept: 'Dead letters',
        owners: 'Owners so far',
      }),
    ],
  ).overrideByName('Behind', asDuration);
}
