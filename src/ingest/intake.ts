// Intake: what every way in hands its events to: checked, admitted, sorted by partition, appended, and answered one by one.
// In: parsed JSON. Out: a receipt, after the journal holds the events.
// Touches the journal through the `append` port only.

import { ANY_MACHINE, type MachineEvent, parseEvent } from '../core/event.ts';
import { isRejection, type Rejection, rejection } from '../core/rejection.ts';
import { type EventText, eventTextOf } from './event-text.ts';
import { type SequenceWatch, sequenceWatch } from './sequence-watch.ts';
import { type Intake, IntakeError, type Origin, type RejectedEvent, type SubmitReceipt } from './source.ts';

/** Events of one packed entry of the journal. */
export const BATCH_EVENTS_MAX = 1_000;
/** Rejections of one submission that get a "did you mean": the search is dear, and a flood of them helps nobody. */
const HINTS_MAX = 10;
const RETRY_AFTER_S = 2;

export interface AppendBatch {
  /** at most BATCH_EVENTS_MAX */
  readonly events: readonly EventText[];
  /** with `seq`: a batch whose number the journal has seen is a repeat as a whole */
  readonly producer?: string;
  readonly seq?: number;
}
export interface AppendResult {
  /** places of events that the journal held already */
  readonly duplicates: readonly number[];
  /** places of events whose id belongs to another event */
  readonly reused: readonly number[];
}
export interface IntakePorts {
  /** Appends to one partition in one act. Throws when the journal is full or away. */
  append(partition: number, batch: AppendBatch): Promise<AppendResult>;
  /** null for a machine that no line holds */
  partitionOfMachine(machine: string): number | null;
  partitionsAll(): readonly number[];
  now(): number;
  /** @param hint whether a suggestion may be looked for */
  admit(event: MachineEvent, hint: boolean): Rejection | null;
}

/** sent = accepted + duplicate + the sum of rejected, at every moment between two submissions. */
export interface IntakeCounts {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicate: number;
  /** by code */
  readonly rejected: Readonly<Record<string, number>>;
  /** submissions that the journal could not take; their events are counted when they come again */
  readonly deferred: number;
  /** numbers of `producer`/`seq` that are late or lost */
  readonly sequenceMissing: number;
}
export interface CountingIntake extends Intake {
  counts(): IntakeCounts;
}

// What became of one event; where a revocation went to several partitions, the greatest counts.
const DUPLICATE = 1;
const ACCEPTED = 2;
const REUSED = 3;

interface Slot {
  readonly index: number;
  readonly text: EventText;
}
interface Sorted {
  readonly byPartition: ReadonlyMap<number, readonly Slot[]>;
  readonly events: readonly (MachineEvent | null)[];
  readonly rejected: RejectedEvent[];
}

/**
 * `origin` marks (producer, seq of the batch) go to the journal only when the submission ends in one entry of one
 * partition: a mark counts per partition, and a batch spread over several would leave false holes. Else, and for the
 * `producer`/`seq` of single events, repeats are known by id, and holes by the sequence watch.
 */
export function intakeOf(ports: IntakePorts): CountingIntake {
  const counts = { sent: 0, accepted: 0, duplicate: 0, deferred: 0 };
  const rejectedBy: Record<string, number> = {};
  const watch = sequenceWatch();
  const countRejected = ({ code }: Rejection): void => {
    rejectedBy[code] = (rejectedBy[code] ?? 0) + 1;
  };
  return {
    async submit(events, origin) {
      const sorted = sortIn(events, ports);
      const outcome = new Uint8Array(events.length);
      try {
        await appendAll(sorted.byPartition, origin, ports, outcome);
      } catch (error) {
        counts.deferred += 1;
        throw patience(error);
      }
      const receipt = receiptOf(sorted, outcome, watch);
      counts.sent += events.length;
      counts.accepted += receipt.accepted;
      counts.duplicate += receipt.duplicates;
      receipt.rejected.forEach(countRejected);
      return receipt;
    },
    refused(reason) {
      counts.sent += 1;
      countRejected(reason);
    },
    counts: () => ({ ...counts, rejected: { ...rejectedBy }, sequenceMissing: watch.missing() }),
  };
}

/** Puts each event that may come in beside the others of its partition. */
function sortIn(inputs: readonly unknown[], ports: IntakePorts): Sorted {
  const now = ports.now();
  const byPartition = new Map<number, Slot[]>();
  const rejected: RejectedEvent[] = [];
  const events = inputs.map((input, index) => {
    const admitted = admittedOf(input, now, rejected.length < HINTS_MAX, ports);
    if (isRejection(admitted)) {
      rejected.push({ index, ...admitted });
      return null;
    }
    const slot = { index, text: eventTextOf(admitted.event, atGiven(input)) };
    for (const partition of admitted.partitions) {
      const slots = byPartition.get(partition);
      if (slots === undefined) byPartition.set(partition, [slot]);
      else slots.push(slot);
    }
    return admitted.event;
  });
  return { byPartition, events, rejected };
}

interface Admitted {
  readonly event: MachineEvent;
  readonly partitions: readonly number[];
}

function admittedOf(input: unknown, now: number, hint: boolean, ports: IntakePorts): Admitted | Rejection {
  const event = parseEvent(input, now);
  if (isRejection(event)) return event;
  const refused = ports.admit(event, hint);
  if (refused !== null) return refused;
  const partitions = partitionsOf(event, ports);
  if (partitions.length > 0) return { event, partitions };
  return rejection(
    'OEE_EVENT_UNKNOWN_MACHINE',
    `no line holds machine "${event.machine}"`,
    'Add the machine to a line of the plant file.',
  );
}

const atGiven = (input: unknown): boolean => (input as { at?: unknown }).at != null;

/** A revocation without a machine goes everywhere: whoever holds what it names obeys it. */
function partitionsOf(event: MachineEvent, ports: IntakePorts): readonly number[] {
  if (event.machine === ANY_MACHINE) return ports.partitionsAll();
  const partition = ports.partitionOfMachine(event.machine);
  return partition === null ? [] : [partition];
}

/** Appends batch after batch within a partition, partitions side by side (their number is the bound). */
async function appendAll(
  byPartition: Sorted['byPartition'],
  origin: Origin,
  ports: IntakePorts,
  outcome: Uint8Array,
): Promise<void> {
  const single = byPartition.size === 1 && [...byPartition.values()].every(slots => slots.length <= BATCH_EVENTS_MAX);
  const marks =
    single && origin.producer !== undefined && origin.seq !== undefined
      ? { producer: origin.producer, seq: origin.seq }
      : {};
  const appendSlots = async (partition: number, slots: readonly Slot[]): Promise<void> => {
    for (let from = 0; from < slots.length; from += BATCH_EVENTS_MAX) {
      const batch = slots.slice(from, from + BATCH_EVENTS_MAX);
      const result = await ports.append(partition, { events: batch.map(slot => slot.text), ...marks });
      note(batch, result, outcome);
    }
  };
  // All of them settle before anything is said: an answer never overtakes work that still runs.
  const settled = await Promise.allSettled([...byPartition].map(([partition, slots]) => appendSlots(partition, slots)));
  const failed = settled.find(each => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

function note(batch: readonly Slot[], result: AppendResult, outcome: Uint8Array): void {
  const duplicates = new Set(result.duplicates);
  const reused = new Set(result.reused);
  batch.forEach((slot, place) => {
    const became = reused.has(place) ? REUSED : duplicates.has(place) ? DUPLICATE : ACCEPTED;
    outcome[slot.index] = Math.max(outcome[slot.index] ?? 0, became);
  });
}

function receiptOf(sorted: Sorted, outcome: Uint8Array, watch: SequenceWatch): SubmitReceipt {
  const rejected = [...sorted.rejected];
  let accepted = 0;
  let duplicates = 0;
  sorted.events.forEach((event, index) => {
    if (event === null) return;
    if (outcome[index] === REUSED) {
      rejected.push({ index, ...idReused(event.id) });
    } else if (outcome[index] === DUPLICATE) {
      duplicates += 1;
    } else {
      accepted += 1;
      if (event.producer !== undefined && event.seq !== undefined) watch.took(event.producer, event.seq);
    }
  });
  rejected.sort((a, b) => a.index - b.index);
  return { accepted, duplicates, rejected };
}

const idReused = (id: string): Rejection =>
  rejection(
    'OEE_EVENT_ID_REUSED',
    `id "${id}" belongs to another event that says something else`,
    'Give every event an id of its own; to change what an event said, send a correction.',
  );

/** Any failure of the journal, in the words of the door. */
function patience(error: unknown): IntakeError {
  if (error instanceof IntakeError) return error;
  const { code, message, remedy, retryAfterS } = (error ?? {}) as Partial<Record<string, unknown>>;
  return new IntakeError(
    typeof code === 'string' && code.startsWith('OEE_') ? code : 'OEE_INTAKE_JOURNAL_AWAY',
    `the journal took nothing: ${typeof message === 'string' ? message : String(error)}`,
    typeof remedy === 'string'
      ? remedy
      : 'Send the same events again after Retry-After; repeats are recognised by their ids.',
    typeof retryAfterS === 'number' ? retryAfterS : RETRY_AFTER_S,
    { cause: error },
  );
}
