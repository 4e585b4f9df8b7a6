// Work job: one thing that a person told the engine, followed until the figures show it: sending, accepted, restated.
// In: an event, the window it falls into. Out: its stage, the window's result before and after.
// Touches: the server through what is handed in; waits through a timer handed in.

import type { WireExplanation } from '../core/explanation.ts';
import type { WireResult } from '../core/result-to-wire.ts';
import { type Trouble, troubleOf } from './server-refusal.ts';
import { WorkRefused } from './work-desk.ts';

/** `unsent`: nobody knows whether it arrived; it may be sent again under the same id. */
export type JobStage = 'sending' | 'accepted' | 'restated' | 'refused' | 'unsent';

export interface WorkEvent {
  readonly id: string;
  readonly type: 'reclassify' | 'requalify' | 'order' | 'revoke';
  readonly machine: string;
  readonly [field: string]: unknown;
}

export interface Job {
  readonly event: WorkEvent;
  readonly unit: string;
  /** what was done, in words */
  readonly text: string;
  /** an instant of the window whose figures tell that it worked */
  readonly at: number;
  /** the change that must show, or must not stand any more, when it is done */
  readonly target: string;
  readonly stands: boolean;
  readonly stage: JobStage;
  readonly before: WireResult | null;
  readonly after: WireResult | null;
  /** why it was refused, or could not be sent */
  readonly trouble: Trouble | null;
}

export interface JobDoors {
  send(event: object): Promise<void>;
  /** the shift that holds the instant; null when there is none */
  shiftAt(unit: string, at: number): Promise<WireResult | null>;
  explain(unit: string, from: number, to: number): Promise<readonly WireExplanation[]>;
  wait(ms: number): Promise<void>;
}

/** How often, and how many times, is asked whether the figures show it; after that they come without being announced. */
const LOOK_MS = 400;
const LOOKS_MAX = 50;

/** Follows a job to its end. Never rejects: trouble is a stage. */
export async function pursue(begun: Job, doors: JobDoors, tell: (job: Job) => void): Promise<void> {
  let job: Job = { ...begun, stage: 'sending', trouble: null };
  tell(job);
  try {
    job = { ...job, before: job.before ?? (await doors.shiftAt(job.unit, job.at)) };
    tell(job);
    await doors.send(job.event);
  } catch (error) {
    tell({ ...job, stage: error instanceof WorkRefused ? 'refused' : 'unsent', trouble: troubleOf(error) });
    return;
  }
  job = { ...job, stage: 'accepted' };
  tell(job);
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    await doors.wait(LOOK_MS);
    const after = await restatedOf(job, doors);
    if (after === null) continue;
    tell({ ...job, stage: 'restated', after });
    return;
  }
}

/** The window's new result once it shows the change; a final window says so by its revision. */
async function restatedOf(job: Job, doors: JobDoors): Promise<WireResult | null> {
  try {
    const { before } = job;
    const [from, to] = before === null ? [job.at, job.at + 1] : spanOf(before);
    const [machine] = await doors.explain(job.unit, from, to);
    if (machine === undefined || !isIn(machine, job)) return null;
    const after = await doors.shiftAt(job.unit, job.at);
    const isTold = before === null || !before.final || (after !== null && after.revision > before.revision);
    return isTold ? after : null;
  } catch {
    // asked again at the next look
    return null;
  }
}

function isIn({ changes }: WireExplanation, { target, stands }: Job): boolean {
  const change = changes.find(({ id }) => id === target);
  return change !== undefined && (change.undone === null) === stands;
}

/** A window from its start to its end, as numbers. */
export function spanOf({ window }: WireResult): [number, number] {
  return [Date.parse(window.start), Date.parse(window.end)];
}
