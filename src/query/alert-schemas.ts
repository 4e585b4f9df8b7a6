// Alert schemas: the routes of alerts as JSON Schema, by which they are checked and from which the OpenAPI document is made.
// In: nothing. Out: schemas.
// Pure.

const text = { type: 'string' } as const;
const name = { type: 'string', minLength: 1, maxLength: 200, pattern: '\\S' } as const;
const why = { type: ['string', 'null'], maxLength: 200, description: 'why; may be left out' } as const;
const by = { ...name, description: 'who says so' } as const;
const instant = { type: ['string', 'integer'], description: 'ISO 8601 with offset, or epoch milliseconds' } as const;
const refused = {
  description: 'Refused: code, what was wrong, what to do',
  type: 'object',
  properties: { code: text, message: text, remedy: text },
} as const;
const open = (description: string) => ({ description, type: 'object', additionalProperties: true }) as const;
const tags = ['alerts'];
const params = { type: 'object', properties: { id: { ...text, maxLength: 500 } } } as const;
const body = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const taken = {
  202: open('the journal has it; the alert says so in a moment'),
  400: refused,
  404: refused,
  409: refused,
  503: refused,
};
const quiet = {
  until: instant,
  minutes: { type: 'integer', minimum: 1, description: 'instead of until: from now on' },
};
const about = {
  rule: { ...name, description: 'alerts of this rule' },
  unit: { ...name, description: 'alerts of this unit' },
};

export const alertSchemas = {
  list: {
    summary: 'Alerts, youngest first, and the mutes that hold',
    description: 'Without from and to everything that is remembered: the horizon and what is active.',
    tags,
    querystring: {
      type: 'object',
      properties: {
        status: { enum: ['active', 'resolved', 'withdrawn'] },
        unit: { ...text, description: 'a unit with everything below it, or engine' },
        rule: text,
        severity: { enum: ['info', 'warning', 'critical'] },
        from: { ...text, description: 'alerts that share time with [from, to)' },
        to: text,
        limit: { type: 'integer', minimum: 1, maximum: 5_000, default: 500 },
      },
    },
    response: { 200: open('{ alerts: [...], more, mutes: [...] }'), 400: refused, 404: refused, 503: refused },
  },
  one: { summary: 'One alert', tags, params, response: { 200: open('the alert'), 404: refused, 503: refused } },
  acknowledge: {
    summary: 'Somebody takes care of it: no further escalation',
    tags,
    params,
    body: body({ by, why }, ['by']),
    response: taken,
  },
  mute: {
    summary: 'Nobody is told of this alert until then',
    tags,
    params,
    body: body({ by, why, ...quiet }, ['by']),
    response: taken,
  },
  unmute: { summary: 'Takes a mute back', tags, params, body: body({ by, why }, ['by']), response: taken },
  muteAll: {
    summary: 'Nobody is told of alerts of a rule, a unit, or both, until then',
    tags,
    body: body({ by, why, ...about, ...quiet }, ['by']),
    response: taken,
  },
  unmuteAll: {
    summary: 'Takes a mute of a rule, a unit, or both back',
    tags,
    body: body({ by, why, ...about }, ['by']),
    response: taken,
  },
};
