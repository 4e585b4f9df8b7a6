// Events answer: hands a body's events to the intake in bounded batches and adds up what became of them.
// In: readings in the sender's order. Out: the counts and rejections of the answer.
// Touches the intake.

import type { Rejection } from '../../core/rejection.ts';
import type { Intake, Origin, RejectedEvent } from '../source.ts';
import type { Reading } from './json-reader.ts';

/** Events, and bytes of their text, that wait for the intake at once. */
const BATCH_EVENTS_MAX = 1_000;
const BATCH_BYTES_MAX = 1_000_000;
/** Rejections told one by one; `sent` minus the others says how many there were. */
const REJECTED_SHOWN_MAX = 1_000;

export interface EventsAnswer {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedEvent[];
}

export interface AnswerMaker {
  /** Takes the next event; waits for the intake when a batch is full. */
  add(reading: Reading, bytes: number): Promise<void>;
  flush(): Promise<void>;
  /** What is certain so far: after a failure too. */
  answer(): EventsAnswer;
}

export function answerMaker(intake: Intake, origin: Origin): AnswerMaker {
  const settled = { sent: 0, accepted: 0, duplicates: 0 };
  let rejected: RejectedEvent[] = [];
  let values: unknown[] = [];
  let places: number[] = [];
  let next = 0;
  let waiting = 0;
  const refuse = (index: number, { code, message, remedy }: Rejection): void => {
    if (rejected.length < REJECTED_SHOWN_MAX) rejected.push({ index, code, message, remedy });
  };
  const flush = async (): Promise<void> => {
    const batch = values;
    const at = places;
    values = [];
    places = [];
    waiting = 0;
    if (batch.length === 0) return;
    const receipt = await intake.submit(batch, origin);
    settled.sent += batch.length;
    settled.accepted += receipt.accepted;
    settled.duplicates += receipt.duplicates;
    for (const each of receipt.rejected) refuse(at[each.index] ?? each.index, each);
  };
  return {
    async add(reading, bytes) {
      const index = next;
      next += 1;
      if (!('value' in reading)) {
        settled.sent += 1;
        intake.refused(reading);
        refuse(index, reading);
        return;
      }
      values.push(reading.value);
      places.push(index);
      waiting += bytes;
      if (values.length >= BATCH_EVENTS_MAX || waiting >= BATCH_BYTES_MAX) await flush();
    },
    flush,
    answer() {
      rejected = rejected.sort((a, b) => a.index - b.index);
      return { ...settled, rejected };
    },
  };
}
