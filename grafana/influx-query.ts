// Influx query: InfluxQL in the words of the writer: a measurement, field or tag that nobody writes does not compile.
// In: what is asked. Out: a data query for a panel, or the moments for an annotation.
// Pure.

import type { Builder, Dataquery } from '@grafana/grafana-foundation-sdk/cog';
import type { DataSourceRef } from '@grafana/grafana-foundation-sdk/common';
import type { HistoryFields, HistoryTags, Measurement } from '../src/sinks/influx/history-fields.ts';

/** The data source of `provisioning/datasources`. */
export const HISTORY: DataSourceRef = { type: 'influxdb', uid: 'oee-stream-history' };

/** A query as Grafana's InfluxDB data source keeps it; the builder's package has no type of its own for it. */
export interface InfluxQuery extends Dataquery {
  readonly refId: string;
  readonly datasource: DataSourceRef;
  readonly query: string;
  readonly rawQuery: true;
  readonly resultFormat: 'table' | 'time_series';
  readonly alias?: string;
}

interface Words<M extends Measurement> {
  readonly from: M;
  /** expressions over fields */
  readonly select: readonly string[];
  /** conditions; the dashboard's time is added */
  readonly where?: readonly string[];
  /** tags, and `time(…)` */
  readonly by?: readonly (HistoryTags[M] | `time(${string})`)[];
  readonly fill?: 'null' | 'none';
  readonly newestFirst?: number;
}

/** InfluxQL text. `$timeFilter` and `$__interval` are Grafana's. */
export function influxQl<M extends Measurement>(words: Words<M>): string {
  const { from, select, where = [], by = [], fill, newestFirst } = words;
  const groups = by.map(each => (each.startsWith('time(') ? each : `"${each}"`));
  return [
    `SELECT ${select.join(', ')} FROM "${from}"`,
    `WHERE ${[...where, '$timeFilter'].join(' AND ')}`,
    ...(groups.length === 0 ? [] : [`GROUP BY ${groups.join(', ')}`]),
    ...(fill === undefined ? [] : [`fill(${fill})`]),
    ...(newestFirst === undefined ? [] : [`ORDER BY time DESC LIMIT ${newestFirst}`]),
  ].join(' ');
}

/** Names of one measurement, quoted as InfluxQL wants them. */
export function namesOf<M extends Measurement>(_measurement: M) {
  return {
    field: (name: HistoryFields[M]): string => `"${name}"`,
    sum: (name: HistoryFields[M]): string => `sum("${name}")`,
    is: (tag: HistoryTags[M], value: string): string => `"${tag}" = '${value}'`,
    /** among the values that a variable of the dashboard holds */
    among: (tag: HistoryTags[M], variable: string): string => `"${tag}" =~ /^$${variable}$/`,
  };
}

const asked = (refId: string, query: string) =>
  ({ _implementsDataqueryVariant: () => {}, refId, datasource: HISTORY, query, rawQuery: true }) as const;

/** Rows of a table, one column for each expression and tag. */
export function rows(refId: string, query: string): Builder<InfluxQuery> {
  return { build: () => ({ ...asked(refId, query), resultFormat: 'table' }) };
}

/** @param alias how a series is called; `$tag_unit` is the value of its tag */
export function series(refId: string, query: string, alias: string): Builder<InfluxQuery> {
  return { build: () => ({ ...asked(refId, query), resultFormat: 'time_series', alias }) };
}

/** Moments for annotations: which column holds the words, which ones the tags, and where a span ends. */
export function moments(query: string, columns: { text: string; tags: string; end: string }): Builder<InfluxQuery> {
  const { text: textColumn, tags: tagsColumn, end: timeEndColumn } = columns;
  const from = { fromAnnotations: true, textEditor: true, queryType: 'tags', textColumn, tagsColumn, timeEndColumn };
  return { build: () => ({ ...asked('Anno', query), resultFormat: 'table', ...from }) };
}
