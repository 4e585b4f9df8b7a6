// Sent event: an event as its sender writes it, as a type made of the table by which it is checked.
// In: the table of event types. Out: the type.
// Pure: types only.

import type { EVENT_SPECS, EventType, FieldKind, PLANNED_WORDS, RESTATABLE } from './event-spec.ts';

/** What a field of each kind may hold; an instant is ISO 8601 with an offset, or epoch milliseconds. */
interface FieldValues extends Record<FieldKind, unknown> {
  id: string;
  text: string;
  instant: string | number;
  pieces: number;
  counted: number;
  signedPieces: number;
  category: (typeof RESTATABLE)[number];
  phase: 'start' | 'end';
  planned: (typeof PLANNED_WORDS)[number];
  cycleMs: number;
}

type Value<Field> = Field extends { readonly kind: infer K extends FieldKind } ? FieldValues[K] : never;
type Needed<Fields> = {
  [Name in keyof Fields]: Fields[Name] extends { readonly required: true } ? Name : never;
}[keyof Fields];

type EventOf<T extends EventType, Fields = (typeof EVENT_SPECS)[T]> = { readonly type: T } & {
  readonly [Name in Needed<Fields>]: Value<Fields[Name]>;
} & { readonly [Name in Exclude<keyof Fields, Needed<Fields>>]?: Value<Fields[Name]> };

/** `id` is unique within the horizon: it makes a repeat one. `producer` and a rising `seq` show gaps. */
export type SentEvent = { [T in EventType]: EventOf<T> }[EventType] & {
  readonly id: string;
  readonly producer?: string;
  readonly seq?: number;
};
