// Alert act: what a person says to alerts: seen, not now, speak again.
// In: the body of an `alert-act` entry. Out: an act, or a rejection.
// Pure.

import { isRejection, type Rejection, rejection } from './rejection.ts';

/**
 * ack: somebody takes care of `alert`. mute: nobody is told of `alert`, or of alerts of `rule`, `unit` or both, before `until`.
 * unmute takes it back. It holds from the arrival of the entry on.
 */
export interface AlertAct {
  readonly op: 'ack' | 'mute' | 'unmute';
  readonly alert: string | null;
  readonly rule: string | null;
  readonly unit: string | null;
  readonly by: string;
  readonly why: string | null;
  /** epoch ms; null but for mute */
  readonly until: number | null;
}

const NAME_MAX = 200;
const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= NAME_MAX;
const nameOrNull = (value: unknown): string | null | Rejection =>
  value === undefined || value === null ? null : isName(value) ? value : wrong('a name that is none');

const wrong = (what: string): Rejection =>
  rejection(
    'OEE_PIPELINE_ALERT_ACT',
    what,
    'Say op (ack, mute, unmute), by, and alert, rule or unit; mute also until, in epoch milliseconds.',
  );

/** The act names an alert that this partition does not know, or no longer. */
export const unknownAlert = (alert: string): Rejection =>
  rejection(
    'OEE_PIPELINE_ALERT_UNKNOWN',
    `no alert ${alert.slice(0, NAME_MAX)} is known here`,
    'Ask for the alerts of its unit: late facts may have moved its beginning, and with it its id; then discard this.',
  );

/** @param text JSON; names that are left out are null */
export function parseAct(text: string): AlertAct | Rejection {
  let raw: Record<string, unknown>;
  try {
    raw = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return wrong('not JSON');
  }
  if (typeof raw !== 'object' || raw === null) return wrong('not an object');
  const { op, by, until } = raw;
  if (op !== 'ack' && op !== 'mute' && op !== 'unmute') return wrong('an act that there is not');
  if (!isName(by)) return wrong('nobody says who it was');
  const [alert, rule, unit, why] = [raw.alert, raw.rule, raw.unit, raw.why].map(nameOrNull);
  for (const each of [alert, rule, unit, why]) if (each instanceof Object && isRejection(each)) return each;
  const about = { alert, rule, unit, why } as Pick<AlertAct, 'alert' | 'rule' | 'unit' | 'why'>;
  if (about.alert === null && (op === 'ack' || (about.rule === null && about.unit === null)))
    return wrong('nothing that it is about');
  if (op === 'mute' && !Number.isSafeInteger(until)) return wrong('a mute without an end');
  return { op, by, ...about, until: op === 'mute' ? (until as number) : null };
}
