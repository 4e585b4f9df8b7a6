// Alert people: what an acknowledgement or a mute does to the alerts that it is about.
// In: an act at its arrival, what was told. Out: alerts that say so; null for an alert that nobody knows.
// Pure; changes what is remembered as told, and the mutes.

import type { Alert } from './alert.ts';
import { type AlertAct, unknownAlert } from './alert-act.ts';
import { type Office, say } from './alert-notice.ts';
import type { AlertState, Mute, Told } from './alert-state.ts';
import type { Rejection } from './rejection.ts';

/** Mutes of rules and units at one time; beyond it the oldest end. */
const MUTES_MAX = 1_000;

/**
 * @param officeOf the office of a told alert's place
 * @returns why it cannot be done; null: it is
 */
export function actOn(
  state: AlertState,
  act: AlertAct,
  at: number,
  officeOf: (told: Told) => Office | null,
): Rejection | null {
  if (act.alert === null) {
    muteAll(state, act, at, officeOf);
    return null;
  }
  const told = state.told.get(act.alert);
  const office = told === undefined ? null : officeOf(told);
  if (told === undefined || office === null) return unknownAlert(act.alert);
  const alert: Alert = {
    ...told.alert,
    sequence: told.alert.sequence + 1,
    at: Math.max(told.alert.at, office.place.upTo),
  };
  if (act.op === 'ack') {
    const acknowledged = { by: act.by, at, why: act.why };
    say(office, null, { ...alert, news: 'acknowledged', acknowledged }, told);
  } else if (act.op === 'mute') tellMuted(office, told, act.until ?? at);
  else say(office, null, { ...alert, news: 'updated', mutedUntil: null }, told);
  return null;
}

/** Says first that it is muted, so that whoever heard of the alert hears this too; from then on nobody is told. */
function tellMuted(office: Office, told: Told, mutedUntil: number): void {
  const { alert } = told;
  const muted: Alert = {
    ...alert,
    sequence: alert.sequence + 1,
    at: Math.max(alert.at, office.place.upTo),
    news: 'muted',
    mutedUntil: null,
  };
  say(office, null, muted, told, mutedUntil);
}

function muteAll(state: AlertState, act: AlertAct, at: number, officeOf: (told: Told) => Office | null): void {
  const { rule, unit, by, why, until } = act;
  const others = state.mutes.filter(mute => mute.until > at && (mute.rule !== rule || mute.unit !== unit));
  const added: Mute[] = act.op === 'mute' && until !== null ? [{ rule, unit, by, why, until }] : [];
  const isMeant = ({ alert, place }: Told): boolean =>
    alert.status === 'active' &&
    (rule === null || alert.rule === rule) &&
    (unit === null || alert.unit === unit || place === unit);
  for (const told of [...state.told.values()].filter(isMeant)) {
    const office = officeOf(told);
    if (office === null) continue;
    if (act.op === 'mute' && until !== null) tellMuted(office, told, until);
    else {
      const { alert } = told;
      const sequence = alert.sequence + 1;
      say(office, null, { ...alert, sequence, news: 'updated', mutedUntil: null }, told);
    }
  }
  state.mutes = [...others, ...added].slice(-MUTES_MAX);
  state.mutesUnsaved = true;
}
