// Replay target: batches of events to POST /v1/events, patiently.
// In: events with their places in the files. Out: the door's receipt; or the reason why nothing more can be sent.
// Touches the network through the given fetch.

import type { RejectedEvent } from '../source.ts';

export interface TargetIo {
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  /** told when the door asks for patience */
  readonly onWait: (why: string, ms: number) => void;
}

export interface BatchReceipt {
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: readonly RejectedEvent[];
}

/** Nothing more can be sent. */
export class ReplayStopped extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'ReplayStopped';
  }
}

/** Longest time that one batch waits for a door that is busy, full or away; then the replay stops and says so. */
const WAIT_MAX_MS = 600_000;
const PAUSE_MIN_MS = 250;
const PAUSE_MAX_MS = 15_000;
/** Statuses behind which the same batch may succeed a little later. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/** @returns a function that sends one batch and resolves when the door holds it */
export function replayTarget(url: string, io: TargetIo): (events: readonly unknown[]) => Promise<BatchReceipt> {
  const address = new URL('/v1/events', url).href;
  let everAnswered = false;
  return async events => {
    const body = events.map(event => JSON.stringify(event)).join('\n');
    let waited = 0;
    for (let pause = PAUSE_MIN_MS; ; pause = Math.min(PAUSE_MAX_MS, pause * 2)) {
      const answer = await attempt(address, body, io);
      everAnswered ||= !('why' in answer) || answer.status !== null;
      if (!('why' in answer)) return answer;
      // A door that never answered is most likely not there at all: nobody wants to wait ten minutes to hear it.
      if (!everAnswered || waited >= WAIT_MAX_MS) throw stopped(address, answer.why, waited);
      const ms = answer.retryAfterMs ?? pause;
      io.onWait(answer.why, ms);
      await io.sleep(ms);
      waited += ms;
    }
  };
}

interface Refused {
  readonly status: number | null;
  readonly why: string;
  readonly retryAfterMs: number | null;
}

async function attempt(address: string, body: string, io: TargetIo): Promise<BatchReceipt | Refused> {
  let response: Response;
  try {
    response = await io.fetch(address, { method: 'POST', headers: { 'content-type': 'application/x-ndjson' }, body });
  } catch (error) {
    const { cause, message } = error as Error & { cause?: { code?: string } };
    return { status: null, why: cause?.code ?? message, retryAfterMs: null };
  }
  const answer = (await response.json().catch(() => ({}))) as Partial<BatchReceipt> & {
    code?: string;
    message?: string;
  };
  // 400 with a list: everything in it was read, and refused one by one
  if (response.status === 202 || (response.status === 400 && (answer.rejected?.length ?? 0) > 0)) {
    return { accepted: answer.accepted ?? 0, duplicates: answer.duplicates ?? 0, rejected: answer.rejected ?? [] };
  }
  const why = `${response.status} ${answer.code ?? response.statusText}${answer.message === undefined ? '' : `: ${answer.message}`}`;
  if (PASSING.has(response.status)) return { status: response.status, why, retryAfterMs: retryAfterOf(response) };
  throw new ReplayStopped('OEE_REPLAY_REFUSED', `${address} answered ${why}`, 'Is --url the address of this engine?');
}

function retryAfterOf(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isNaN(seconds) ? null : Math.min(PAUSE_MAX_MS, seconds * 1_000);
}

const stopped = (address: string, why: string, waited: number): ReplayStopped =>
  new ReplayStopped(
    'OEE_REPLAY_AWAY',
    `${address} cannot be reached${waited > 0 ? ` (waited ${Math.round(waited / 1000)} s)` : ''}: ${why}`,
    'Start the engine (npm start), or name it with --url. What was sent is kept; the same command goes on where it stopped.',
  );
