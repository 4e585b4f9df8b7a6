// Board frame: what every dashboard has: its address, variables that narrow each other down, links, annotations.
// In: a title. Out: a dashboard without panels.
// Pure.

import {
  AnnotationQueryBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { HISTORY, influxQl, moments, namesOf } from './influx-query.ts';

const TAG = 'oee-stream';
/** Which tag each variable chooses from, and which variables stand above it. */
const VARIABLES = {
  site: { tag: 'site', label: 'Site', level: 'site', above: [] },
  area: { tag: 'area', label: 'Area', level: 'area', above: ['site'] },
  line: { tag: 'line', label: 'Line', level: 'line', above: ['site', 'area'] },
  machine: { tag: 'unit', label: 'Machine', level: 'machine', above: ['site', 'area', 'line'] },
  shift: { tag: 'shift', label: 'Shift', level: null, above: ['site'] },
} as const;
export type Variable = keyof typeof VARIABLES;

export interface BoardWords {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly variables: readonly Variable[];
  readonly from: string;
  /** how often it looks again, e.g. 10s */
  readonly refresh: string;
}

export function boardOf(words: BoardWords): DashboardBuilder {
  const board = new DashboardBuilder(words.title)
    .uid(words.uid)
    .description(words.description)
    .tags([TAG])
    .time({ from: words.from, to: 'now' })
    .timezone('browser')
    .refresh(words.refresh)
    .editable()
    .tooltip(DashboardCursorSync.Crosshair)
    .link(
      new DashboardLinkBuilder('Other boards')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(true)
        .keepTime(true)
        .includeVars(true),
    );
  for (const name of words.variables) board.withVariable(variableOf(name));
  return board.annotation(alerts()).annotation(restatements());
}

function variableOf(name: Variable): QueryVariableBuilder {
  const { tag, label, level, above } = VARIABLES[name];
  const { is, among } = namesOf('oee');
  const where = [...(level === null ? [] : [is('level', level)]), ...above.map(each => among(each, each))];
  const query = `SHOW TAG VALUES FROM "oee" WITH KEY = "${tag}"${where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`}`;
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(HISTORY)
    .query(query)
    .definition(query)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** What the plant's rules said, from when the condition began to hold long enough until it was over. */
function alerts(): AnnotationQueryBuilder {
  const { field } = namesOf('alert');
  const query = influxQl({
    from: 'alert',
    select: [field('text'), field('until'), '"rule"', '"severity"', '"unit"'],
    where: [`${field('status')} <> 'withdrawn'`],
  });
  return new AnnotationQueryBuilder()
    .name('Alerts')
    .datasource(HISTORY)
    .enable(true)
    .iconColor('orange')
    .target(moments(query, { text: 'text', tags: 'severity,rule,unit', end: 'until' }));
}

/** A published figure that changed: when its window began, who changed it and why. */
function restatements(): AnnotationQueryBuilder {
  const { field } = namesOf('oee_revision');
  const query = influxQl({
    from: 'oee_revision',
    select: [field('why'), field('by'), field('end')],
    where: [`${field('revision')} > 0`, `"window" = 'shift'`, `"level" = 'machine'`],
  });
  return new AnnotationQueryBuilder()
    .name('Restated shifts')
    .datasource(HISTORY)
    .enable(true)
    .iconColor('purple')
    .target(moments(query, { text: 'why', tags: 'by', end: 'end' }));
}
