// Feed: sends the demo plant's news to POST /v1/events as time passes: the same door that real machines use.
// In: emissions, an address, a clock. Out: what became of the events.
// Touches the network through `post`; time through `now` and `sleep`.

import type { Emission } from './simulate.ts';

export interface FeedLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface FeedSettings {
  /** where the engine listens, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** in order of arrival; pulled only as fast as they can be sent */
  readonly emissions: Iterable<Emission>;
  /**
   * How fast the past is caught up with: simulated per real time, Infinity for as fast as the engine takes it. At the
   * present everything goes at its own speed: nothing is sent before its time.
   */
  readonly speed: number;
  readonly now: () => number;
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
  readonly log: FeedLog;
  /** ends the feed between two batches */
  readonly signal?: AbortSignal;
  readonly post?: typeof fetch;
}

export interface FeedSummary {
  readonly sent: number;
  readonly accepted: number;
  readonly duplicates: number;
  /** refused events by code */
  readonly rejected: Readonly<Record<string, number>>;
  /** batches that had to be sent again */
  readonly retries: number;
}

/** Events in one request. */
const BATCH_MAX = 500;
/** News of this long go out together, so that a live plant makes a few requests a second and not one per event. */
const GATHER_MS = 250;
/** Longest wait between two looks at the clock. */
const LOOK_MS = 1_000;
/** Waits between attempts double up to this; attempts go on until the engine is back or the feed is ended. */
const RETRY_MAX_MS = 5_000;
const RETRY_MIN_MS = 200;
/** An engine that has not answered by then will not. */
const ANSWER_MAX_MS = 30_000;

interface Answer {
  readonly accepted?: number;
  readonly duplicates?: number;
  readonly rejected?: readonly { readonly code: string; readonly message: string }[];
  readonly code?: string;
  readonly message?: string;
}

/** Sends everything whose time has come, then waits for the next; ends with the emissions or by `signal`. */
export async function feed(settings: FeedSettings): Promise<FeedSummary> {
  const tally = { sent: 0, accepted: 0, duplicates: 0, rejected: {} as Record<string, number>, retries: 0 };
  const iterator = settings.emissions[Symbol.iterator]();
  const aborted = (): boolean => settings.signal?.aborted === true;
  try {
    let next = iterator.next();
    const startedAt = settings.now();
    const firstAt = next.done === true ? startedAt : next.value.sendAt;
    // How far simulated time has come: at `speed` from the first emission on, never past the clock.
    const reached = (): number => {
      const now = settings.now();
      return settings.speed === Number.POSITIVE_INFINITY
        ? now
        : Math.min(now, firstAt + (now - startedAt) * settings.speed);
    };
    while (next.done !== true && !aborted()) {
      const due = reached();
      const batch: string[] = [];
      while (next.done !== true && next.value.sendAt <= due && batch.length < BATCH_MAX) {
        batch.push(JSON.stringify(next.value.event));
        next = iterator.next();
      }
      if (batch.length > 0) await deliver(settings, batch, tally);
      if (next.done === true || next.value.sendAt <= reached()) continue;
      const pace = settings.speed === Number.POSITIVE_INFINITY ? 1 : settings.speed;
      const wait = (next.value.sendAt - reached()) / Math.max(1, pace);
      await settings.sleep(Math.min(Math.max(wait, GATHER_MS), LOOK_MS), settings.signal);
    }
  } finally {
    iterator.return?.();
  }
  return tally;
}

type Counting = { -readonly [K in keyof FeedSummary]: FeedSummary[K] } & { rejected: Record<string, number> };

/** Sends a batch until the engine has said yes or no to each of its events. */
async function deliver(settings: FeedSettings, batch: readonly string[], tally: Counting): Promise<void> {
  const { log, sleep, signal } = settings;
  for (let attempt = 0; signal?.aborted !== true; attempt += 1) {
    const reply = await attemptOf(settings, batch);
    if (reply.status === 413 && batch.length > 1) {
      const half = batch.length >> 1;
      await deliver(settings, batch.slice(0, half), tally);
      return deliver(settings, batch.slice(half), tally);
    }
    if (reply.status >= 200 && reply.status < 500 && reply.status !== 429 && reply.status !== 408) {
      return count(settings, batch, reply, tally);
    }
    tally.retries += 1;
    const waitMs = reply.retryAfterMs ?? Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(attempt, 10));
    if (attempt === 0) log.warn({ status: reply.status, why: reply.why }, 'the engine is not ready; sending again');
    await sleep(waitMs, signal);
  }
}

interface Reply {
  /** 0: no answer at all */
  readonly status: number;
  readonly answer: Answer;
  readonly retryAfterMs: number | null;
  readonly why: string;
}

async function attemptOf({ url, post = fetch, signal }: FeedSettings, batch: readonly string[]): Promise<Reply> {
  const limit = AbortSignal.timeout(ANSWER_MAX_MS);
  try {
    const response = await post(new URL('/v1/events', url), {
      method: 'POST',
      headers: { 'content-type': 'application/x-ndjson' },
      body: `${batch.join('\n')}\n`,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    const answer = answerIn(await response.text());
    const after = Number(response.headers.get('retry-after'));
    const retryAfterMs = after > 0 ? Math.min(after * 1_000, RETRY_MAX_MS) : null;
    return { status: response.status, answer, retryAfterMs, why: answer.code ?? String(response.status) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { status: 0, answer: {}, retryAfterMs: null, why: cause instanceof Error ? cause.message : String(cause) };
  }
}

function answerIn(text: string): Answer {
  try {
    const answer: unknown = JSON.parse(text);
    return typeof answer === 'object' && answer !== null ? answer : {};
  } catch {
    return {};
  }
}

function count({ log }: FeedSettings, batch: readonly string[], { answer, status, why }: Reply, tally: Counting): void {
  const { accepted = 0, duplicates = 0, rejected = [] } = answer;
  tally.sent += batch.length;
  tally.accepted += accepted;
  tally.duplicates += duplicates;
  for (const { code, message } of rejected) {
    if (tally.rejected[code] === undefined) log.warn({ code }, message);
    tally.rejected[code] = (tally.rejected[code] ?? 0) + 1;
  }
  const unsaid = batch.length - accepted - duplicates - rejected.length;
  if (unsaid <= 0) return;
  log.warn({ status, why, events: unsaid }, 'the engine refused a batch whole');
  tally.rejected[why] = (tally.rejected[why] ?? 0) + unsaid;
}
