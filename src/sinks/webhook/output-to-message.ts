// Output to message: what a receiver is told of one output: an id that never changes, and a body that is the same bytes for ever.
// In: outputs. Out: messages after Standard Webhooks, `{type, timestamp, data}`; null for what is no news.
// Pure.

import { createHash } from 'node:crypto';
import type { Alert, AlertNews } from '../../core/alert.ts';
import { alertToWire } from '../../core/alert-to-wire.ts';
import type { Confirmation } from '../../core/confirmation.ts';
import { ratiosOf } from '../../core/oee.ts';
import type { WebhookType } from '../../core/receiver.ts';
import type { Output, ShiftReport } from '../../core/result.ts';
import { tallyToWire } from '../../core/result-to-wire.ts';
import { confirmationToWire, reportToWire } from '../../core/shift-report-to-wire.ts';
import { subtractTallies } from '../../core/tally.ts';
import { isoOf } from '../../core/time.ts';
import type { WebhookMessage } from '../../core/webhook-queue.ts';

/** A person's word changes what stands; whoever wants to know which reads `news`. */
const ALERT_TYPES: Readonly<Record<AlertNews, WebhookType>> = {
  raised: 'alert.raised',
  updated: 'alert.updated',
  escalated: 'alert.escalated',
  resolved: 'alert.resolved',
  withdrawn: 'alert.withdrawn',
  acknowledged: 'alert.updated',
  muted: 'alert.updated',
};
/** Units of one alert that are told; how many more there are is said. */
const MEMBERS_MAX = 100;

/** @returns null for results, intervals and states: they have other ways out */
export function outputToMessage(output: Output): WebhookMessage | null {
  switch (output.type) {
    case 'alert':
      return alertMessage(output);
    case 'report':
      return reportMessage(output);
    case 'confirmation':
      return confirmationMessage(output);
    default:
      return null;
  }
}

/** The same identity gives the same id, on every computer and in every life; ids of the plant may hold what no header may. */
export function webhookId(...identity: readonly (string | number)[]): string {
  return `msg_${createHash('sha256').update(JSON.stringify(identity)).digest('base64url').slice(0, ID_LENGTH)}`;
}
const ID_LENGTH = 32;

interface Told {
  readonly unit: string;
  readonly type: WebhookType;
  /** the instant that it is about, epoch ms: never when it was sent, or the body would differ */
  readonly at: number;
  readonly identity: readonly (string | number)[];
  readonly data: object;
}

export function messageOf({ unit, type, at, identity, data }: Told): WebhookMessage {
  return { id: webhookId(...identity), unit, type, body: JSON.stringify({ type, timestamp: isoOf(at), data }) };
}

function alertMessage(alert: Alert): WebhookMessage {
  const { members, ...wire } = alertToWire(alert);
  const data = {
    ...wire,
    members: members.slice(0, MEMBERS_MAX),
    membersMore: Math.max(0, members.length - MEMBERS_MAX),
  };
  const identity = ['alert', alert.id, alert.sequence];
  return messageOf({ unit: alert.unit, type: ALERT_TYPES[alert.news], at: alert.at, identity, data });
}

function reportMessage(report: ShiftReport): WebhookMessage {
  const { unit, result } = report;
  const { start, end, revision } = result;
  const data = reportToWire(report);
  const type = revision === 0 ? 'report.shift' : 'report.shift.restated';
  return messageOf({ unit, type, at: end, identity: ['report', unit, start, revision], data });
}

function confirmationMessage(told: Confirmation): WebhookMessage {
  const { id, revision, unit, line, shift, tally, before } = told;
  const data = {
    unit,
    line,
    shift: { ...shift, start: isoOf(shift.start), end: isoOf(shift.end) },
    ...confirmationToWire(told),
    ...ratiosOf(tally),
    // to be booked on top of what was booked under this id
    difference: before === null ? null : tallyToWire(subtractTallies(tally, before)),
  };
  const type = revision === 0 ? 'confirmation' : 'confirmation.restated';
  return messageOf({ unit, type, at: shift.end, identity: ['confirmation', id, revision], data });
}
