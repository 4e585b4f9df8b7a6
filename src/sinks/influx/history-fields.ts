// History fields: every measurement, tag and field that is written, named once for the writer and for the dashboards.
// In: the categories and fields of a tally. Out: names, as values and as types.
// Pure.

import { CATEGORIES, type Category } from '../../core/tally.ts';

export const PIECES = ['total', 'good', 'reject', 'rework', 'uncycled', 'quarantined'] as const;
export const IDEALS = ['idealUs', 'idealGoodUs', 'lineIdealGoodUs'] as const;
export const COUNTS = ['stops', 'failures', 'microStops', 'energyWh'] as const;
export const SPANS = ['calendarMs', 'plannedMs', 'runMs', 'unknownPlannedMs', 'inferredMs'] as const;
export const RATIOS = [
  'availability',
  'performance',
  'quality',
  'oee',
  'teep',
  'utilisation',
  'yield',
  'coverage',
] as const;
export const BAND = ['oeeWorst', 'oeeBest'] as const;
const FRAME = ['final', 'revision', 'start', 'end', 'edge'] as const;
const WORDS = ['undefinedBecause', 'name', 'businessDay', 'basis'] as const;

export type CategoryField = `${Category}Ms`;
export type FigureField =
  | CategoryField
  | (typeof SPANS)[number]
  | (typeof PIECES)[number]
  | (typeof IDEALS)[number]
  | (typeof COUNTS)[number]
  | (typeof RATIOS)[number]
  | (typeof BAND)[number];
export type OeeField = FigureField | `sum_${FigureField}` | (typeof FRAME)[number] | (typeof WORDS)[number];

export const categoryField = (category: Category): CategoryField => `${category}Ms`;

const FIGURES: readonly FigureField[] = [
  ...CATEGORIES.map(categoryField),
  ...SPANS,
  ...PIECES,
  ...IDEALS,
  ...COUNTS,
  ...RATIOS,
  ...BAND,
];
/** `oee`: what is known of a window now. `sum_…` only on serial lines, a ratio only where it has a base. */
export const OEE_FIELDS: readonly OeeField[] = [
  ...FIGURES,
  ...FIGURES.map((field): OeeField => `sum_${field}`),
  ...FRAME,
  ...WORDS,
];

export const STATE_FIELDS = [
  'category',
  'state',
  'reason',
  'stopId',
  'source',
  'to',
  'durationMs',
  'open',
  'undecided',
  'superseded',
] as const;

/** `alert`: one point at the instant at which an alert was raised, written over as it changes. */
export const ALERT_FIELDS = [
  'id',
  'text',
  'status',
  'level',
  'members',
  'acknowledgedBy',
  'acknowledgedWhy',
  'why',
  'supersedes',
  'sequence',
  'since',
  'until',
  'resolvedAt',
  'durationMs',
  'memberCount',
  'occurrences',
  'escalated',
  'mutedUntil',
  'flapping',
] as const;

/** `engine`: every partition, told by whoever works it. */
export const ENGINE_FIELDS = [
  'worker',
  'lagMs',
  'lagEntries',
  'sinkLag',
  'accepted',
  'duplicates',
  'commits',
  'deadLettered',
  'deadLettersKept',
  'holes',
  'owners',
] as const;
export const ENGINE_TAGS = ['partition'] as const;

/** `engine_process`: every process that InfluxDB is named to. */
export const PROCESS_FIELDS = [
  'process',
  'sent',
  'rejected',
  'memory',
  'partitions',
  'liveClients',
  'liveRefused',
  'liveCoalesced',
] as const;
export const PROCESS_TAGS = ['host', 'roles'] as const;

export const PLACE_TAGS = ['site', 'area', 'line', 'unit'] as const;
export const OEE_TAGS = [...PLACE_TAGS, 'level', 'window', 'shift'] as const;
export const ALERT_TAGS = [...PLACE_TAGS, 'rule', 'severity'] as const;

/** Fields and tags of each measurement that is written. */
export interface HistoryFields {
  readonly oee: OeeField;
  /** one point for each published revision, never overwritten */
  readonly oee_revision: OeeField | 'by' | 'why';
  readonly machine_state: (typeof STATE_FIELDS)[number];
  readonly alert: (typeof ALERT_FIELDS)[number];
  readonly engine: (typeof ENGINE_FIELDS)[number];
  readonly engine_process: (typeof PROCESS_FIELDS)[number];
}
export interface HistoryTags {
  readonly oee: (typeof OEE_TAGS)[number];
  readonly oee_revision: (typeof OEE_TAGS)[number] | 'revision';
  readonly machine_state: (typeof PLACE_TAGS)[number];
  readonly alert: (typeof ALERT_TAGS)[number];
  readonly engine: (typeof ENGINE_TAGS)[number];
  readonly engine_process: (typeof PROCESS_TAGS)[number];
}
export type Measurement = keyof HistoryFields;
