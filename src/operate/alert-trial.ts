// Alert trial: how often each rule would have fired, when, for how long, and what was kept from people.
// In: alerts as they were said in a rehearsal, the state at its end. Out: a summary per rule, and its text.
// Pure.

import type { Alert, AlertRule, AlertSeverity } from '../core/alert.ts';
import type { AlertState } from '../core/alert-state.ts';
import type { Plant } from '../core/plant-model.ts';
import { isoOf, type Span } from '../core/time.ts';

export interface Moment {
  readonly rule: string;
  readonly unit: string;
  readonly text: string;
  readonly from: string;
  readonly raisedAt: string;
  /** null: still so at the end of the trial */
  readonly to: string | null;
  readonly durationMs: number;
  readonly members: readonly string[];
  readonly occurrences: number;
  readonly flapping: boolean;
  /** nobody would have been told: quiet hours, or over before a minute had gone by */
  readonly untold: boolean;
  readonly escalated: number;
  /** why it never was; null: it was */
  readonly withdrawn: string | null;
}

export interface RuleTrial {
  readonly rule: string;
  readonly severity: AlertSeverity;
  readonly fired: number;
  readonly longestMs: number;
  readonly totalMs: number;
  readonly flapped: number;
  /** episodes that another trouble explains: no alert of their own */
  readonly explained: number;
  readonly untold: number;
  readonly escalated: number;
  readonly withdrawn: number;
}

export interface AlertTrial {
  readonly from: string;
  readonly to: string;
  readonly events: number;
  readonly rules: readonly RuleTrial[];
  readonly moments: readonly Moment[];
  /** rules about the engine itself: of that there is no history */
  readonly notTried: readonly string[];
}

export function trialOf(
  plant: Plant,
  said: readonly Alert[],
  state: AlertState,
  span: Span,
  events: number,
): AlertTrial {
  const newest = new Map<string, Alert>();
  const heard = new Set<string>();
  for (const alert of said) {
    newest.set(alert.id, alert);
    if (alert.tell !== 'none') heard.add(alert.id);
  }
  const alerts = [...newest.values()]
    .filter(({ raisedAt, resolvedAt }) => raisedAt < span.to && (resolvedAt ?? span.to) >= span.from)
    .sort((a, b) => a.raisedAt - b.raisedAt || (a.id < b.id ? -1 : 1));
  const moments = alerts.map(alert => momentOf(alert, heard.has(alert.id), span.to));
  const tried = plant.alerts.filter(({ units }) => units.length > 0);
  return {
    from: isoOf(span.from),
    to: isoOf(span.to),
    events,
    rules: tried.map(rule => ruleTrial(rule, moments, explainedOf(rule, alerts, state, span))),
    moments,
    notTried: plant.alerts.filter(({ units }) => units.length === 0).map(({ id }) => id),
  };
}

function momentOf(alert: Alert, wasHeard: boolean, end: number): Moment {
  const { rule, unit, text, since, raisedAt, resolvedAt, members, occurrences, flapping, escalated, status } = alert;
  const to = status === 'active' ? null : (resolvedAt ?? since);
  return {
    rule,
    unit,
    text,
    from: isoOf(since),
    raisedAt: isoOf(raisedAt),
    to: to === null ? null : isoOf(to),
    durationMs: (to ?? end) - since,
    members: members.map(member => member.unit),
    occurrences,
    flapping,
    untold: !wasHeard && status !== 'withdrawn',
    escalated,
    withdrawn: status === 'withdrawn' ? (alert.why ?? '') : null,
  };
}

function ruleTrial({ id, severity }: AlertRule, all: readonly Moment[], explained: number): RuleTrial {
  const moments = all.filter(({ rule }) => rule === id);
  const fired = moments.filter(({ withdrawn }) => withdrawn === null);
  const lengths = fired.map(({ durationMs }) => durationMs);
  return {
    rule: id,
    severity,
    fired: fired.length,
    longestMs: Math.max(0, ...lengths),
    totalMs: lengths.reduce((sum, length) => sum + length, 0),
    flapped: fired.filter(({ flapping }) => flapping).length,
    explained,
    untold: fired.filter(({ untold }) => untold).length,
    escalated: fired.filter(({ escalated }) => escalated > 0).length,
    withdrawn: moments.length - fired.length,
  };
}

/** Troubles that are under no alert: a machine that stands explains the bad figures of its line. */
function explainedOf({ id }: AlertRule, alerts: readonly Alert[], state: AlertState, span: Span): number {
  const mine = alerts.filter(({ rule, status }) => rule === id && status !== 'withdrawn');
  const episodes = [...state.places.values()].flatMap(place => place.episodes.get(id) ?? []);
  const isTold = (unit: string, from: number): boolean =>
    mine.some(
      ({ members, since, resolvedAt }) =>
        members.some(member => member.unit === unit) && since <= from && from <= (resolvedAt ?? span.to),
    );
  return episodes.filter(({ unit, from }) => from >= span.from && from < span.to && !isTold(unit, from)).length;
}

/** Moments that the text shows of one trial; `--json` has them all. */
const SHOWN_MAX = 100;
/** Members that a moment names. */
const NAMED_MAX = 3;

/** @param zone by whose clocks moments are shown */
export function trialText(trial: AlertTrial, zone: string): string {
  const local = clockOf(zone);
  const { rules, moments, events, notTried } = trial;
  const head = [
    'rule',
    'severity',
    'fired',
    'longest',
    'in all',
    'flapped',
    'explained',
    'untold',
    'escalated',
    'withdrawn',
  ];
  const rows = rules.map(rule => [
    rule.rule,
    rule.severity,
    `${rule.fired}`,
    rule.fired === 0 ? '–' : lengthText(rule.longestMs),
    rule.fired === 0 ? '–' : lengthText(rule.totalMs),
    ...[rule.flapped, rule.explained, rule.untold, rule.escalated, rule.withdrawn].map(n => (n === 0 ? '–' : `${n}`)),
  ]);
  const fired = moments.filter(({ withdrawn }) => withdrawn === null).length;
  const hours = (Date.parse(trial.to) - Date.parse(trial.from)) / 3_600_000;
  return [
    `${local(trial.from)} to ${local(trial.to)} ${zone}: ${Number(hours.toFixed(1))} h, ${events} events, ${fired} alerts`,
    '',
    ...columns([head, ...rows], 2),
    ...(notTried.length === 0
      ? []
      : ['', `not tried, since of the engine itself there is no history: ${notTried.join(', ')}`]),
    ...(moments.length === 0
      ? []
      : [
          '',
          ...columns(
            moments.slice(0, SHOWN_MAX).map(each => momentRow(each, local)),
            -1,
          ),
        ]),
    ...(moments.length > SHOWN_MAX ? [`… and ${moments.length - SHOWN_MAX} more: --json has them all`] : []),
    '',
  ].join('\n');
}

function momentRow(moment: Moment, local: (iso: string) => string): string[] {
  const { members, unit, occurrences, flapping, untold, escalated, withdrawn, to } = moment;
  const others = members.length - NAMED_MAX;
  const named = `${members.slice(0, NAMED_MAX).join(', ')}${others > 0 ? ` +${others}` : ''}`;
  const notes = [
    flapping ? `flapping, ${occurrences} times` : occurrences > 1 ? `${occurrences} times` : '',
    untold ? 'nobody told' : '',
    escalated > 0 ? `escalated ${escalated}` : '',
    to === null ? 'still so' : '',
    withdrawn === null ? '' : `withdrawn: ${withdrawn}`,
  ].filter(note => note !== '');
  const where = members.length === 1 && members[0] === unit ? unit : `${unit}: ${named}`;
  return ['', local(moment.from), lengthText(moment.durationMs), moment.rule, where, notes.join('; ')];
}

function lengthText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toFixed(1))} h`;
}

function clockOf(zone: string): (iso: string) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
  return iso => format.format(Date.parse(iso));
}

/** As wide as the widest cell; numbers, from the column `right` on, to the right. */
function columns(rows: readonly (readonly string[])[], right: number): string[] {
  const widths = rows.reduce<number[]>((wide, row) => row.map((cell, i) => Math.max(wide[i] ?? 0, cell.length)), []);
  const placed = (cell: string, i: number): string =>
    right >= 0 && i >= right ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0);
  return rows.map(row => row.map(placed).join('  ').trimEnd());
}
