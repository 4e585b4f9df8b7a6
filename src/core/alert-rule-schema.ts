// Alert rule schema: what a rule of alerts looks for, as JSON Schema, for the published documents.
// In: the types of rules, whose every field must be named here. Out: a schema.
// Pure.

import type { AlertCondition } from './alert-rule.ts';
import type { WireAlertRule } from './wire-plant.ts';
import { type FieldsOf, oneOf, type Schema, shape, text, told, whole } from './wire-schemas.ts';

type Kind = AlertCondition['kind'];
type Of<K extends Kind> = Extract<AlertCondition, { readonly kind: K }>;

const number: Schema = { type: 'number' };
const ms = told(whole, 'milliseconds');
const window: Schema = { type: 'string', pattern: '^(hour|shift|day|last[0-9]+m)$' };
const figure = {
  window: told(window, 'the part of time so far that is judged, or the last minutes'),
  limit: told(number, 'beyond it the condition holds; ratios 0..1, rates per hour'),
  clear: told(number, 'where it no longer holds'),
};

/** One shape for each kind: one that is missing here does not compile. */
const CONDITIONS: { readonly [K in Kind]: FieldsOf<Of<K>> } = {
  ratioBelow: {
    kind: oneOf('ratioBelow'),
    ratio: oneOf('oee', 'availability', 'performance', 'quality'),
    ...figure,
  },
  performanceAbove: { kind: oneOf('performanceAbove'), ...figure },
  scrapRateAbove: { kind: oneOf('scrapRateAbove'), ...figure },
  microStopsAbove: { kind: oneOf('microStopsAbove'), ...figure },
  piecesBelow: { kind: oneOf('piecesBelow'), ...figure },
  stopLonger: { kind: oneOf('stopLonger'), longerMs: ms },
  silentLonger: { kind: oneOf('silentLonger'), longerMs: ms },
  quarantined: { kind: oneOf('quarantined') },
  engineLag: { kind: oneOf('engineLag'), longerMs: ms },
  neighbourAway: { kind: oneOf('neighbourAway'), longerMs: ms },
  deadLetters: { kind: oneOf('deadLetters'), more: told(whole, 'more than so many wait') },
};

export const ALERT_RULE_SCHEMA: Schema = shape<WireAlertRule>(
  {
    id: told(text, '`rule` of its alerts'),
    text: told(text, 'as the plant file says it'),
    severity: oneOf('info', 'warning', 'critical'),
    condition: { oneOf: Object.values<Readonly<Record<string, Schema>>>(CONDITIONS).map(fields => shape(fields)) },
    forMs: told(whole, 'how long the condition must hold'),
  },
  'What a rule of alerts looks for',
);
