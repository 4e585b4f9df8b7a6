// Event spec: the fields of every event type, once, as data: the parser checks by it and the published schema is made of it.
// In: nothing. Out: the table and the JSON Schema of an event.
// Pure.

export const ID_LENGTH_MAX = 128;
export const TEXT_LENGTH_MAX = 512;
/** Largest reading of a counter, largest order: far above any machine, far below where sums lose digits. */
export const PIECES_MAX = 1_000_000_000_000;
/**
 * Largest number of pieces that one event counts: at a second each, thirty years of work, in microseconds still an exact number.
 * What is larger is a counter sent as a count, or 2^32 - 1.
 */
export const COUNTED_MAX = 1_000_000_000;

export type FieldKind =
  | 'id'
  | 'text'
  | 'instant'
  | 'pieces'
  | 'counted'
  | 'signedPieces'
  | 'category'
  | 'phase'
  | 'planned'
  | 'cycleMs';
export interface FieldSpec {
  readonly kind: FieldKind;
  readonly required: boolean;
}

const must = <K extends FieldKind>(kind: K) => ({ kind, required: true }) as const;
const may = <K extends FieldKind>(kind: K) => ({ kind, required: false }) as const;
const person = { by: must('text'), why: must('text') } as const;

/** Fields of each type besides `id`, `type`, `producer`, `seq`. */
export const EVENT_SPECS = {
  state: { machine: must('id'), at: must('instant'), state: must('id'), reason: may('id') },
  count: {
    machine: must('id'),
    at: must('instant'),
    total: may('counted'),
    good: may('counted'),
    reject: may('counted'),
    rework: may('counted'),
    energyWh: may('pieces'),
  },
  counter: {
    machine: must('id'),
    at: must('instant'),
    total: may('pieces'),
    good: may('pieces'),
    reject: may('pieces'),
    rework: may('pieces'),
  },
  order: {
    machine: must('id'),
    at: must('instant'),
    phase: must('phase'),
    order: must('id'),
    product: may('id'),
    quantity: may('pieces'),
    due: may('instant'),
  },
  heartbeat: { machine: must('id'), at: must('instant') },
  reclassify: {
    machine: must('id'),
    at: may('instant'),
    from: must('instant'),
    to: must('instant'),
    category: must('category'),
    reason: may('id'),
    ...person,
  },
  requalify: {
    machine: must('id'),
    at: must('instant'),
    good: may('signedPieces'),
    reject: may('signedPieces'),
    rework: may('signedPieces'),
    ...person,
  },
  shift: {
    machine: must('id'),
    at: may('instant'),
    from: must('instant'),
    to: must('instant'),
    planned: must('planned'),
    name: may('id'),
    ...person,
  },
  cycle: {
    machine: must('id'),
    at: may('instant'),
    product: must('id'),
    from: must('instant'),
    idealCycleMs: must('cycleMs'),
    ...person,
  },
  release: { machine: must('id'), at: may('instant'), releases: must('id'), ...person },
  revoke: { machine: may('id'), at: may('instant'), revokes: must('id'), ...person },
} as const satisfies Record<string, Readonly<Record<string, FieldSpec>>>;

export type EventType = keyof typeof EVENT_SPECS;
export const EVENT_TYPES = Object.keys(EVENT_SPECS) as EventType[];

/** Types of which at least one of these fields must stand. */
export const ONE_OF: Partial<Readonly<Record<EventType, readonly string[]>>> = {
  count: ['total', 'good', 'reject', 'rework', 'energyWh'],
  counter: ['total', 'good', 'reject', 'rework'],
  requalify: ['good', 'reject', 'rework'],
};

/** What an operator can restate a span of time to: every category but the one that means "nobody knows why". */
export const RESTATABLE = [
  'producing',
  'microStop',
  'setup',
  'breakdown',
  'starved',
  'blocked',
  'idle',
  'plannedStop',
  'notScheduled',
  'unknown',
] as const;
export const PLANNED_WORDS = ['scheduled', 'plannedStop', 'notScheduled'] as const;

const instantSchema = {
  description: 'ISO 8601 with offset, or epoch milliseconds',
  anyOf: [
    { type: 'string', maxLength: 40 },
    { type: 'integer', minimum: 0 },
  ],
};
const KIND_SCHEMAS: Readonly<Record<FieldKind, object>> = {
  id: { type: 'string', minLength: 1, maxLength: ID_LENGTH_MAX },
  text: { type: 'string', minLength: 1, maxLength: TEXT_LENGTH_MAX },
  instant: instantSchema,
  pieces: { type: 'integer', minimum: 0, maximum: PIECES_MAX },
  counted: { type: 'integer', minimum: 0, maximum: COUNTED_MAX },
  signedPieces: { type: 'integer', minimum: -COUNTED_MAX, maximum: COUNTED_MAX },
  category: { type: 'string', enum: [...RESTATABLE] },
  phase: { type: 'string', enum: ['start', 'end'] },
  planned: { type: 'string', enum: [...PLANNED_WORDS] },
  cycleMs: { type: 'number', exclusiveMinimum: 0, maximum: 86_400_000 },
};

/** JSON Schema of one event: one branch per type. */
export function eventSchema(): object {
  const branches = EVENT_TYPES.map(type => {
    const fields: Readonly<Record<string, FieldSpec>> = EVENT_SPECS[type];
    return {
      title: type,
      type: 'object',
      required: ['id', 'type', ...Object.keys(fields).filter(name => fields[name]?.required)],
      properties: {
        id: KIND_SCHEMAS.id,
        type: { const: type },
        ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, KIND_SCHEMAS[field.kind]])),
        producer: KIND_SCHEMAS.id,
        seq: { type: 'integer', minimum: 0 },
      },
    };
  });
  return { oneOf: branches };
}
