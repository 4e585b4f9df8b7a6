// Alert schema: rules, maintenance windows and tags of the plant file as JSON Schema.
// In: the small shapes. Out: definitions and the defaults of what a rule leaves out.
// Pure.

import { CLOCK_SPAN_PATTERN, DURATION_TEXT, RATE_TEXT, RATIO_TEXT } from './measure.ts';
import { closed, listOf, ref } from './plant-schema-parts.ts';

/** What stands for a key that a rule leaves out. */
export const RULE_DEFAULTS = {
  for: '0s',
  severity: 'warning',
  together: '60s',
  flap: '10min',
} as const;

const phrase = (words: string, measure: string, errorMessage: string) => ({
  type: 'string',
  pattern: `^(${words}) ${measure}$`,
  errorMessage,
});

const below = phrase('below', RATIO_TEXT, 'Write below and a ratio, such as below 60% or below 0.6.');
const longer = phrase(
  'longer than',
  DURATION_TEXT,
  'Write longer than and a duration with its unit, such as longer than 10min.',
);

/** What is looked at: exactly one of these, the figures with the window that they are taken over. */
const when = closed({
  oee: below,
  availability: below,
  performance: phrase(
    'below|above',
    RATIO_TEXT,
    'Write below 80% (the machine is slow), or above 105% (its ideal cycle is wrong).',
  ),
  quality: below,
  scrap: phrase('above', RATIO_TEXT, 'Write above and a ratio of the pieces, such as above 5% or above 0.05.'),
  microStops: phrase('above', RATE_TEXT, 'Write above and micro-stops per time, such as above 20/h.'),
  pieces: phrase('below', RATE_TEXT, 'Write below and good pieces per time, such as below 900/h.'),
  stop: longer,
  silence: longer,
  counter: { enum: ['quarantined'], description: 'a counter jumped beyond what the machine can make' },
  lag: longer,
  neighbour: phrase('away longer than', DURATION_TEXT, 'Write away longer than and a duration: away longer than 2min.'),
  deadLetters: phrase('more than', '[0-9]{1,9}', 'Write more than and how many, such as more than 10.'),
  in: {
    type: 'string',
    pattern: '^(hour|shift|day|last[1-9][0-9]{0,3}m)$',
    description: 'the window of a figure: the hour, shift or day so far, or the last minutes',
    errorMessage: 'Use hour, shift, day, or the last minutes such as last60m.',
  },
  clear: {
    type: ['string', 'number'],
    pattern: `^${RATIO_TEXT}$|^${RATE_TEXT}$`,
    description: 'where a figure must be back for the alert to end; left out: a little behind the limit',
    errorMessage: 'Write a ratio (65% or 0.65) or a rate (12/h), as the limit is written.',
  },
});

const chosen = {
  type: ['string', 'array'],
  pattern: '^all$',
  items: ref('id'),
  minItems: 1,
  errorMessage: 'Give a list of ids, or all.',
};

export const alertShapes = {
  tags: {
    ...listOf(ref('id')),
    uniqueItems: true,
    description: 'words by which alert rules choose; the machines of a line have the line’s too',
    errorMessage: 'Give a list of different words, such as [bottleneck, hall-2].',
  },
  alertRule: closed(
    {
      id: ref('id'),
      text: { ...ref('name'), description: 'what a person is told' },
      when: { ...when, description: 'the condition; one of its keys, with in (and clear) where it is a figure' },
      on: {
        ...closed({
          machines: chosen,
          lines: chosen,
          areas: chosen,
          sites: chosen,
          of: { ...listOf(ref('id'), 1), description: 'with all: only what lies below these lines, areas or sites' },
          tags: { ...listOf(ref('id'), 1), description: 'with all: only what has one of these tags' },
        }),
        description:
          'the units that are judged: one level; left out for the engine itself (lag, neighbour, deadLetters)',
      },
      for: {
        ...ref('duration'),
        default: RULE_DEFAULTS.for,
        description: 'how long the condition must hold before anybody is told',
      },
      severity: { enum: ['info', 'warning', 'critical'], default: RULE_DEFAULTS.severity },
      together: {
        ...ref('duration'),
        default: RULE_DEFAULTS.together,
        description: 'machines of one line whose trouble begins within this time are one alert',
      },
      flap: {
        ...ref('duration'),
        default: RULE_DEFAULTS.flap,
        description: 'trouble that comes back within this time is the same alert',
      },
      quiet: {
        ...listOf({
          type: 'string',
          pattern: CLOCK_SPAN_PATTERN,
          errorMessage: 'Write a span of the clock, such as 22:00-06:00.',
        }),
        description: 'when nobody is told, by the clock of the unit’s site, unless it is still so afterwards',
      },
      escalate: {
        ...listOf(
          closed(
            {
              after: { ...ref('duration'), description: 'so long without an acknowledgement' },
              to: { ...listOf(ref('id'), 1), description: 'receivers that hear of it then' },
            },
            ['after', 'to'],
          ),
        ),
        description: 'who hears of it when nobody acknowledges, and when; earliest first',
      },
    },
    ['id', 'text', 'when'],
  ),
  maintenanceWindow: closed(
    {
      units: { ...listOf(ref('id'), 1), description: 'machines, lines, areas or sites, with all below them' },
      from: { type: 'string', description: 'an instant with its offset' },
      to: { type: 'string', description: 'an instant with its offset' },
      why: { ...ref('name'), description: 'what is done there' },
    },
    ['units', 'from', 'to', 'why'],
  ),
};
