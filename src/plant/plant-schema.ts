// Plant schema: the plant file as JSON Schema, for the check and for editors that complete and explain while one types.
// In: the small shapes. Out: the schema as a constant, and as JSON text to save beside a plant file.
// Pure. Defaults are said here, in one place, and read from here.

import { alertShapes } from './alert-schema.ts';
import { closed, listOf, mapOf, ref, shapes } from './plant-schema-parts.ts';
import { receiverShapes } from './receiver-schema.ts';

const described = (shape: unknown, description: string) => ({ allOf: [shape], description });

/** Keys that a unit hands down to the machines below it; the nearest wins. */
const scope = {
  calendar: described(ref('id'), 'a calendar of this file'),
  vocabulary: {
    type: ['string', 'array'],
    items: ref('id'),
    minItems: 1,
    default: 'canonical',
    description:
      'what the machine’s words mean: canonical, packml, mtconnect, e10 or one of this file; of a list the last wins',
    errorMessage: 'Name a vocabulary, or several in a list.',
  },
  reasons: described(mapOf(ref('reason'), 'word'), 'reason codes; with a claim the code decides the category of time'),
  microStop: {
    ...ref('duration'),
    default: '2min',
    description: 'an own stop shorter than this is a micro-stop, longer a breakdown',
  },
  silence: {
    ...ref('silence'),
    default: '5min',
    description: 'no message for longer is unknown time; off: the source itself says when it is unavailable',
  },
  counters: described(
    closed({ total: ref('counter'), good: ref('counter'), reject: ref('counter'), rework: ref('counter') }),
    'the cumulative counters that the machine sends; left out: events carry increments',
  ),
  maxRate: described(ref('rate'), 'a counter that jumps faster is set aside; left out: jumps are not judged'),
  countEdge: {
    enum: ['starting', 'ending'],
    default: 'starting',
    description: 'which shift has a piece stamped exactly at the edge of two',
  },
  product: described(ref('id'), 'what is made when no order runs'),
  cycles: {
    ...mapOf({
      ...shapes.cycle,
      type: ['string', 'object', 'array'],
      items: ref('cycle'),
      minItems: 1,
    }),
    description: 'ideal cycle per product',
  },
};

const unit = { id: ref('id'), name: ref('name'), target: described(ref('target'), 'the OEE to reach, 0..1'), ...scope };

const calendarBody = {
  shifts: described(mapOf(ref('shift')), 'each shift once, for the patterns to name'),
  weekly: {
    ...mapOf(ref('dayPattern'), 'weekdays'),
    description: 'shifts per day or range of days; a day that is not named has none',
  },
  rotation: {
    ...closed({ anchor: ref('date'), days: listOf(ref('dayPattern'), 1) }, ['anchor', 'days']),
    description: 'instead of a week: days that repeat from the anchor date on',
  },
  holidays: described(listOf(ref('date')), 'dates without work'),
  exceptions: described(mapOf(ref('dayPattern'), 'date'), 'dates with a pattern of their own; they win over holidays'),
};

const definitions = {
  ...shapes,
  ...alertShapes,
  ...receiverShapes,
  calendar: closed(
    {
      zone: ref('zone'),
      dayStart: described(ref('time'), 'when a business day starts; left out: the earliest shift’s start, else 00:00'),
      ...calendarBody,
      revisions: listOf(
        closed({ from: described(ref('date'), 'the local date of the first shift that it is for'), ...calendarBody }, [
          'from',
        ]),
      ),
    },
    ['zone'],
  ),
  vocabulary: closed({ extends: ref('id'), words: mapOf(ref('claim'), 'word') }, ['words']),
  machine: closed({ ...unit, tags: ref('tags') }, ['id']),
  line: closed(
    {
      ...unit,
      tags: ref('tags'),
      kind: { enum: ['serial', 'parallel'], description: 'one after the other in flow order, or side by side' },
      constraint: described(ref('id'), 'serial lines: the machine that gives planned time and ideal cycle'),
      machines: listOf(ref('machine'), 1),
    },
    ['id', 'kind', 'machines'],
  ),
  area: closed({ ...unit, lines: listOf(ref('line'), 1) }, ['id', 'lines']),
  site: closed({ ...unit, zone: ref('zone'), areas: listOf(ref('area'), 1) }, ['id', 'zone', 'areas']),
};

const settings = {
  lateness: {
    ...ref('duration'),
    default: '60s',
    description: 'how long after a window’s end its result stays provisional',
  },
  horizon: {
    ...ref('duration'),
    default: '7d',
    description: 'how far back a late fact or a correction can restate results',
  },
  maxAhead: {
    ...ref('duration'),
    default: '60s',
    description: 'an event stamped further ahead of its arrival is set aside',
  },
  sliding: {
    type: 'array',
    items: { type: 'integer', minimum: 1, maximum: 1440, errorMessage: 'Give whole minutes from 1 to 1440.' },
    maxItems: 8,
    uniqueItems: true,
    default: [5, 60],
    description: 'lengths of the sliding windows in minutes',
    errorMessage: 'Give a list of at most 8 different lengths in minutes, such as [5, 60].',
  },
  refresh: { ...ref('duration'), default: '5s', description: 'how often a quiet machine’s live figures move' },
};

export const plantSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'oee-stream plant file',
  ...closed(
    {
      plant: described(ref('name'), 'the plant’s name'),
      settings: closed(settings),
      defaults: closed(scope),
      products: mapOf(closed({ name: ref('name'), piece: { ...ref('name'), default: 'piece' } })),
      vocabularies: mapOf(ref('vocabulary')),
      calendars: mapOf(ref('calendar')),
      sites: listOf(ref('site'), 1),
      alerts: described(listOf(ref('alertRule')), 'when somebody is told'),
      maintenance: described(listOf(ref('maintenanceWindow')), 'time in which rules count nothing'),
      receivers: described(listOf(ref('receiver')), 'who is told by webhook'),
    },
    ['plant', 'products', 'calendars', 'sites'],
  ),
  definitions,
};

/** What stands for a key that is left out, as one would write it. */
export const DEFAULTS = {
  lateness: settings.lateness.default,
  horizon: settings.horizon.default,
  maxAhead: settings.maxAhead.default,
  sliding: settings.sliding.default,
  refresh: settings.refresh.default,
  vocabulary: scope.vocabulary.default,
  microStop: scope.microStop.default,
  silence: scope.silence.default,
  countEdge: 'starting',
  piece: 'piece',
} as const;

/** The schema for an editor: `# yaml-language-server: $schema=plant.schema.json` on the plant file's first line. */
export function plantSchemaText(): string {
  return `${JSON.stringify(plantSchema, null, 2)}\n`;
}
