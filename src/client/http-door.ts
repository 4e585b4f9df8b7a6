// HTTP door: asks the engine over HTTP, with patience: whatever is asked or told here may be said twice.
// In: a path, a query, a body. Out: the answer's JSON, or an error with code and remedy.
// Touches: the network, the clock and chance, all handed in.

/** What the engine, or the way to it, answered instead. `status` 0: there was no answer at all. */
export class OeeError extends Error {
  constructor(
    /** of the README's table of codes */
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly status: number,
    /** the answer's body, where there was one */
    readonly body: unknown = null,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'OeeError';
  }
}

export interface HttpDoorOptions {
  readonly url: URL;
  readonly token: string | null;
  /** how long the same is asked again while the engine is away or busy; 0: once */
  readonly patienceMs: number;
  readonly fetch: typeof fetch;
  /** milliseconds by a clock that never jumps */
  readonly now: () => number;
  readonly random: () => number;
  /** Resolves after so long, or when the signal says so. */
  readonly wait: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface Asked {
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  /** makes it a POST */
  readonly body?: object;
  readonly signal?: AbortSignal | undefined;
}

export type HttpDoor = <T>(path: string, asked?: Asked) => Promise<T>;

/** How long one answer may take. */
const ANSWER_MS = 30_000;
const NO_MARK = 'OEE_ACCESS_MARK';
const BACKOFF_MIN_MS = 250;
const BACKOFF_MAX_MS = 5_000;
/** A server that asks for more patience than this is asked again all the same. */
const RETRY_AFTER_MAX_MS = 30_000;
/** Busy, or something between us and the engine that is not there: it passes. All else will be the same next time. */
const PASSING = [0, 429, 502, 503, 504];

/** @throws OeeError from what it returns; whatever ended the caller's signal */
export function httpDoor(options: HttpDoorOptions): HttpDoor {
  const { patienceMs, now, random, wait } = options;
  const askMarked = markedAsker(options);
  return async <T>(path: string, asked: Asked = {}): Promise<T> => {
    const giveUpAt = now() + patienceMs;
    for (let tries = 0; ; tries += 1) {
      const answer = await askMarked(path, asked);
      if (!(answer instanceof Trouble)) return answer as T;
      const { error, retryAfterMs } = answer;
      const backoffMs = Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** tries) * (0.5 + random() / 2);
      const waitMs = Math.max(backoffMs, Math.min(RETRY_AFTER_MAX_MS, retryAfterMs));
      if (!PASSING.includes(error.status) || now() + waitMs > giveUpAt) throw error;
      await wait(waitMs, asked.signal);
    }
  };
}

type AskOnce = (path: string, asked: Asked) => Promise<unknown>;

/**
 * In a page the session's cookie comes by itself, and what changes anything needs the session's mark beside it. It is asked for when
 * it is missed: only there is one, and somebody may have signed in anew since.
 */
function markedAsker(options: HttpDoorOptions): AskOnce {
  let mark: string | null = null;
  return async (path, asked) => {
    const shown = mark;
    const answer = await askOnce(options, path, asked, shown);
    if (!(answer instanceof Trouble) || answer.error.code !== NO_MARK) return answer;
    const session = await askOnce(options, 'v1/session', { signal: asked.signal }, null);
    if (session instanceof Trouble) return session;
    mark = (session as { mark?: string | null }).mark ?? null;
    return mark === null || mark === shown ? answer : askOnce(options, path, asked, mark);
  };
}

class Trouble {
  constructor(
    readonly error: OeeError,
    readonly retryAfterMs: number,
  ) {}
}

async function askOnce(
  options: HttpDoorOptions,
  path: string,
  { query = {}, body, signal }: Asked,
  mark: string | null,
): Promise<unknown> {
  const { url: base, token, fetch: get } = options;
  const url = new URL(path, base);
  for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, `${value}`);
  const headers = new Headers({ accept: 'application/json' });
  if (token !== null) headers.set('authorization', `Bearer ${token}`);
  if (body !== undefined) headers.set('content-type', 'application/json');
  if (body !== undefined && mark !== null) headers.set('x-oee-mark', mark);
  const limit = AbortSignal.timeout(ANSWER_MS);
  try {
    const answer = await get(url, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers,
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    });
    const text = await answer.text();
    const said = jsonOf(text);
    if (answer.ok && said !== null) return said;
    return new Trouble(refusalOf(answer.status, said, url), Number(answer.headers.get('retry-after') ?? 0) * 1000 || 0);
  } catch (error) {
    if (signal?.aborted === true) throw signal.reason;
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const remedy = 'Is it running, and is the address right? GET /health/ready says how it is.';
    const away = `${url.origin} does not answer: ${cause}`;
    return new Trouble(new OeeError('OEE_CLIENT_AWAY', away, remedy, 0, null, { cause: error }), 0);
  }
}

function jsonOf(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch {
    return null;
  }
}

function refusalOf(status: number, said: object | null, url: URL): OeeError {
  const { code, message, remedy } = (said ?? {}) as { code?: string; message?: string; remedy?: string };
  const strange = `${url.pathname} answered ${status} without a word of the engine`;
  const look = 'Look at what stands between this program and the engine: a proxy, another server on that port.';
  return new OeeError(code ?? 'OEE_CLIENT_ANSWER', message ?? strange, remedy ?? look, status, said);
}
