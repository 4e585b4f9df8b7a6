// Report schemas: the report routes as JSON Schema, from which the OpenAPI document is made.
// In: nothing. Out: schemas.
// Pure. Query strings are checked by the routes themselves, whose refusals carry code and remedy.

import { REPORT_TABLES } from './report-csv.ts';

const text = { type: 'string' } as const;
const instant = { type: 'string', description: 'ISO 8601 with offset, or epoch milliseconds' } as const;
const refused = {
  description: 'Refused: code, what was wrong, what to do',
  type: 'object',
  properties: { code: text, message: text, remedy: text },
} as const;
const format = { ...text, description: 'json or csv; without it the Accept header says it' } as const;
const open = { type: 'object', additionalProperties: true } as const;
const list = (of: object, description: string) => ({ type: 'array', items: of, description }) as const;
const answers = (body: object, csv: string) => ({
  200: {
    description: 'as asked',
    content: { 'application/json': { schema: body }, 'text/csv': { schema: { type: 'string', description: csv } } },
  },
  400: refused,
  404: refused,
  503: refused,
});

const report = {
  type: 'object',
  additionalProperties: true,
  properties: {
    unit: text,
    result: { ...open, description: "the shift's window, as GET /v1/oee gives it" },
    waterfall: {
      ...open,
      description: 'from calendar time to good time, in milliseconds and pieces; the losses add up',
    },
    losses: list(open, 'planned time lost, by category and reason, longest first: category, reason, text, ms, stops'),
    unexplained: list(open, 'own stops without a reason, longest first: unit, stopId, from, to, category, state'),
    more: { ...open, description: 'rows that did not fit' },
    confirmations: list(
      open,
      'what was confirmed of the orders of a machine: id, revision, order, tally; restates: what a restatement takes back',
    ),
  },
} as const;

export const reportSchemas = {
  list: {
    summary: 'The shifts of a unit, with their figures',
    description:
      'Shifts that share time with [from, to), oldest first; without from and to those of the last seven days.',
    tags: ['reports'],
    querystring: {
      type: 'object',
      properties: {
        unit: { ...text, description: 'a machine, line, area or site' },
        from: instant,
        to: instant,
        format,
      },
    },
    response: answers(
      { type: 'object', properties: { reports: list(open, 'results, each with the address of its report') } },
      'one row a shift',
    ),
  },
  one: {
    summary: "One shift's report",
    description: 'As it stands now: provisional until the watermark has passed its end, then final, then restated.',
    tags: ['reports'],
    params: { type: 'object', properties: { unit: text, shift: { ...instant, description: "the shift's start" } } },
    querystring: {
      type: 'object',
      properties: { format, table: { ...text, description: `with format=csv: ${REPORT_TABLES.join(', ')}` } },
    },
    response: answers(report, 'one table: a header row, ISO times, dots, commas'),
  },
};
