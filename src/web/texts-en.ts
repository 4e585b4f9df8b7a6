// Texts, English: every word that the page shows, in one place.
// In: values where a sentence needs them. Out: text.
// Pure.

import type { NoBase } from '../core/oee.ts';
import type { IntervalSource } from '../core/result.ts';
import type { Category } from '../core/tally.ts';

export * from './texts-access-en.ts';
export * from './texts-alerts-en.ts';
export * from './texts-refusals-en.ts';
export * from './texts-work-en.ts';

/** How numbers and times are written, and what parts the cells of a file that the Excel of this language opens. */
export const LOCALE = { numbers: 'en', dates: 'en-GB', separator: ',' } as const;

export const UNIT_TEXT = { day: 'd', hour: 'h', minute: 'min', second: 's' } as const;

export const CATEGORY_TEXT: Readonly<Record<Category, string>> = {
  notScheduled: 'Not scheduled',
  plannedStop: 'Planned stop',
  producing: 'Producing',
  microStop: 'Micro-stop',
  setup: 'Set-up',
  breakdown: 'Breakdown',
  starved: 'Starved',
  blocked: 'Blocked',
  idle: 'Idle',
  unknown: 'No signal',
};

export const NO_BASE_TEXT: Readonly<Record<NoBase, string>> = {
  noPlannedTime: 'no planned time in this window',
  noRunTime: 'the machine has not run in this window',
  noPieces: 'no pieces in this window',
  noIdealCycle: 'pieces without a known ideal cycle',
  noCalendar: 'the window is empty',
};

export const SOURCE_TEXT: Readonly<Record<IntervalSource, string>> = {
  state: 'reported by the machine',
  calendar: 'from the shift calendar',
  restatement: 'corrected by a person',
  inferred: 'proved by its counter',
  silence: 'no sign of life',
};

export const RATIO_TEXT = {
  oee: { name: 'OEE', long: 'Overall equipment effectiveness', formula: 'good pieces at ideal speed / planned time' },
  availability: { letter: 'A', name: 'Availability', long: 'Availability', formula: 'run time / planned time' },
  performance: { letter: 'P', name: 'Performance', long: 'Performance', formula: 'pieces at ideal speed / run time' },
  quality: {
    letter: 'Q',
    name: 'Quality',
    long: 'Quality',
    formula: 'good pieces at ideal speed / all pieces at ideal speed',
  },
  teep: {
    name: 'TEEP',
    long: 'Total effective equipment performance',
    formula: 'good pieces at ideal speed / all time',
  },
  utilisation: { name: 'Utilisation', long: 'Utilisation', formula: 'planned time / all time' },
  yield: { name: 'Yield', long: 'Yield', formula: 'good pieces / all pieces' },
  coverage: { name: 'Coverage', long: 'Coverage', formula: 'seen planned time / all planned time' },
} as const;

export const BASIS_TEXT = {
  own: 'own figures',
  sum: 'sum of its parts',
  constraint: (machine: string) => `Constraint: ${machine}`,
} as const;

export const LOSS_TEXT = {
  calendar: 'All time',
  planned: 'Planned, seen',
  run: 'Run time',
  ideal: 'Ideal time',
  good: 'Good pieces',
  speed: 'Slow running',
  rejects: 'Rejects',
} as const;

export function windowText(kind: string): string {
  const minutes = /^last(\d+)m$/.exec(kind)?.[1];
  if (minutes !== undefined) return `${minutes} min`;
  return { hour: 'Hour', shift: 'Shift', day: 'Day', minute: 'Minute', order: 'Order' }[kind] ?? kind;
}

export function windowLongText(kind: string, hasEnded = false): string {
  const minutes = /^last(\d+)m$/.exec(kind)?.[1];
  return minutes === undefined ? `${hasEnded ? 'last' : 'this'} ${kind}` : `last ${minutes} minutes`;
}

export const TEXT = {
  titleOf: (plant: string) => `${plant} · OEE`,
  otherLanguage: (language: string) => `Language: ${language}`,
  loading: 'Reading the plant…',
  troubleTitle: 'The plant could not be read.',
  retrying: 'Trying again by itself.',
  emptyPlant: 'This plant has no machines yet.',
  live: 'Live',
  connecting: 'Connecting…',
  lost: 'Connection lost',
  lostBanner: (time: string, ago: string) => `Connection lost. What you see is from ${time}, ${ago} ago.`,
  lostRetry: (seconds: number) => (seconds > 0 ? `Next try in ${seconds} s` : 'Trying now'),
  stale: (time: string) => `Stale: facts up to ${time}`,
  windows: 'Window',
  toLight: 'Light colours',
  toDark: 'Dark colours',
  noState: 'Nothing heard yet',
  noWindow: 'no figures for this window yet',
  nothingSeen: 'nothing was heard in this window',
  noShiftNow: 'no shift now',
  waiting: 'waiting for its first window',
  target: (value: string) => `target ${value}`,
  good: 'good',
  reject: 'reject',
  rework: 'rework',
  order: (order: string) => `order ${order}`,
  constraint: 'Constraint',
  constraintLong: 'This machine sets the pace: the line is measured by it',
  lowest: 'Lowest OEE',
  lowestLong: 'The lowest OEE of all machines of this site in this window',
  serial: 'Serial line',
  parallel: 'Parallel machines',
  sums: 'Plain sums',
  sumsOf: (count: number) => `Sums over ${count} machines`,
  undecided: 'not yet a stop',
  above: 'P > 100 %',
  aboveLong: 'Faster than the ideal cycle: check the cycle of this product, or the counter',
  seen: (share: string) => `${share} seen`,
  bandLong: (low: string, high: string) =>
    `Without a signal for part of the time; the true OEE lies between ${low} and ${high}`,
  provisional: 'provisional',
  provisionalLong: 'The window is open, or late facts may still come',
  final: 'final',
  revision: (n: number) => `revision ${n}`,
  ended: (time: string) => `ended ${time}`,
  details: (unit: string) => `Details of ${unit}`,
  close: 'Close',
  shiftReport: 'Shift report, to print',
  timelineOf: (unit: string) => `Timeline of ${unit}, last 8 hours`,
  timelineSpan: (unit: string, from: string, to: string) => `Timeline of ${unit}, ${from} to ${to}`,
  noStretch: 'nothing recorded here',
  ongoing: 'now',
  last8h: 'Last 8 hours',
  turn: (turn: number, turns: number) => `${turn} / ${turns}`,
  astray: (unknown: string, known: string) =>
    `This wall was asked for ${unknown}, which the plant does not have. It has: ${known}.`,
  timeline: 'Timeline',
  trend: 'OEE over time',
  spanEarlier: 'Earlier',
  spanLater: 'Later',
  spanIn: 'Zoom in',
  spanOut: 'Zoom out',
  countsOf: (good: string, reject: string) => `Pieces over the same time: ${good} good, ${reject} reject`,
  backToLive: 'Back to now',
  explainWindow: (window: string, value: string) => `What made ${window}: OEE ${value}`,
  hourBoard: 'Hour by hour',
  hour: 'Hour',
  planned: 'Plan',
  actual: 'Actual',
  difference: 'Difference',
  mainReason: 'Main reason',
  pareto: 'What cost the most time',
  timeOf: (machines: string) => `The line's time is that of: ${machines}`,
  cause: 'Cause',
  lostTime: 'Lost time',
  times: 'Times',
  nothingWasLost: 'Nothing was lost in this window.',
  saveAs: (form: string, table: string) => `Save as ${form}: ${table}`,
  timeZone: 'Time zone',
  excelAway: 'The server does not answer: save as CSV, or try again later.',
  whatMade: 'What made these numbers',
  changes: 'What people changed',
  change: 'Change',
  byWhom: 'By whom, and why',
  oeeWithout: 'OEE without it',
  piecesByCycle: 'Pieces by product and ideal cycle',
  product: 'Product',
  idealCycle: 'Ideal cycle',
  calendar: 'The calendar as it held',
  from: 'From',
  to: 'To',
  kind: 'Kind',
  nameOfIt: 'Name',
  intervals: (count: number) => `All ${count} intervals with their source`,
  intervalTable: 'Intervals',
  length: 'Length',
  wordAndReason: 'Word and reason',
  source: 'Source',
  plan: (count: string) => `of ${count}`,
  planLong: (target: string) =>
    `Planned time so far at the ideal speed of these products, times the target of ${target}`,
  behind: (count: string) => `${count} behind`,
  ahead: (count: string) => `${count} ahead`,
  factsOld: (age: string) => `facts ${age} old`,
  hourTrendEmpty: 'No full hour recorded yet.',
  losses: 'Where the time went',
  ratios: 'Ratios',
  time: 'Time by category',
  pieces: 'Pieces and stops',
  minutes: 'min',
  share: 'Share',
  pieceCount: 'pieces',
  severity: 'Severity',
  unit: 'Unit',
  text: 'Text',
  state: 'State',
  by: 'By',
  why: 'Why',
  reason: 'Reason',
  revisionHead: 'Revision',
  undoneHead: 'Taken back by',
  category: 'Category',
  ratio: 'Ratio',
  value: 'Value',
  how: 'How',
  count: 'Count',
  total: 'Total',
  all: 'all',
  uncycled: 'without ideal cycle',
  quarantined: 'held back (implausible jump)',
  stops: 'stops',
  failures: 'breakdowns',
  microStops: 'micro-stops',
  windowSpan: (from: string, to: string) => `${from} to ${to}`,
  factsUpTo: (time: string) => `facts up to ${time}`,
  restatedBy: (by: string, why: string) => `restated by ${by}: ${why}`,
  legend: 'Categories',
  nothingLost: 'No time in this window.',
  inCategory: (count: number, category: string) => `${count} ${category.toLowerCase()}`,
} as const;
