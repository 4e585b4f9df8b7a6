// Report routes: shift reports over HTTP, as a list, as JSON, as CSV, and as a page that prints.
// In: unit, shift's start, span, the wish for a form. Out: the figures that were sent, read from the state by the same function.
// Touches nothing: reads the state through the read model.

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Plant } from '../core/plant-model.ts';
import { type Rejection, rejection } from '../core/rejection.ts';
import { resultToWire } from '../core/result-to-wire.ts';
import { confirmationToWire, reportToWire } from '../core/shift-report-to-wire.ts';
import { DAY_MS, isoOf, parseInstant } from '../core/time.ts';
import { findUnit, type ReadModel, type StateView, type Unit } from './read-model.ts';
import { figuresCsv, REPORT_TABLES, type ReportTable, reportCsv } from './report-csv.ts';
import { reportDocument } from './report-page.ts';
import { reportSchemas } from './report-schemas.ts';
import { speechFor } from './report-words.ts';
import { type ReportAnswer, reportAt } from './shift-reports.ts';

export interface ReportRoutesOptions {
  readonly model: ReadModel;
  readonly view: StateView;
  readonly now: () => number;
}

/** Without `from` and `to` the list shows the last week; a list is at most so long. */
const LISTED_MS = 7 * DAY_MS;
const LIST_MAX_MS = 400 * DAY_MS;
/** Sheets of one document: a line with its machines. */
const SHEETS_MAX = 40;

type Question = Readonly<Record<string, string | undefined>>;
type Sheets = Readonly<Record<'unit' | 'shift' | 'lang', string | readonly string[] | undefined>>;
type Params = { readonly unit: string; readonly shift: string };

/** An answer other than what was asked for. */
class Refused extends Error {
  constructor(
    readonly status: number,
    readonly why: Rejection,
  ) {
    super(why.message);
  }
}

/** What the routes ask of the state. */
function questionsOf({ model, view }: ReportRoutesOptions) {
  const plantOf = (): Plant => view.plant() ?? refuse(503, NOT_LOADED);
  const unitOf = (id: string | undefined): Unit => {
    const unit = id === undefined ? null : findUnit(plantOf(), id);
    if (unit === null) return refuse(404, unknownUnit(id));
    const needed = unit.level === 'machine' ? unit.lines : [unit.id, ...unit.lines];
    return needed.every(each => view.partitionOf(each) !== null) ? unit : refuse(503, NOT_LOADED);
  };
  const answerOf = (id: string | undefined, shift: string | undefined): ReportAnswer => {
    const start = instantOf('shift', shift, null);
    return reportAt(model, view, unitOf(id), start) ?? refuse(404, noShift(start));
  };
  return { plantOf, unitOf, answerOf };
}

type Handler = (request: FastifyRequest, reply: FastifyReply) => FastifyReply;

const guarded =
  (work: Handler): Handler =>
  (request, reply) => {
    try {
      return work(request, reply);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return reply.code(error.status).type('application/json; charset=utf-8').send(error.why);
    }
  };

export async function reportRoutes(app: FastifyInstance, options: ReportRoutesOptions): Promise<void> {
  const { model, now } = options;
  const { plantOf, unitOf, answerOf } = questionsOf(options);
  app.get(
    '/v1/reports',
    { schema: reportSchemas.list },
    guarded((request, reply) => {
      const query = request.query as Question;
      const unit = unitOf(query.unit);
      const to = instantOf('to', query.to, now());
      const from = instantOf('from', query.from, to - LISTED_MS);
      if (from >= to || to - from > LIST_MAX_MS) refuse(400, NO_SPAN);
      const results = [...model.windows(unit, 'shift', from, to)];
      if (wantsCsv(request)) return asFile(reply, figuresCsv(results), `${unit.id}-shifts.csv`);
      return reply.send({
        reports: results.map(result => ({ ...resultToWire(result), report: addressOf(unit.id, result.start) })),
      });
    }),
  );
  app.get(
    '/v1/reports/:unit/:shift',
    { schema: reportSchemas.one },
    guarded((request, reply) => {
      const { unit, shift } = request.params as Params;
      const answer = answerOf(unit, shift);
      if (wantsCsv(request)) {
        const table = tableOf((request.query as Question).table);
        return asFile(
          reply,
          reportCsv(answer, table),
          `${unit}-${isoOf(answer.report.result.start).slice(0, 16)}-${table}.csv`,
        );
      }
      const confirmations = answer.confirmations.map(confirmationToWire);
      return reply.send({ ...reportToWire(answer.report), confirmations });
    }),
  );
  app.get(
    '/report',
    { schema: { hide: true } },
    guarded((request, reply) => {
      const { unit = [], shift, lang } = request.query as Sheets;
      const units = typeof unit === 'string' ? [unit] : unit.slice(0, SHEETS_MAX);
      const answers = (units.length === 0 ? [undefined] : units).map(id => answerOf(id, oneOf(shift)));
      const speech = speechFor(oneOf(lang), request.headers['accept-language']);
      return reply
        .type('text/html; charset=utf-8')
        .header('vary', 'accept-language')
        .send(reportDocument(plantOf(), answers, now(), speech));
    }),
  );
}

/** What is said several times is not said. */
const oneOf = (value: string | readonly string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;

const addressOf = (unit: string, start: number): string =>
  `/v1/reports/${encodeURIComponent(unit)}/${encodeURIComponent(isoOf(start))}`;

/** `format` says it; without it what the client accepts. */
function wantsCsv(request: FastifyRequest): boolean {
  const { format } = request.query as Question;
  if (format !== undefined && format !== 'csv' && format !== 'json') refuse(400, NO_FORMAT);
  return format === 'csv' || (format === undefined && /^text\/csv\b/.test(request.headers.accept ?? ''));
}

function asFile(reply: FastifyReply, text: string, name: string): FastifyReply {
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '-');
  return reply
    .type('text/csv; charset=utf-8; header=present')
    .header('content-disposition', `attachment; filename="${safe}"`)
    .send(text);
}

function tableOf(table = 'figures'): ReportTable {
  return REPORT_TABLES.find(each => each === table) ?? refuse(400, NO_TABLE);
}

/** @throws Refused */
function refuse(status: number, why: Rejection): never {
  throw new Refused(status, why);
}

function instantOf(name: string, text: string | undefined, fallback: number | null): number {
  if (text === undefined && fallback !== null) return fallback;
  const instant = text === undefined ? null : parseInstant(/^\d+$/.test(text) ? Number(text) : text.replace(' ', '+'));
  if (instant !== null) return instant;
  return refuse(
    400,
    rejection(
      'OEE_QUERY_TIME',
      text === undefined ? `${name} is missing` : `${name} is "${text.slice(0, 40)}"`,
      `Give ${name} as ISO 8601 with an offset (2026-11-22T06:00:00Z) or epoch milliseconds.`,
    ),
  );
}

const NOT_LOADED = rejection(
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
const noShift = (start: number): Rejection =>
  rejection(
    'OEE_QUERY_NO_SHIFT',
    `nothing is known of a shift of this unit that starts at ${isoOf(start)}`,
    'GET /v1/reports?unit=… lists the shifts of the last seven days, or of from and to.',
  );
const NO_SPAN = rejection(
  'OEE_QUERY_SPAN',
  'from is not before to, or lies more than 400 days before it',
  'Ask for a span with from < to of at most 400 days.',
);
const NO_FORMAT = rejection('OEE_QUERY_FORMAT', 'format is neither json nor csv', 'Ask for format=json or format=csv.');
const NO_TABLE = rejection(
  'OEE_QUERY_FORMAT',
  'there is no such table',
  `Ask for table=${REPORT_TABLES.join(', ')}: each is a file of its own.`,
);
