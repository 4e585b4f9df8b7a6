// Retry plan: what an answer means for a message: delivered, again later, or never; and when again.
// In: an answer or what went wrong, attempts so far, the clock, chance. Out: the verdict.
// Pure.

import type { PostAnswer } from './post-pinned.ts';

/** A message that cannot be delivered for so long goes to the dead letters. */
export const LIFE_MS = 72 * 3_600_000;
/** Pauses after the first, second … failure; the last one from there on: a receiver that is back waits an hour at most. */
const PAUSES_MS = [5_000, 30_000, 120_000, 600_000, 1_800_000, 3_600_000];
/** A fifth of a pause, more or less, is chance, so that many messages do not come back at one moment. */
const JITTER = 0.2;
/** A receiver may ask for patience, but not for more than this. */
export const RETRY_AFTER_MAX_MS = 3_600_000;
/** Answers that are about this message and no other … */
const ABOUT_THE_MESSAGE: ReadonlySet<number> = new Set([400, 413, 422]);
/** … and so often must they come: a receiver in the middle of an upgrade says many things once. */
const REFUSALS_MAX = 5;
const GONE = 410;
const TOO_MANY = 429;
const UNAVAILABLE = 503;

export interface Verdict {
  readonly outcome: 'delivered' | 'again' | 'dead';
  /** null when it was delivered */
  readonly code: string | null;
  readonly message: string | null;
  readonly remedy: string;
  /** of `again`: pause from now on */
  readonly pauseMs: number;
  /** the receiver asked for patience: nothing for so long */
  readonly quietMs: number;
  /** what it says of the receiver: well, ill, or nothing */
  readonly health: 'well' | 'ill' | 'unknown';
  /** the receiver wants nothing any more */
  readonly gone: boolean;
}

export interface Attempted {
  /** this one included */
  readonly attempts: number;
  /** how long the message has waited */
  readonly ageMs: number;
  /** epoch ms */
  readonly now: number;
  /** 0..1 */
  readonly random: number;
}

const DELIVERED: Verdict = {
  ...{ outcome: 'delivered', code: null, message: null, remedy: '', pauseMs: 0, quietMs: 0 },
  ...{ health: 'well', gone: false },
};

/** After Standard Webhooks: 2xx is a yes, 410 a farewell, everything else worth another try. */
export function verdictOf(answer: PostAnswer, attempted: Attempted): Verdict {
  const { status } = answer;
  if (status !== null && status >= 200 && status < 300) return DELIVERED;
  if (status === GONE) return { ...dead('OEE_WEBHOOK_GONE', answer, GONE_REMEDY), gone: true };
  const about = status !== null && ABOUT_THE_MESSAGE.has(status);
  const health = about ? 'unknown' : status === TOO_MANY ? 'unknown' : 'ill';
  if (about && attempted.attempts >= REFUSALS_MAX) {
    return { ...dead('OEE_WEBHOOK_REFUSED', answer, REFUSED_REMEDY), health };
  }
  if (attempted.ageMs >= LIFE_MS) return { ...dead('OEE_WEBHOOK_EXPIRED', answer, EXPIRED_REMEDY), health };
  const asks = status === TOO_MANY || status === UNAVAILABLE;
  const quietMs = asks ? retryAfterMs(answer.retryAfter, attempted.now) : 0;
  const pauseMs = Math.max(pauseAfter(attempted.attempts, attempted.random), quietMs);
  // the last attempt is made when its time is over, not before
  const left = Math.max(0, LIFE_MS - attempted.ageMs);
  const { code, message, remedy } = answer;
  return { outcome: 'again', code, message, remedy, pauseMs: Math.min(pauseMs, left), quietMs, health, gone: false };
}

/** What is not tried any more since its receiver has been away for too long. */
export const EXPIRED: Pick<Verdict, 'code' | 'message' | 'remedy'> = {
  code: 'OEE_WEBHOOK_EXPIRED',
  message: `the receiver took nothing for ${LIFE_MS / 3_600_000} h`,
  remedy: 'Bring the receiver back, then replay the letter: the receiver knows it by the same webhook-id.',
};
const EXPIRED_REMEDY = EXPIRED.remedy;
const REFUSED_REMEDY = 'See why the receiver refuses it; when that is mended replay the letter, or discard it.';
const GONE_REMEDY =
  'The receiver said 410 Gone and is held back: take it out of the plant file, or let it go on (POST /v1/webhooks/{receiver}/resume) and replay the letter.';

const dead = (code: string, answer: PostAnswer, remedy: string): Verdict => ({
  ...{ outcome: 'dead', code, message: answer.message, remedy },
  ...{ pauseMs: 0, quietMs: 0, health: 'ill', gone: false },
});

function pauseAfter(attempts: number, random: number): number {
  const pause = PAUSES_MS[Math.min(attempts, PAUSES_MS.length) - 1] ?? 0;
  return Math.round(pause * (1 - JITTER + 2 * JITTER * random));
}

/** Seconds, or a date; 0 when it says nothing that can be understood. */
export function retryAfterMs(text: string | null, now: number): number {
  if (text === null) return 0;
  const asked = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(asked) ? Math.max(0, Math.min(asked, RETRY_AFTER_MAX_MS)) : 0;
}
