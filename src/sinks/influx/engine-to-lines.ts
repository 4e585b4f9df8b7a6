// Engine to lines: how the engine itself does, as points of InfluxDB, for the board that watches it.
// In: figures of the partitions that a process works, and of its doors. Out: lines.
// Pure. Measurements `engine` and `engine_process`; times in milliseconds.

import { Point } from '@influxdata/influxdb-client';
import type { ENGINE_FIELDS, PROCESS_FIELDS } from './history-fields.ts';

/** Of one partition, told by its owner. Totals rise as long as the journal lives. */
export type PartitionHealth = { readonly partition: number; readonly worker: string } & {
  readonly [Field in Exclude<(typeof ENGINE_FIELDS)[number], 'worker'>]: number;
};

/** Of one process. Counts are those since the point before, so that sums over a span hold through restarts. */
export type ProcessHealth = { readonly host: string; readonly roles: string; readonly process: string } & {
  readonly [Field in Exclude<(typeof PROCESS_FIELDS)[number], 'process'>]: number;
};

/** @param at epoch ms */
export function engineToLines(at: number, partitions: readonly PartitionHealth[], process: ProcessHealth): string[] {
  const { host, roles, process: name, ...own } = process;
  const points = [
    ...partitions.map(({ partition, worker, ...figures }) =>
      whole(new Point('engine').tag('partition', String(partition)).stringField('worker', worker), figures),
    ),
    whole(new Point('engine_process').tag('host', host).tag('roles', roles).stringField('process', name), own),
  ];
  return points.map(point => point.timestamp(at).toLineProtocol({ convertTime: String }) ?? '');
}

function whole(point: Point, figures: Readonly<Record<string, number>>): Point {
  for (const [name, value] of Object.entries(figures)) point.intField(name, Math.round(value));
  return point;
}
