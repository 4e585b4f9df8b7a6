// Alert office: the alerts of a partition, step by step with its log.
// In: machines whose time reads otherwise, ticks, minute sums, a new plant, acts of people, the engine's health. Out: alerts to say.
// Pure; changes the state of alerts in place.

import type { Alert } from './alert.ts';
import { type AlertAct, parseAct } from './alert-act.ts';
import { compareEpisodes, type Drawn, drawAlerts } from './alert-group.ts';
import { ENGINE_UNIT, type Health, healthTroubles } from './alert-health.ts';
import { noticeRule, noticeTime, type Office, say, toldOf } from './alert-notice.ts';
import { actOn } from './alert-people.ts';
import { alertsOfRule, forgetEpisodes, type Ground, judgePlace, lineReach, rollupReach } from './alert-place.ts';
import { type AlertPlan, alertPlanOf, type PlanOfPlace } from './alert-plan.ts';
import { bestCycle } from './alert-proposal.ts';
import type { AlertRule } from './alert-rule.ts';
import { type Episode, forgetTold, newPlace, type Place, type Told } from './alert-state.ts';
import { enginePhrase } from './engine-phrase.ts';
import type { Line } from './line.ts';
import type { Machine } from './machine.ts';
import type { Partition } from './partition.ts';
import { isRejection, type Rejection } from './rejection.ts';
import { DAY_MS, MINUTE_MS, minuteOf } from './time.ts';

/** A place that nobody judged yet begins where its facts end, so that a new rule or a new program tells no old stories. */
function groundOf(partition: Partition, plan: AlertPlan, unit: string): Ground | null {
  const placed = plan.places.get(unit);
  if (placed === undefined) return null;
  const line = partition.lines.find(({ model }) => model.id === unit) ?? null;
  const rollup = partition.rollups.find(each => each.unit === unit) ?? null;
  const { places } = partition.alerts;
  let place = places.get(unit);
  if (place === undefined) {
    place = newPlace(unit, placed.level);
    place.upTo = line !== null ? lineReach(line) : rollup !== null ? rollupReach(rollup) : 0;
    place.unsaved = true;
    places.set(unit, place);
  }
  return { place, plan, line, rollup };
}

/** Takes in what reads otherwise on the machines of an entry, and judges their lines when it is time. */
export function judgeLines(partition: Partition, touched: Iterable<Machine>, onTick: boolean): Alert[] {
  const plan = alertPlanOf(partition);
  const lines = new Set<Line>();
  for (const machine of touched) {
    const line = partition.lineOf.get(machine.rules.machine.id);
    if (line !== undefined) lines.add(line);
    if (plan !== null && line !== undefined) noteAltered(partition, plan, line, machine);
    machine.alteredFrom = Number.POSITIVE_INFINITY;
    machine.alteredBy = null;
  }
  const out: Alert[] = [];
  if (plan === null) return out;
  for (const line of lines) {
    const placed = plan.places.get(line.model.id);
    const ground = placed === undefined || placed.rules.length === 0 ? null : groundOf(partition, plan, line.model.id);
    if (ground === null || placed === undefined) continue;
    const upTo = lineReach(line);
    // between ticks only a minute that ended is news, so that a flood of late facts is judged once
    if (!onTick && minuteOf(upTo) <= minuteOf(ground.place.upTo)) continue;
    if (ground.place.upTo === 0) ground.place.upTo = beginningOf(line, upTo);
    judge(partition, ground, placed, upTo, out);
  }
  return out;
}

/** A line that was never heard is judged from its first fact on. */
const beginningOf = (line: Line, upTo: number): number =>
  minuteOf(Math.min(upTo, ...line.machines.map(({ beginning }) => beginning)));

function noteAltered(partition: Partition, plan: AlertPlan, line: Line, machine: Machine): void {
  const { alteredFrom, alteredBy } = machine;
  const place = partition.alerts.places.get(line.model.id) ?? groundOf(partition, plan, line.model.id)?.place;
  if (place === undefined || alteredFrom >= place.upTo) return;
  noteUnit(place, machine.rules.machine.id, alteredFrom);
  place.author = alteredBy ?? place.author;
}

function noteUnit(place: Place, unit: string, from: number): void {
  place.altered.set(unit, Math.min(from, place.altered.get(unit) ?? from));
  place.unsaved = true;
}

/** Judges areas and sites after their lines spoke. @param minutes starts of the minutes that were told, by unit */
export function judgeRollups(partition: Partition, minutes: ReadonlyMap<string, number>): Alert[] {
  const out: Alert[] = [];
  const plan = alertPlanOf(partition);
  if (plan === null) return out;
  for (const rollup of partition.rollups) {
    const placed = plan.places.get(rollup.unit);
    const ground = placed === undefined || placed.rules.length === 0 ? null : groundOf(partition, plan, rollup.unit);
    if (ground === null || placed === undefined) continue;
    const upTo = minuteOf(rollupReach(rollup));
    const changed = minutes.get(rollup.unit);
    if (ground.place.upTo === 0) ground.place.upTo = Math.min(upTo, changed ?? upTo);
    if (changed !== undefined && changed < ground.place.upTo) noteUnit(ground.place, rollup.unit, changed);
    if (upTo > ground.place.upTo || ground.place.altered.size > 0) judge(partition, ground, placed, upTo, out);
  }
  return out;
}

function judge(partition: Partition, ground: Ground, placed: PlanOfPlace, upTo: number, out: Alert[]): void {
  const { place } = ground;
  const before = place.upTo;
  const changed = judgePlace(ground, placed, upTo);
  const office = officeOf(partition, ground, out);
  if (changed || place.waits) tellPlace(office, ground, placed);
  noticeTime(office, new Map(placed.rules.map(({ rule }) => [rule.id, rule])));
  place.author = null;
  if (Math.floor(before / DAY_MS) !== Math.floor(place.upTo / DAY_MS)) forget(partition, ground, placed);
}

function officeOf(partition: Partition, { place, plan, line }: Ground, out: Alert[]): Office {
  const propose = (rule: AlertRule, drawn: Drawn): string | null => {
    if (rule.condition.kind !== 'performanceAbove') return null;
    const machine = line?.machines.find(({ rules }) => rules.machine.id === drawn.members[0]?.unit);
    return machine === undefined ? null : bestCycle(machine, drawn.raisedAt);
  };
  return { state: partition.alerts, plan, place, out, propose };
}

function tellPlace(office: Office, ground: Ground, placed: PlanOfPlace): void {
  const { place } = ground;
  const { author } = place;
  place.waits = false;
  for (const each of placed.rules) {
    const { drawn, explained } = alertsOfRule(ground, placed, each);
    noticeRule(office, each.rule, drawn, alert => {
      const cause = explained.get(alert.members[0]?.unit ?? '');
      if (author !== null) return `${author.by}: ${author.why}`;
      return cause === undefined ? enginePhrase('neverWas', {}) : enginePhrase('explained', cause);
    });
    const isQuieting = drawn.some(
      ({ resolvedAt, members }) => resolvedAt === null && members.every(m => m.until !== null),
    );
    place.waits ||= isQuieting || explained.size > 0;
  }
}

/** Lets go what lies behind the horizon: alerts that are over, and their episodes. */
function forget(partition: Partition, { place }: Ground, placed: PlanOfPlace): void {
  const before = place.upTo - (partition.plant?.settings.horizonMs ?? 0) - DAY_MS;
  for (const { rule } of placed.rules) forgetEpisodes(place, rule, before);
  for (const id of partition.alerts.idsOf.get(place.unit) ?? []) {
    const told = partition.alerts.told.get(id);
    if (told === undefined || told.alert.status === 'active') continue;
    if ((told.alert.resolvedAt ?? told.alert.at) < before) forgetTold(partition.alerts, told);
  }
}

/** A new plant: rules that are gone take their active alerts back, all others are judged by what they say now. */
export function changeRules(partition: Partition): Alert[] {
  const out: Alert[] = [];
  const plan = alertPlanOf(partition);
  if (plan === null) return out;
  const { revision } = plan.plant;
  const author = { by: enginePhrase('plantFile', {}), why: enginePhrase('revision', { revision }) };
  for (const [unit, placed] of plan.places) {
    const ground = groundOf(partition, plan, unit);
    if (ground === null) continue;
    const { place } = ground;
    const rules = new Set(placed.rules.map(({ rule }) => rule.id));
    for (const id of place.episodes.keys()) if (!rules.has(id)) place.episodes.delete(id);
    for (const key of place.heads.keys()) if (!rules.has(key.slice(0, key.indexOf('|')))) place.heads.delete(key);
    if (place.upTo > 0 && placed.level !== 'engine') {
      for (const each of placed.rules.flatMap(({ units }) => units)) noteUnit(place, each, place.upTo - MINUTE_MS);
    }
    place.author = author;
    place.unsaved = true;
    place.waits = true;
    withdrawGone(officeOf(partition, ground, out), rules, revision);
  }
  for (const [unit, place] of partition.alerts.places) {
    if (!plan.places.has(unit))
      withdrawGone(officeOf(partition, { place, plan, line: null, rollup: null }, out), new Set(), revision);
  }
  return out;
}

function withdrawGone(office: Office, rules: ReadonlySet<string>, revision: string): void {
  for (const told of toldOf(office)) {
    const { alert } = told;
    if (alert.status !== 'active' || rules.has(alert.rule)) continue;
    const why = enginePhrase('ruleGone', { rule: alert.rule, revision });
    const over = { news: 'withdrawn', status: 'withdrawn', sequence: alert.sequence + 1, why } as const;
    say(office, null, { ...alert, ...over, at: Math.max(alert.at, office.place.upTo) }, told);
  }
}

/** Works in what a person said. @returns what follows, or why it cannot be done */
export function actOnAlerts(partition: Partition, text: string, at: number): Alert[] | Rejection {
  const plan = alertPlanOf(partition);
  const act: AlertAct | Rejection = parseAct(text);
  if (isRejection(act)) return act;
  const out: Alert[] = [];
  const office = ({ place }: Told): Office | null => {
    const known = partition.alerts.places.get(place);
    return plan === null || known === undefined
      ? null
      : officeOf(partition, { place: known, plan, line: null, rollup: null }, out);
  };
  return actOn(partition.alerts, act, at, office) ?? out;
}

/** Works in how the engine saw itself at an instant: the log's order is the order of time here, and nothing comes late. */
export function judgeHealth(partition: Partition, health: Health, at: number): Alert[] {
  const out: Alert[] = [];
  const plan = alertPlanOf(partition);
  const placed = plan?.places.get(ENGINE_UNIT);
  const ground = plan === null ? null : groundOf(partition, plan, ENGINE_UNIT);
  if (ground === null || placed === undefined || placed.rules.length === 0 || at <= ground.place.upTo) return out;
  const { place } = ground;
  place.upTo = at;
  place.unsaved = true;
  const office = officeOf(partition, ground, out);
  for (const { rule } of placed.rules) {
    const episodes = healthEpisodes(place, rule, health, at);
    place.episodes.set(rule.id, episodes);
    noticeRule(office, rule, drawAlerts(rule, episodes, at), () => enginePhrase('engineNeverWas', {}));
  }
  noticeTime(office, new Map(placed.rules.map(({ rule }) => [rule.id, rule])));
  forget(partition, ground, placed);
  return out;
}

function healthEpisodes(place: Place, rule: AlertRule, health: Health, at: number): Episode[] {
  const troubles = new Map(healthTroubles(rule.condition, health).map(({ name, value }) => [name, value]));
  const episodes = (place.episodes.get(rule.id) ?? []).map(each =>
    each.to === null && !troubles.has(each.unit) ? { ...each, to: at } : each,
  );
  for (const [key] of place.heads) {
    const [ruleId, name = ''] = key.split('|');
    if (ruleId === rule.id && !troubles.has(name)) place.heads.delete(key);
  }
  for (const [unit, value] of troubles) {
    if (episodes.some(each => each.unit === unit && each.to === null)) continue;
    const key = `${rule.id}|${unit}`;
    const since = place.heads.get(key)?.since ?? at;
    place.heads.set(key, { since, heldMs: at - since });
    if (at - since < rule.forMs) continue;
    place.heads.delete(key);
    episodes.push({ unit, from: since, raisedAt: at, to: null, value });
  }
  return episodes.sort(compareEpisodes);
}
