// Query schemas: the reading routes as JSON Schema, from which the OpenAPI document is made.
// In: nothing. Out: schemas.
// Pure. Query strings are checked by the routes themselves, whose refusals carry code and remedy.

const text = { type: 'string' } as const;
const instant = { type: 'string', description: 'ISO 8601 with offset, or epoch milliseconds' } as const;
const refused = {
  description: 'Refused: code, what was wrong, what to do',
  type: 'object',
  properties: { code: text, message: text, remedy: text },
} as const;
const open = (description: string) => ({ description, type: 'object', additionalProperties: true }) as const;
const span = { from: instant, to: instant };
const unitParam = { type: 'object', properties: { unit: text } } as const;
const responses = (description: string) => ({ 200: open(description), 400: refused, 404: refused, 503: refused });

export const querySchemas = {
  oee: {
    summary: 'Results of a unit',
    description:
      'With `window`: every window of that kind that shares time with [from, to); without from and to the current one. Without `window`: one result for exactly [from, to).',
    tags: ['results'],
    querystring: {
      type: 'object',
      properties: {
        unit: { ...text, description: 'a machine, line, area or site' },
        window: { ...text, description: 'minute, hour, shift, day, order, or a sliding one (last5m, last60m)' },
        ...span,
      },
    },
    response: responses('{ results: [...] }: tally, ratios, coverage and band, revision, oldest first'),
  },
  plant: {
    summary: 'The plant: units, products, shifts now, and what rules of alerts look for',
    tags: ['plant'],
    response: responses('sites, areas, lines and machines with their live state'),
  },
  timeline: {
    summary: 'What a unit did: intervals with category, state, reason, source and stop id',
    tags: ['results'],
    params: unitParam,
    querystring: { type: 'object', properties: span },
    response: responses('{ unit, from, to, intervals: [...] }'),
  },
  losses: {
    summary: 'Where the time of [from, to) went, from calendar time to good time',
    tags: ['results'],
    params: unitParam,
    querystring: { type: 'object', properties: span },
    response: responses('waterfall in milliseconds and pieces'),
  },
  explain: {
    summary: 'What made the figures of [from, to)',
    description:
      'Of each machine of the unit: intervals with their source, the calendar as it holds, pieces by product and ideal cycle, and what people changed, with the figures as they would be without each change and without all of them.',
    tags: ['results'],
    params: unitParam,
    querystring: { type: 'object', properties: span },
    response: responses('{ unit, from, to, machines: [{ figures, asTold, intervals, plan, pieces, changes }] }'),
  },
};
