// Source: the one contract of every way in: how events are handed over, and how a recording is read.
// In: parsed JSON of a neighbour. Out: a receipt that says of each event what became of it.
// Pure: types, and the error that asks the sender for patience.

import type { Rejection } from '../core/rejection.ts';

/** The engine's open hand. Resolves only after the journal holds what it says it accepted. */
export interface Intake {
  /**
   * @param events parsed JSON, one value per event, in the sender's order
   * @param origin who sends this batch, and its number in his own count: sequences of batches, not of events
   * @throws IntakeError when the journal is full or away; the same events may simply be sent again
   */
  submit(events: readonly unknown[], origin: Origin): Promise<SubmitReceipt>;
  /** Counts something sent that could not be read as an event at all, so that the accounts hold at every door. */
  refused(reason: Rejection): void;
}

export interface Origin {
  readonly producer?: string;
  readonly seq?: number;
}

/** accepted + duplicates + rejected.length = events sent. */
export interface SubmitReceipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedEvent[];
}

export interface RejectedEvent extends Rejection {
  /** place in the batch, from 0 */
  readonly index: number;
}

/** The journal cannot take anything now. Nothing is lost: the sender still has his events. */
export class IntakeError extends Error {
  readonly status = 503;
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly retryAfterS: number,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'IntakeError';
  }
}

/** One event read from a recording, before any check of its content. */
export interface Recorded {
  readonly event: Readonly<Record<string, unknown>>;
  /** when it happened, epoch ms; null when that cannot be read (the intake will say why) */
  readonly at: number | null;
  /** where it stands, e.g. `Mazak01.shdr:17` */
  readonly where: string;
}

/** Something in a recording that is no event at all. */
export interface Unreadable {
  readonly fault: Rejection;
  readonly where: string;
}

export interface RecordingRequest {
  readonly path: string;
  /** machine id for all of it; null: the recording or its mapping says, or the file's base name */
  readonly machine: string | null;
  /** the mapping file's content; null: the format's own default */
  readonly mapping: unknown;
  /** told of bytes as they are read */
  readonly onBytes: (bytes: number) => void;
}

/** A kind of recording that can be replayed. */
export interface RecordingFormat {
  readonly name: string;
  /** file name endings, with the dot */
  readonly endings: readonly string[];
  /**
   * Reads the file as a stream, in file order, with the same ids every time.
   * @throws MappingError before the first event when the mapping does not fit
   */
  read(request: RecordingRequest): AsyncGenerator<Recorded | Unreadable>;
}

/** A mapping that cannot be used; all its faults at once. */
export class MappingError extends Error {
  readonly code = 'OEE_REPLAY_MAPPING';
  constructor(readonly faults: readonly string[]) {
    super(`the mapping cannot be used:\n${faults.map(fault => `  - ${fault}`).join('\n')}`);
    this.name = 'MappingError';
  }
}

/** Digits of an id's parts: equal lengths, so that ids sort as their numbers do. */
const LINE_DIGITS = 8;
const PLACE_DIGITS = 3;

/**
 * Id of an event that a recording does not name: the same at every replay (a second replay changes nothing), and in the
 * recording's own order where several share a millisecond, since the law orders such facts by id.
 * @param below digits of the time below the millisecond, e.g. `706263` nanoseconds
 */
export function recordedId(machine: string, at: number, below: string, line: number, place: number): string {
  const lineDigits = String(line).padStart(LINE_DIGITS, '0');
  return `${machine}-${at}${below.slice(0, 6).padEnd(6, '0')}-${lineDigits}-${String(place).padStart(PLACE_DIGITS, '0')}`;
}
