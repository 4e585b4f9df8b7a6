// Alert notice: the difference between the alerts that follow from the facts and those that were told, said once.
// In: alerts of a place as they follow, what was told of it, mutes. Out: alerts to say, each with who is to hear of it.
// Pure; changes what is remembered as told.

import type { Alert, AlertNews } from './alert.ts';
import type { Drawn } from './alert-group.ts';
import type { AlertPlan } from './alert-plan.ts';
import type { AlertRule } from './alert-rule.ts';
import { type AlertState, keepTold, type Place, type Told } from './alert-state.ts';
import { alertText } from './alert-text.ts';
import { enginePhrase } from './engine-phrase.ts';
import type { Level } from './plant-model.ts';

/** Messages about one alert that anybody hears; after that it is written down and shown, and told no more. */
export const SAID_MAX = 20;

export interface Office {
  readonly state: AlertState;
  readonly plan: AlertPlan;
  readonly place: Place;
  readonly out: Alert[];
  /** what an alert proposes as it is raised; null: nothing to add */
  readonly propose: (rule: AlertRule, drawn: Drawn) => string | null;
}

/** Says what changed of the alerts of one rule. @param whyGone why an alert that was told does not follow any more */
export function noticeRule(
  office: Office,
  rule: AlertRule,
  drawn: readonly Drawn[],
  whyGone: (alert: Alert) => string,
): void {
  const { state, place } = office;
  const now = new Map(drawn.map(each => [each.id, each]));
  const gone = toldOf(office).filter(
    ({ alert }) => alert.rule === rule.id && alert.status !== 'withdrawn' && !now.has(alert.id),
  );
  for (const each of drawn) {
    const told = state.told.get(each.id);
    const news = newsOf(told?.alert, each);
    if (news === null) continue;
    const isNew = told === undefined || told.alert.status === 'withdrawn';
    const moved = isNew ? gone.find(({ alert }) => isAbout(alert, each)) : undefined;
    const alert = alertOf(office, rule, each, news, told?.alert);
    const supersedes = moved?.alert.id ?? alert.supersedes;
    const why = isNew ? office.propose(rule, each) : alert.why;
    say(office, rule, { ...alert, supersedes, why }, told);
  }
  for (const told of gone) {
    const next = drawn.find(
      each => isAbout(told.alert, each) && state.told.get(each.id)?.alert.supersedes === told.alert.id,
    );
    const why = next === undefined ? whyGone(told.alert) : enginePhrase('moved', { alert: next.id });
    const { sequence } = told.alert;
    const over = { status: 'withdrawn', news: 'withdrawn', sequence: sequence + 1, at: place.upTo, why } as const;
    say(office, rule, { ...told.alert, ...over }, told);
  }
}

export const toldOf = ({ state, place }: Office): Told[] =>
  [...(state.idsOf.get(place.unit) ?? [])].flatMap(id => state.told.get(id) ?? []);

/** The same trouble by another beginning. */
const isAbout = (alert: Alert, { members, since, resolvedAt }: Drawn): boolean =>
  members.some(({ unit }) => alert.members.some(each => each.unit === unit)) &&
  since < (alert.resolvedAt ?? Number.POSITIVE_INFINITY) &&
  alert.since < (resolvedAt ?? Number.POSITIVE_INFINITY);

function newsOf(known: Alert | undefined, drawn: Drawn): AlertNews | null {
  const isActive = drawn.resolvedAt === null;
  if (known === undefined || known.status === 'withdrawn') return isActive ? 'raised' : 'resolved';
  if (isActive !== (known.status === 'active')) return isActive ? 'raised' : 'resolved';
  const isSame =
    sameMembers(drawn.members, known.members) &&
    drawn.occurrences === known.occurrences &&
    drawn.flapping === known.flapping &&
    drawn.raisedAt === known.raisedAt &&
    drawn.resolvedAt === known.resolvedAt;
  return isSame ? null : 'updated';
}

/** Late facts may change what a figure was when it was raised, too. */
const sameMembers = (a: Alert['members'], b: Alert['members']): boolean =>
  a.length === b.length &&
  a.every(({ unit, since, until, value }, index) => {
    const other = b[index];
    return unit === other?.unit && since === other.since && until === other.until && value === other.value;
  });

function alertOf({ place }: Office, rule: AlertRule, drawn: Drawn, news: AlertNews, known: Alert | undefined): Alert {
  const { id, members, since, raisedAt, resolvedAt, occurrences, flapping } = drawn;
  const only = members.length === 1 && place.level !== 'engine' ? members[0]?.unit : undefined;
  const unit = only ?? place.unit;
  const level: Level | 'engine' = unit === place.unit ? place.level : 'machine';
  return {
    type: 'alert',
    id,
    sequence: (known?.sequence ?? 0) + 1,
    news,
    status: resolvedAt === null ? 'active' : 'resolved',
    rule: rule.id,
    severity: rule.severity,
    unit,
    level,
    text: alertText(rule, members, drawn),
    members,
    since,
    raisedAt,
    resolvedAt,
    at: place.upTo,
    occurrences,
    flapping,
    acknowledged: known?.acknowledged ?? null,
    mutedUntil: known?.mutedUntil ?? null,
    escalated: known?.escalated ?? 0,
    why: known?.why ?? null,
    supersedes: known?.supersedes ?? null,
    tell: 'none',
  };
}

/** Says one thing about an alert, to whoever is to hear of it now, and remembers what was heard. */
export function say(
  office: Office,
  rule: AlertRule | null,
  alert: Alert,
  known: Told | undefined,
  mutedUntil = alert.mutedUntil,
): void {
  const heard = known ?? { heardAt: null, heardStatus: null, heardMembers: 0, said: 0 };
  const tell = isHushed(office, rule, alert) ? 'none' : whoHears(alert, heard, known?.alert.flapping === true);
  const said: Alert = { ...alert, mutedUntil, tell };
  office.out.push(said);
  const isHeard = tell === 'all';
  keepTold(office.state, {
    alert: said,
    place: office.place.unit,
    heardAt: isHeard ? (heard.heardAt ?? alert.at) : heard.heardAt,
    heardStatus: isHeard ? alert.status : heard.heardStatus,
    heardMembers: isHeard ? alert.members.length : heard.heardMembers,
    said: heard.said + (isHeard ? 1 : 0),
  });
}

type Heard = Pick<Told, 'heardAt' | 'heardStatus' | 'heardMembers' | 'said'>;

/**
 * An alert is heard when it begins, when it ends or was none, and in between only when twice as many units have it, or when it
 * is found to flap. Who never heard of it does not hear that it is over.
 */
function whoHears(alert: Alert, { heardAt, heardStatus, heardMembers, said }: Heard, flapped: boolean): Alert['tell'] {
  switch (alert.news) {
    case 'raised':
      return heardStatus !== 'active' && said < SAID_MAX ? 'all' : 'none';
    case 'updated':
      return heardStatus === 'active' &&
        said < SAID_MAX &&
        (alert.members.length >= 2 * heardMembers || alert.flapping !== flapped)
        ? 'all'
        : 'none';
    case 'resolved':
      return heardStatus === 'active' ? 'all' : 'none';
    case 'withdrawn':
      return heardAt !== null && heardStatus !== 'withdrawn' ? 'all' : 'none';
    case 'escalated':
      return alert.tell;
    default:
      return heardAt === null ? 'none' : 'all';
  }
}

/** Quiet hours, by the clock of the site at the instant up to which the facts reach; mutes of the alert, its rule, its unit. */
function isHushed({ state, plan, place }: Office, rule: AlertRule | null, alert: Alert): boolean {
  if (alert.mutedUntil !== null && alert.mutedUntil > alert.at) return true;
  const isMuted = state.mutes.some(
    mute =>
      mute.until > alert.at &&
      (mute.rule === null || mute.rule === alert.rule) &&
      (mute.unit === null || mute.unit === alert.unit || mute.unit === place.unit),
  );
  return isMuted || (rule !== null && plan.isQuiet(rule, place.unit, alert.at));
}

/** What time alone brings: what nobody was told in quiet hours and is still so; escalation of what nobody acknowledged. */
export function noticeTime(office: Office, rules: ReadonlyMap<string, AlertRule>): void {
  for (const told of toldOf(office)) {
    const rule = rules.get(told.alert.rule) ?? null;
    const alert: Alert = { ...told.alert, sequence: told.alert.sequence + 1, at: office.place.upTo };
    if (isHushed(office, rule, alert)) continue;
    const { status } = alert;
    const isOwed =
      status === 'active' ? told.heardStatus !== 'active' && told.said < SAID_MAX : told.heardStatus === 'active';
    if (isOwed) say(office, rule, { ...alert, news: status === 'active' ? 'raised' : status }, told);
    else escalate(office, rule, alert, told);
  }
}

function escalate(office: Office, rule: AlertRule | null, alert: Alert, told: Told): void {
  const step = rule?.escalation[alert.escalated];
  if (step === undefined || told.heardAt === null || alert.status !== 'active' || alert.acknowledged !== null) return;
  if (alert.at < told.heardAt + step.afterMs) return;
  say(office, rule, { ...alert, news: 'escalated', escalated: alert.escalated + 1, tell: step.to }, told);
}
