// Alert routes: alerts over HTTP: what is active and what was, and what people say of it, which goes through the log.
// In: HTTP. Out: alerts in the wire's shape; 202 only when the journal has the act.
// Touches the journal, through `append`.

import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AlertAct } from '../core/alert-act.ts';
import { ENGINE_UNIT, healthHome } from '../core/alert-health.ts';
import { alertToWire } from '../core/alert-to-wire.ts';
import type { Partition } from '../core/partition.ts';
import type { Plant } from '../core/plant-model.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';
import { DAY_MS, isoOf, MINUTE_MS, parseInstant } from '../core/time.ts';
import { alertSchemas } from './alert-schemas.ts';
import { type AlertFilter, alertById, findAlerts, judgingUnits, mutedUnits, unitsWithin } from './find-alerts.ts';
import { findUnit } from './read-model.ts';

/** A mute that outlives everybody's memory of it hides what it should not. */
const MUTE_MAX_MS = 31 * DAY_MS;

export interface AlertRoutesOptions {
  plant(): Plant | null;
  /** of every partition that judges alerts; null while one of them is not loaded */
  states(): readonly Partition[] | null;
  partitionOf(unit: string): number;
  /** Resolves when the journal holds it. */
  append(partition: number, body: string): Promise<unknown>;
  readonly now: () => number;
}

interface Said {
  readonly by: string;
  readonly why?: string | null;
  readonly rule?: string;
  readonly unit?: string;
  readonly until?: string | number;
  readonly minutes?: number;
}
type About = { readonly Params: { readonly id: string }; readonly Body: Said };
type Listed = Partial<Record<'unit' | 'from' | 'to', string>> &
  Pick<AlertFilter, 'status' | 'rule' | 'severity'> & { readonly limit: number };

interface Answer {
  readonly status: number;
  readonly body: object;
}
const refusal = (status: number, why: Rejection): Answer => ({ status, body: why });

export async function alertRoutes(app: FastifyInstance, options: AlertRoutesOptions): Promise<void> {
  const { now } = options;
  const ask = async (
    reply: FastifyReply,
    work: (plant: Plant, states: readonly Partition[]) => Answer | Promise<Answer>,
  ): Promise<FastifyReply> => {
    const [plant, states] = [options.plant(), options.states()];
    const answer = plant === null || states === null ? refusal(503, NOT_LOADED) : await work(plant, states);
    return reply.code(answer.status).send(answer.body);
  };
  app.get<{ Querystring: Listed }>('/v1/alerts', { schema: alertSchemas.list }, (request, reply) =>
    ask(reply, (plant, states) => listOf(plant, states, request.query, now())),
  );
  app.get<{ Params: { id: string } }>('/v1/alerts/:id', { schema: alertSchemas.one }, (request, reply) =>
    ask(reply, (_, states) => {
      const found = alertById(states, request.params.id);
      return found === null ? refusal(404, NO_ALERT) : { status: 200, body: alertToWire(found.alert) };
    }),
  );
  for (const op of ['acknowledge', 'mute', 'unmute'] as const) {
    app.post<About>(`/v1/alerts/:id/${op}`, { schema: alertSchemas[op] }, (request, reply) =>
      ask(reply, (_, states) => actOnOne(options, states, op, request.params.id, request.body)),
    );
  }
  for (const op of ['mute', 'unmute'] as const) {
    app.post<{ Body: Said }>(`/v1/alerts/${op}`, { schema: alertSchemas[`${op}All`] }, (request, reply) =>
      ask(reply, plant => actOnMany(options, plant, op, request.body)),
    );
  }
}

const NOT_LOADED = rejection(
  'OEE_QUERY_NO_PLANT',
  'the plant, or a part of its alerts, is not loaded',
  'Ask again when /health/ready says ready.',
);
const NO_ALERT = rejection(
  'OEE_QUERY_NO_ALERT',
  'there is no alert of that id, or not any more',
  'GET /v1/alerts lists those that are remembered.',
);
const OVER = rejection(
  'OEE_QUERY_ALERT_OVER',
  'the alert is over: there is nothing left to take care of',
  'GET /v1/alerts/{id} says how it ended.',
);

function listOf(plant: Plant, states: readonly Partition[], query: Listed, now: number): Answer {
  const { status, rule, severity, unit: id, limit } = query;
  const unit = id === undefined || id === ENGINE_UNIT ? null : findUnit(plant, id);
  if (id !== undefined && id !== ENGINE_UNIT && unit === null) return refusal(404, unknown('unit', id));
  if (rule !== undefined && !plant.alerts.some(each => each.id === rule)) return refusal(404, unknown('rule', rule));
  const from = instantOf('from', query.from, 0);
  const to = instantOf('to', query.to, Number.POSITIVE_INFINITY);
  if (typeof from !== 'number') return refusal(400, from);
  if (typeof to !== 'number') return refusal(400, to);
  if (from >= to) return refusal(400, rejection('OEE_QUERY_SPAN', 'from is not before to', 'Ask with from < to.'));
  const within = id === ENGINE_UNIT ? new Set([ENGINE_UNIT]) : unit === null ? null : unitsWithin(plant, unit);
  const found = findAlerts(states, {
    within,
    from,
    to,
    ...(status === undefined ? {} : { status }),
    ...(rule === undefined ? {} : { rule }),
    ...(severity === undefined ? {} : { severity }),
  });
  const alerts = found.slice(0, limit).map(alertToWire);
  return { status: 200, body: { alerts, more: found.length - alerts.length, mutes: mutesOf(states, now) } };
}

/** Mutes of rules and units, once each: every partition that they concern knows them. */
function mutesOf(states: readonly Partition[], now: number): object[] {
  const mutes = new Map<string, object>();
  for (const { rule, unit, by, why, until } of states.flatMap(state => state.alerts.mutes)) {
    if (until > now) mutes.set(JSON.stringify([rule, unit]), { rule, unit, by, why, until: isoOf(until) });
  }
  return [...mutes.values()];
}

const unknown = (what: 'unit' | 'rule', id: string): Rejection =>
  rejection(
    what === 'unit' ? 'OEE_QUERY_UNKNOWN_UNIT' : 'OEE_QUERY_UNKNOWN_RULE',
    `no ${what} "${id.slice(0, 80)}" in the plant`,
    what === 'unit' ? 'Name a unit of GET /v1/plant, or engine.' : 'Name a rule of the plant file’s alerts.',
  );

function instantOf(name: string, given: string | number | undefined, fallback: number): number | Rejection {
  if (given === undefined) return fallback;
  const text = String(given);
  const instant = parseInstant(/^\d+$/.test(text) ? Number(text) : text.replace(' ', '+'));
  const remedy = `Give ${name} as ISO 8601 with an offset (2026-11-22T06:00:00Z) or epoch milliseconds.`;
  return instant ?? rejection('OEE_QUERY_TIME', `${name} is "${text.slice(0, 40)}"`, remedy);
}

type Deed = 'acknowledge' | 'mute' | 'unmute';

/** When a mute ends; null for what is no mute. */
function untilOf(op: Deed, said: Said, now: number): Pick<AlertAct, 'until'> | Rejection {
  if (op !== 'mute') return { until: null };
  const remedy = 'Give either until (an instant within 31 days) or minutes.';
  if ((said.until === undefined) === (said.minutes === undefined)) {
    return rejection('OEE_QUERY_TIME', 'a mute needs one end', remedy);
  }
  const until = said.minutes === undefined ? instantOf('until', said.until, 0) : now + said.minutes * MINUTE_MS;
  if (typeof until !== 'number') return until;
  if (until > now && until <= now + MUTE_MAX_MS) return { until };
  return rejection('OEE_QUERY_TIME', `the mute would end ${until > now ? 'too late' : 'in the past'}`, remedy);
}

async function actOnOne(
  options: AlertRoutesOptions,
  states: readonly Partition[],
  op: Deed,
  id: string,
  said: Said,
): Promise<Answer> {
  const found = alertById(states, id);
  if (found === null) return refusal(404, NO_ALERT);
  const { alert, partition } = found;
  if (alert.status !== 'active') return refusal(409, OVER);
  const until = untilOf(op, said, options.now());
  if (isRejection(until)) return refusal(400, until);
  // somebody has it in hand already: saying so again changes nothing
  if (op !== 'acknowledge' || alert.acknowledged === null) {
    await options.append(partition, actText(op, said, { alert: id, ...until }));
  }
  return { status: 202, body: { accepted: true, alert: id } };
}

async function actOnMany(options: AlertRoutesOptions, plant: Plant, op: Deed, said: Said): Promise<Answer> {
  const { rule: ruleId = null, unit: unitId = null } = said;
  const rule = plant.alerts.find(each => each.id === ruleId);
  const unit = unitId === null || unitId === ENGINE_UNIT ? null : findUnit(plant, unitId);
  if (ruleId !== null && rule === undefined) return refusal(404, unknown('rule', ruleId));
  if (unitId !== null && unitId !== ENGINE_UNIT && unit === null) return refusal(404, unknown('unit', unitId));
  if (ruleId === null && unitId === null) {
    const remedy = 'Name a rule, a unit, or both; one alert is muted by POST /v1/alerts/{id}/mute.';
    return refusal(400, rejection('OEE_QUERY_UNKNOWN_RULE', 'neither a rule nor a unit is named', remedy));
  }
  const until = untilOf(op, said, options.now());
  if (isRejection(until)) return refusal(400, until);
  const homesOf = (units: readonly string[]): number[] => [
    ...new Set(judgingUnits(plant, units).map(id => options.partitionOf(id === ENGINE_UNIT ? healthHome(plant) : id))),
  ];
  // one after the other: when the journal goes away in between, the same act said again completes it
  for (const target of unit === null ? [unitId] : mutedUnits(plant, unit)) {
    const units = target !== null ? [target] : (rule?.units.length ?? 0) > 0 ? (rule?.units ?? []) : [ENGINE_UNIT];
    for (const partition of homesOf(units)) {
      await options.append(partition, actText(op, said, { rule: ruleId, unit: target, ...until }));
    }
  }
  return { status: 202, body: { accepted: true, rule: ruleId, unit: unitId } };
}

function actText(op: Deed, { by, why = null }: Said, about: Partial<AlertAct>): string {
  const act: AlertAct = {
    op: op === 'acknowledge' ? 'ack' : op,
    alert: null,
    rule: null,
    unit: null,
    until: null,
    ...about,
    by,
    why: why === null || why.trim() === '' ? null : why,
  };
  return JSON.stringify(act);
}
