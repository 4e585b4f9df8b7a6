// Live codec: the words that clients and the hub exchange on /v1/live, and the codes with which the hub hangs up.
// In: a client's text. Out: a checked message, or the fault with its remedy; small server frames as bytes.
// Pure.

/** Close codes of /v1/live (4000..4999 are free for applications). 1001 = the server goes away, 1009 = message too big. */
export const LIVE_CLOSE = {
  /** too many messages that could not be understood */
  badMessages: 4400,
  /** no token, or a wrong one, within the time given for it */
  unauthorised: 4401,
  /** the client read more slowly than the plant speaks for too long */
  tooSlow: 4408,
  /** more messages than a client may send between two heartbeats */
  tooMany: 4429,
} as const;

/** Units or window kinds that one subscribe may name; whoever wants more says "*". */
export const NAMES_MAX = 5_000;
export const NAME_LENGTH_MAX = 200;

export interface Subscription {
  readonly units: ReadonlySet<string> | '*';
  readonly windows: ReadonlySet<string> | '*';
  /** where the client's knowledge ends; null: it knows nothing */
  readonly since: { readonly epoch: string; readonly offset: number } | null;
}

export type ClientMessage =
  | { readonly op: 'subscribe'; readonly subscription: Subscription }
  | { readonly op: 'unsubscribe' }
  | { readonly op: 'ping' }
  | { readonly op: 'auth'; readonly token: string };

export interface LiveFault {
  readonly fault: string;
  readonly message: string;
  readonly remedy: string;
}

export const WINDOW_KIND = /^(minute|hour|shift|day|order|last[1-9]\d{0,4}m)$/;

function fault(code: string, message: string, remedy: string): LiveFault {
  return { fault: code, message, remedy };
}

/** What a client said, checked as a whole: half a subscription is none. */
export function parseClientMessage(text: string): ClientMessage | LiveFault {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return fault('OEE_LIVE_NOT_JSON', 'The message is not JSON.', 'Send one JSON object per message.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return fault('OEE_LIVE_NOT_OBJECT', 'The message is not a JSON object.', 'Send one JSON object per message.');
  }
  const { op, token } = value as { op?: unknown; token?: unknown };
  if (op === 'ping' || op === 'unsubscribe') return { op };
  if (op === 'auth' && typeof token === 'string') return { op, token };
  if (op === 'subscribe') return parseSubscription(value as Record<string, unknown>);
  return fault(
    'OEE_LIVE_UNKNOWN_OP',
    'The message asks for nothing that this door knows.',
    'Use op "subscribe", "unsubscribe", "ping", or "auth" with a token.',
  );
}

function parseSubscription(value: Record<string, unknown>): ClientMessage | LiveFault {
  const units = parseNames(value.units, () => true);
  if (units === null) {
    return fault(
      'OEE_LIVE_BAD_UNITS',
      '"units" is neither "*" nor a list of unit ids.',
      'Take ids from GET /v1/plant.',
    );
  }
  const windows = parseNames(value.windows ?? '*', name => WINDOW_KIND.test(name));
  if (windows === null) {
    return fault(
      'OEE_LIVE_BAD_WINDOWS',
      '"windows" is neither "*" nor a list of window kinds.',
      'Use minute, hour, shift, day, order, or a sliding kind such as last5m.',
    );
  }
  const since = value.since ?? null;
  if (since !== null && !isSince(since)) {
    return fault(
      'OEE_LIVE_BAD_SINCE',
      '"since" is not an epoch with an offset.',
      'Send back {"epoch","offset"} of the last frame received, or leave "since" out.',
    );
  }
  return { op: 'subscribe', subscription: { units, windows, since } };
}

function parseNames(value: unknown, allowed: (name: string) => boolean): ReadonlySet<string> | '*' | null {
  if (value === '*') return '*';
  if (!Array.isArray(value) || value.length === 0 || value.length > NAMES_MAX) return null;
  const good = (name: unknown): name is string =>
    typeof name === 'string' && name.length > 0 && name.length <= NAME_LENGTH_MAX && allowed(name);
  return value.every(good) ? new Set(value) : null;
}

function isSince(value: unknown): value is { epoch: string; offset: number } {
  if (typeof value !== 'object' || value === null) return false;
  const { epoch, offset } = value as { epoch?: unknown; offset?: unknown };
  return typeof epoch === 'string' && typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0;
}

/** Why a resume was impossible; a snapshot follows. */
export type GapCause = 'otherEpoch' | 'tooOld' | 'slow';

export function errorFrame({ fault: code, message, remedy }: LiveFault): Buffer {
  return Buffer.from(JSON.stringify({ op: 'error', code, message, remedy }));
}

export function gapFrame(epoch: string, offset: number, because: GapCause): Buffer {
  return Buffer.from(JSON.stringify({ op: 'gap', epoch, offset, because }));
}

/** A resume that works: the frames in (from, offset] follow, and nothing was lost. */
export function resumedFrame(epoch: string, from: number, offset: number): Buffer {
  return Buffer.from(JSON.stringify({ op: 'resumed', epoch, from, offset }));
}

/**
 * `offset`: all frames up to it were delivered, so that a quiet client's place does not grow old; null when nothing can be
 * said (no subscription, or a new snapshot is on its way). `at`: the server's clock.
 */
export function pongFrame(epoch: string, offset: number | null, at: number): Buffer {
  return Buffer.from(JSON.stringify({ op: 'pong', epoch, offset, at: new Date(at).toISOString() }));
}
