// Result to lines: window results, intervals and alerts as InfluxDB line protocol, by the official client's encoder.
// In: an output, the place of its unit. Out: lines, each with the key by which InfluxDB tells points apart.
// Pure. Measurements `oee`, `oee_revision`, `machine_state`, `alert`; times in milliseconds.
//
// InfluxDB merges fields: what a later point leaves out keeps its old value. So a point always carries all of its fields,
// strings empty instead of absent. Only a ratio that has lost its base cannot be written (no NaN, no null) nor taken away:
// `undefinedBecause` says which those are, e.g. `oee:noPlannedTime performance:noRunTime`, and is empty when all stand.
// A reader asks `WHERE undefinedBecause = ''`, or for one ratio `WHERE undefinedBecause !~ /(^| )oee:/`. `sum_…` fields stand
// where `basis` is `constraint`.

import { Point } from '@influxdata/influxdb-client';
import type { Alert } from '../../core/alert.ts';
import { type Ratios, ratiosOf } from '../../core/oee.ts';
import type { Interval, Output, WindowResult } from '../../core/result.ts';
import { CATEGORIES, calendarMs, plannedMs, runMs, type Tally } from '../../core/tally.ts';
import { minuteOf } from '../../core/time.ts';
import { alertPoint } from './alert-to-line.ts';
import { COUNTS, categoryField, IDEALS, PIECES, RATIOS } from './history-fields.ts';

/** Where a unit belongs; null for what stands above it. */
export interface Place {
  readonly site: string | null;
  readonly area: string | null;
  readonly line: string | null;
}
export type PlaceOf = (unit: string) => Place;

export interface InfluxLine {
  /** two lines with the same key are the same point */
  readonly key: string;
  readonly text: string;
}

/** Sliding windows begin anew with every look: they are told once for each minute in which they began. */
export function isSliding(result: WindowResult): boolean {
  return result.kind.startsWith('last');
}

export function pointTime(result: WindowResult): number {
  return isSliding(result) ? minuteOf(result.start) : result.start;
}

/** @throws Error when a name or a number has no form in line protocol */
export function outputToLines(output: Output, placeOf: PlaceOf): readonly InfluxLine[] {
  if (output.type === 'interval') return [intervalToLine(output, placeOf(output.unit))];
  if (output.type === 'alert') return [alertToLine(output, placeOf(output.unit))];
  if (output.type !== 'result') return [];
  // As reported: every revision, and the final word, in a point of its own that nothing overwrites.
  const published = !isSliding(output) && (output.final || output.revision > 0);
  const place = placeOf(output.unit);
  const figures = figuresOf(output);
  const known = resultToLine(output, place, figures);
  return published ? [known, revisionToLine(output, place, figures)] : [known];
}

function resultToLine(result: WindowResult, place: Place, figures: Figures): InfluxLine {
  return lineOf(describe(new Point('oee'), result, place, figures), ['oee', ...identityOf(result)], figures.text);
}

function revisionToLine(result: WindowResult, place: Place, figures: Figures): InfluxLine {
  const point = describe(new Point('oee_revision'), result, place, figures)
    .stringField('by', result.by ?? '')
    .stringField('why', result.why ?? '');
  tag(point, 'revision', String(result.revision));
  return lineOf(point, ['oee_revision', ...identityOf(result), result.revision], figures.text);
}

function identityOf(result: WindowResult): readonly (string | number | null)[] {
  return [result.unit, result.kind, result.kind === 'shift' ? result.name : null, pointTime(result)];
}

/** What is said in words: names are escaped by the client's encoder. */
function describe(point: Point, result: WindowResult, place: Place, figures: Figures): Point {
  tagPlace(point, result.unit, place);
  tag(point, 'level', result.level);
  tag(point, 'window', result.kind);
  // Shifts have a few names; orders have many, and every value of a tag costs memory for ever.
  tag(point, 'shift', result.kind === 'shift' ? result.name : null);
  return point
    .stringField('undefinedBecause', figures.undefinedBecause)
    .stringField('name', result.name ?? '')
    .stringField('businessDay', result.businessDay ?? '')
    .stringField('basis', result.basis)
    .timestamp(pointTime(result));
}

/**
 * What is said in numbers, written out once for both points. Their names are our own and their form is three characters
 * of grammar; the client's encoder, which sorts and escapes fifty names a line, takes five times as long for them.
 */
interface Figures {
  readonly text: string;
  readonly undefinedBecause: string;
}

function figuresOf(result: WindowResult): Figures {
  const { final, revision, start, end, edge } = result;
  const fields = [`final=${final ? 'T' : 'F'}`];
  for (const [name, value] of Object.entries({ revision, start, end, edge })) fields.push(whole(name, value));
  const missing = pushFigures(fields, '', result.tally);
  if (result.beside !== null) missing.push(...pushFigures(fields, 'sum_', result.beside));
  return { text: fields.join(','), undefinedBecause: missing.join(' ') };
}

function whole(name: string, value: number): string {
  if (!Number.isSafeInteger(value)) throw new Error(`${name} is ${value}, which is no exact whole number`);
  return `${name}=${value}i`;
}

/** The tally and its ratios. @returns `ratio:reason` of each that is undefined */
function pushFigures(fields: string[], prefix: string, tally: Tally): string[] {
  for (const category of CATEGORIES) fields.push(whole(prefix + categoryField(category), tally[category]));
  fields.push(
    whole(`${prefix}calendarMs`, calendarMs(tally)),
    whole(`${prefix}plannedMs`, plannedMs(tally)),
    whole(`${prefix}runMs`, runMs(tally)),
    whole(`${prefix}unknownPlannedMs`, tally.unknown),
    whole(`${prefix}inferredMs`, tally.inferred),
  );
  for (const field of [...PIECES, ...IDEALS, ...COUNTS]) fields.push(whole(prefix + field, tally[field]));
  const ratios = ratiosOf(tally);
  const missing: string[] = [];
  const ratio = (name: string, value: number | null, reason: string | undefined): void => {
    if (value === null) missing.push(`${prefix}${name}:${reason ?? 'noBase'}`);
    else if (Number.isFinite(value)) fields.push(`${prefix}${name}=${value}`);
    else throw new Error(`${prefix}${name} is ${value}`);
  };
  for (const name of RATIOS) ratio(name, ratios[name], ratios.undefinedBecause?.[name]);
  const noBand = bandReason(ratios, tally);
  ratio('oeeWorst', ratios.band?.[0] ?? null, noBand);
  ratio('oeeBest', ratios.band?.[1] ?? null, noBand);
  return missing;
}

function bandReason(ratios: Ratios, tally: Tally): string | undefined {
  if (ratios.band !== null) return undefined;
  return tally.uncycled !== 0 ? 'noIdealCycle' : 'noPlannedTime';
}

function intervalToLine(interval: Interval, place: Place): InfluxLine {
  const { unit, from, to } = interval;
  const point = new Point('machine_state');
  tagPlace(point, unit, place);
  point
    .stringField('category', interval.category)
    .stringField('state', interval.state ?? '')
    .stringField('reason', interval.reason ?? '')
    .stringField('stopId', interval.stopId ?? '')
    .stringField('source', interval.source)
    .intField('to', to)
    .intField('durationMs', to - from)
    .booleanField('open', interval.open)
    .booleanField('undecided', interval.undecided)
    // A point cannot be taken back: this one says that its span belongs to others now, and counts 0 ms.
    .booleanField('superseded', to === from)
    .timestamp(from);
  return lineOf(point, ['machine_state', unit, from]);
}

/** Rules and severities are few; an alert's id is a field. */
function alertToLine(alert: Alert, place: Place): InfluxLine {
  const { unit, rule, severity, raisedAt } = alert;
  const point = alertPoint(alert);
  tagPlace(point, unit, place);
  tag(point, 'rule', rule);
  tag(point, 'severity', severity);
  return lineOf(point, ['alert', rule, unit, severity, raisedAt]);
}

function tagPlace(point: Point, unit: string, { site, area, line }: Place): void {
  tag(point, 'site', site);
  tag(point, 'area', area);
  tag(point, 'line', line);
  tag(point, 'unit', unit);
}

/** A tag cannot be empty (left out then, which is the same to a reader) nor end in a backslash (no form in the protocol). */
function tag(point: Point, name: string, value: string | null): void {
  if (value === null || value === '') return;
  if (value.endsWith('\\')) throw new Error(`${name} "${value}" ends in a backslash`);
  point.tag(name, value);
}

/** @param figures further fields; a time has no spaces, so they go before the last one */
function lineOf(point: Point, key: readonly (string | number | null)[], figures = ''): InfluxLine {
  const text = point.toLineProtocol({ convertTime: String });
  if (text === undefined) throw new Error('a point without fields');
  const time = text.lastIndexOf(' ');
  const full = figures === '' ? text : `${text.slice(0, time)},${figures}${text.slice(time)}`;
  return { key: JSON.stringify(key), text: full };
}
