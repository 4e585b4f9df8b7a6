// Query routes: the HTTP questions that only read: results, plant, timeline, losses.
// In: query strings. Out: the JSON that the outside holds on to.
// Touches nothing: reads the state through the read model.

import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { explain } from '../core/explanation.ts';
import { waterfallOf } from '../core/losses.ts';
import type { Plant } from '../core/plant-model.ts';
import { type Rejection, rejection } from '../core/rejection.ts';
import type { WindowKind } from '../core/result.ts';
import { intervalToWire, resultToWire } from '../core/result-to-wire.ts';
import { HOUR_MS, isoOf, parseInstant } from '../core/time.ts';
import { plantToWire } from './plant-to-wire.ts';
import { querySchemas } from './query-schemas.ts';
import { findUnit, type ReadModel, type StateView, type TumblingKind, type Unit } from './read-model.ts';
import { windowsToJson } from './windows-to-json.ts';

/** Longest answer: so many windows, so many days of timeline or in one sum; a longer question is refused with its bound. */
const WINDOWS_MAX = 50_000;
const WINDOW_MS: Readonly<Record<TumblingKind, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  shift: 3_600_000,
  day: 80_000_000,
  order: 60_000,
};
const TIMELINE_MAX_MS = 62 * 86_400_000;
/** Two days: the longest shift, and the one before it. */
const EXPLAIN_MAX_MS = 48 * HOUR_MS;
const SPAN_MAX_MS = 732 * 86_400_000;

export interface QueryRoutesOptions {
  readonly model: ReadModel;
  readonly view: StateView;
  readonly now: () => number;
}

type Question = Readonly<Record<string, string | undefined>>;
interface Answer {
  readonly status: number;
  /** JSON as an object, or as a stream of its text */
  readonly body: object | Readable;
}
const refusal = (status: number, why: Rejection): Answer => ({ status, body: why });

export async function queryRoutes(app: FastifyInstance, options: QueryRoutesOptions): Promise<void> {
  const { view, model, now } = options;
  const ask = (reply: FastifyReply, work: (plant: Plant) => Answer): FastifyReply => {
    const plant = view.plant();
    const { status, body } = plant === null ? refusal(503, NO_PLANT) : work(plant);
    if (body instanceof Readable) reply.type('application/json; charset=utf-8');
    return reply.code(status).send(body);
  };
  const withUnit = (plant: Plant, id: string | undefined, work: (unit: Unit) => Answer): Answer => {
    const unit = id === undefined ? null : findUnit(plant, id);
    if (unit === null) return refusal(404, unknownUnit(id));
    // while its state is loaded, or lost with the journal, nothing is known of it: that is no figure
    const needed = unit.level === 'machine' ? unit.lines : [unit.id, ...unit.lines];
    return needed.every(each => view.partitionOf(each) !== null) ? work(unit) : refusal(503, NO_PLANT);
  };

  app.get<{ Querystring: Question }>('/v1/oee', { schema: querySchemas.oee }, (request, reply) =>
    ask(reply, plant => withUnit(plant, request.query.unit, unit => oeeOf(model, plant, unit, request.query, now()))),
  );
  app.get('/v1/plant', { schema: querySchemas.plant }, (_request, reply) =>
    ask(reply, plant => ({ status: 200, body: plantToWire(plant, model, now()) })),
  );
  app.get<{ Querystring: Question; Params: { unit: string } }>(
    '/v1/units/:unit/timeline',
    { schema: querySchemas.timeline },
    (request, reply) =>
      ask(reply, plant => withUnit(plant, request.params.unit, unit => timelineOf(model, unit, request.query, now()))),
  );
  app.get<{ Querystring: Question; Params: { unit: string } }>(
    '/v1/units/:unit/losses',
    { schema: querySchemas.losses },
    (request, reply) =>
      ask(reply, plant =>
        withUnit(plant, request.params.unit, unit => {
          const span = sumSpanOf(request.query);
          if ('code' in span) return refusal(400, span);
          const { tally } = model.overSpan(unit, span.from, span.to);
          return {
            status: 200,
            body: { unit: unit.id, from: isoOf(span.from), to: isoOf(span.to), ...waterfallOf(tally) },
          };
        }),
      ),
  );
  app.get<{ Querystring: Question; Params: { unit: string } }>(
    '/v1/units/:unit/explain',
    { schema: querySchemas.explain },
    (request, reply) =>
      ask(reply, plant => withUnit(plant, request.params.unit, unit => explained(model, unit, request.query, now()))),
  );
}

const NO_PLANT = rejection(
  'OEE_QUERY_NO_PLANT',
  'the plant, or the part of it that was asked about, is not loaded',
  'Ask again when /health/ready says ready.',
);
const unknownUnit = (id: string | undefined): Rejection =>
  rejection(
    'OEE_QUERY_UNKNOWN_UNIT',
    id === undefined ? 'unit is missing' : `no unit "${id.slice(0, 80)}" in the plant`,
    'Name a machine, line, area or site of GET /v1/plant.',
  );

function oeeOf(model: ReadModel, plant: Plant, unit: Unit, query: Question, now: number): Answer {
  const kind = query.window;
  if (kind === undefined) {
    const span = sumSpanOf(query);
    return 'code' in span
      ? refusal(400, span)
      : { status: 200, body: { results: [resultToWire(model.overSpan(unit, span.from, span.to))] } };
  }
  const sliding = plant.settings.slidingMinutes.map(minutes => `last${minutes}m`);
  const tumbling = Object.keys(WINDOW_MS);
  if (![...tumbling, ...sliding].includes(kind)) {
    return refusal(
      400,
      rejection(
        'OEE_QUERY_WINDOW',
        `window is "${kind.slice(0, 40)}"`,
        `Use one of ${[...tumbling, ...sliding].join(', ')}.`,
      ),
    );
  }
  if (kind === 'order' && unit.level !== 'machine') return refusal(400, NO_ORDERS);
  if (sliding.includes(kind) || (query.from === undefined && query.to === undefined)) {
    return { status: 200, body: { results: model.current(unit, kind as WindowKind).map(resultToWire) } };
  }
  // no window begins after now, but for those of clocks that are a little ahead
  const span = spanOf(query, now + HOUR_MS);
  if ('code' in span) return refusal(400, span);
  const longest = WINDOWS_MAX * WINDOW_MS[kind as TumblingKind];
  if (span.to - span.from > longest) return refusal(400, tooLong(longest));
  return {
    status: 200,
    body: windowsToJson(model.windows(unit, kind as TumblingKind, span.from, span.to)),
  };
}

const NO_ORDERS = rejection(
  'OEE_QUERY_WINDOW',
  'orders run on machines',
  'Ask for the order windows of a machine, or for another window of this unit.',
);

function timelineOf(model: ReadModel, unit: Unit, query: Question, now: number): Answer {
  const span = spanOf(query, now);
  if ('code' in span) return refusal(400, span);
  if (span.to - span.from > TIMELINE_MAX_MS) return refusal(400, tooLong(TIMELINE_MAX_MS));
  const machines = model.machinesOf(unit);
  const intervals = machines.flatMap(machine => model.timeline(machine, span.from, span.to));
  return {
    status: 200,
    body: { unit: unit.id, from: isoOf(span.from), to: isoOf(span.to), intervals: intervals.map(intervalToWire) },
  };
}

function explained(model: ReadModel, unit: Unit, query: Question, now: number): Answer {
  const span = spanOf(query, now);
  if ('code' in span) return refusal(400, span);
  if (span.to - span.from > EXPLAIN_MAX_MS) return refusal(400, tooLong(EXPLAIN_MAX_MS));
  const machines = model.machinesOf(unit).map(machine => explain(machine, span.from, span.to));
  return { status: 200, body: { unit: unit.id, from: isoOf(span.from), to: isoOf(span.to), machines } };
}

const tooLong = (maxMs: number): Rejection =>
  rejection(
    'OEE_QUERY_TOO_LONG',
    'the span is too long for one answer',
    `Ask for at most ${Math.floor(maxMs / 3_600_000)} hours at once.`,
  );

/** A span whose time is added up: its calendar is laid out whole while nothing else is answered. */
function sumSpanOf(query: Question): ReturnType<typeof spanOf> {
  const span = spanOf(query, null);
  return 'from' in span && span.to - span.from > SPAN_MAX_MS ? tooLong(SPAN_MAX_MS) : span;
}

function spanOf(
  query: Question,
  toFallback: number | null,
): { readonly from: number; readonly to: number } | Rejection {
  const read = (name: 'from' | 'to', fallback: number | null): number | Rejection => {
    const text = query[name];
    if (text === undefined) return fallback ?? missing(name);
    return parseInstant(/^\d+$/.test(text) ? Number(text) : text.replace(' ', '+')) ?? missing(name, text);
  };
  const from = read('from', null);
  const to = read('to', toFallback);
  if (typeof from !== 'number') return from;
  if (typeof to !== 'number') return to;
  if (from < to) return { from, to };
  return rejection('OEE_QUERY_SPAN', 'from is not before to', 'Ask for a span with from < to.');
}

const missing = (name: string, text?: string): Rejection =>
  rejection(
    'OEE_QUERY_TIME',
    text === undefined ? `${name} is missing` : `${name} is "${text.slice(0, 40)}"`,
    `Give ${name} as ISO 8601 with an offset (2026-11-22T06:00:00Z) or epoch milliseconds.`,
  );
