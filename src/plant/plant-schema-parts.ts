// Plant schema parts: the small shapes that the plant file is made of, as JSON Schema definitions.
// In: the patterns of measures. Out: definitions; `errorMessage` is the remedy, for our faults and for editors alike.
// Pure.

import { CLAIMS } from '../core/vocabulary.ts';
import { DATE_PATTERN, DURATION_PATTERN, RATE_PATTERN, TIME_PATTERN } from './measure.ts';

export const ref = (name: string) => ({ $ref: `#/definitions/${name}` });
/** A closed object: a key that is not listed is a mistake of the pen. */
export const closed = (properties: Record<string, unknown>, required: readonly string[] = []) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
/** A map whose keys are names of the plant's own. */
export const mapOf = (values: unknown, keys = 'id') => ({
  type: 'object',
  propertyNames: ref(keys),
  additionalProperties: values,
});
export const listOf = (items: unknown, minItems = 0) => ({ type: 'array', items, minItems });

// Names that every JavaScript object already has, and the dots of paths, would be mistaken for something else.
const RESERVED = '(?!(?:[.]{1,2}|__proto__|constructor|prototype|toString|valueOf|hasOwnProperty)$)';
const WEEKDAY = '(mon|tue|wed|thu|fri|sat|sun)';

const text = (errorMessage: string, pattern: string) => ({ type: 'string', pattern, errorMessage });

export const shapes = {
  id: text(
    'Use 1 to 64 letters, digits, dots, dashes or underscores (a number in quotes).',
    `^${RESERVED}[A-Za-z0-9._-]{1,64}$`,
  ),
  word: { type: 'string', minLength: 1, maxLength: 128, errorMessage: 'Use a text of 1 to 128 characters.' },
  name: { type: 'string', minLength: 1, maxLength: 128, errorMessage: 'Use a text of 1 to 128 characters.' },
  duration: text('Write a number and ms, s, min, h or d, such as 90s, 5min or 7d.', DURATION_PATTERN),
  silence: text(
    'Write a duration such as 90s or 5min, or off when the source itself says that it is unavailable.',
    `^off$|${DURATION_PATTERN}`,
  ),
  rate: text('Write pieces per time, such as 5/s, 300/min or 40/h.', RATE_PATTERN),
  time: text('Write the time as HH:MM, from 00:00 to 23:59.', TIME_PATTERN),
  date: text('Write the date as YYYY-MM-DD.', DATE_PATTERN),
  zone: text('Name an IANA time zone, such as Europe/Oslo.', '^[A-Za-z][A-Za-z0-9_+/-]{0,63}$'),
  weekdays: text(
    'Name days as mon, tue, wed, thu, fri, sat or sun, or a range such as mon-fri.',
    `^${WEEKDAY}(-${WEEKDAY})?$`,
  ),
  target: { type: 'number', minimum: 0, maximum: 1, errorMessage: 'Give a ratio from 0 to 1, such as 0.8 for 80 %.' },
  claim: { enum: CLAIMS, description: 'the category of time that it stands for' },

  break: closed({ name: ref('name'), start: ref('time'), end: ref('time') }, ['name', 'start', 'end']),
  shift: {
    ...closed({ start: ref('time'), end: ref('time'), crew: ref('name'), breaks: listOf(ref('break')) }, [
      'start',
      'end',
    ]),
    description: 'an end at or before the start lies on the next day',
  },
  dayPattern: {
    ...listOf({
      ...closed({ shift: ref('id'), crew: ref('name') }, ['shift']),
      type: ['string', 'object'],
      errorMessage: 'Name a shift, or give { shift: …, crew: … }.',
    }),
    description: 'the shifts that start on that day; [] for none',
    errorMessage: 'Give a list of shift names, such as [early, late].',
  },

  reason: {
    ...closed({ text: ref('name'), claim: ref('claim') }, ['text']),
    type: ['string', 'object'],
    minLength: 1,
    maxLength: 128,
    errorMessage: 'Give a text, or { text: …, claim: … }.',
  },
  counter: closed({
    modulus: {
      type: 'integer',
      minimum: 2,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'the value at which the counter falls back to 0; left out: it does not roll over',
      errorMessage: 'Give the whole number at which the counter falls back to 0, such as 65536 for 16 bits.',
    },
    startsWithOrder: {
      type: 'boolean',
      default: false,
      description: 'an order’s start sets it to 0, so that the first reading of the order counts whole',
      errorMessage: 'Say true or false.',
    },
  }),
  cycle: {
    ...closed({
      idealCycle: ref('duration'),
      rate: ref('rate'),
      from: {
        type: 'string',
        minLength: 1,
        errorMessage: 'Write a date (YYYY-MM-DD: the start of that business day) or an ISO instant with an offset.',
      },
    }),
    type: ['string', 'object'],
    pattern: `${DURATION_PATTERN}|${RATE_PATTERN}`,
    description: 'time per piece or pieces per time; with `from` it holds from then on, without it always',
    errorMessage: 'Write a duration (200ms), a rate (300/min), or { idealCycle or rate: …, from: … }.',
  },
};
