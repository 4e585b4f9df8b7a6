// Event field: one field of an event: what it must be, and what to say when it is not.
// In: parsed JSON of anybody. Out: the value in its final shape, or a rejection that names the field.
// Pure.

import {
  COUNTED_MAX,
  type FieldKind,
  ID_LENGTH_MAX,
  PIECES_MAX,
  PLANNED_WORDS,
  RESTATABLE,
  TEXT_LENGTH_MAX,
} from './event-spec.ts';
import { type Rejection, rejection } from './rejection.ts';
import { parseInstant } from './time.ts';

const WANTED: Readonly<Record<FieldKind, string>> = {
  id: `a text of 1 to ${ID_LENGTH_MAX} characters`,
  text: `a text of 1 to ${TEXT_LENGTH_MAX} characters`,
  instant: 'ISO 8601 with an offset (2026-11-22T06:00:00.000Z) or whole epoch milliseconds',
  pieces: `a whole number from 0 to ${PIECES_MAX}`,
  counted: `a whole number from 0 to ${COUNTED_MAX}`,
  signedPieces: `a whole number, negative to take away, at most ${COUNTED_MAX} either way`,
  category: `one of ${RESTATABLE.join(', ')}`,
  phase: 'start or end',
  planned: `one of ${PLANNED_WORDS.join(', ')}`,
  cycleMs: 'milliseconds per piece, above 0, at most 86400000',
};

export const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max;
export const isWhole = (value: unknown, min: number, max = PIECES_MAX): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

/** The value in its final shape, or undefined when it is not of its kind. */
export function readField(kind: FieldKind, value: unknown): string | number | undefined {
  switch (kind) {
    case 'id':
      return isText(value, ID_LENGTH_MAX) ? value : undefined;
    case 'text':
      return isText(value, TEXT_LENGTH_MAX) ? value : undefined;
    case 'instant':
      return parseInstant(value) ?? undefined;
    case 'pieces':
      return isWhole(value, 0) ? value : undefined;
    case 'counted':
      return isWhole(value, 0, COUNTED_MAX) ? value : undefined;
    case 'signedPieces':
      return isWhole(value, -COUNTED_MAX, COUNTED_MAX) ? value : undefined;
    case 'category':
      return (RESTATABLE as readonly unknown[]).includes(value) ? (value as string) : undefined;
    case 'phase':
      return value === 'start' || value === 'end' ? value : undefined;
    case 'planned':
      return (PLANNED_WORDS as readonly unknown[]).includes(value) ? (value as string) : undefined;
    case 'cycleMs':
      return typeof value === 'number' && value > 0 && value <= 86_400_000 ? value : undefined;
  }
}

export const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? `"${value}"` : spelled(value);
  return text.length > 60 ? `${text.slice(0, 60)}… (${text.length} characters)` : text;
};

export function wrongField(name: string, kind: FieldKind, value: unknown): Rejection {
  const trouble = value === undefined ? 'is missing' : `is ${shown(value)}`;
  const noOffset = kind === 'instant' && typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(value);
  return rejection(
    noOffset ? 'OEE_EVENT_TIME_WITHOUT_OFFSET' : 'OEE_EVENT_FIELD',
    `${name} ${trouble}${noOffset ? ', a time without an offset' : ''}`,
    `${name} must be ${WANTED[kind]}.`,
  );
}

/** What was parsed, as JSON again. JSON is read to any depth but written only as deep as the stack goes. */
export function spelled(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'a value nested too deep to be shown';
  }
}
