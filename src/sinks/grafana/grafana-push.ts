// Grafana push: what is true now, once a second, into Grafana's live channel: panels move without asking.
// In: outputs as they are told. Out: line protocol to the push endpoint; what is wrong with it, for the health check.
// Touches: HTTP and timers, handed in.
//
// Nothing waits for Grafana: of each series only the newest point is kept until the next push. What could not be pushed is kept
// the same way, under what came since, and tried again after a back-off; history is InfluxDB's business.

import type { Output } from '../../core/result.ts';

export interface GrafanaPushOptions {
  /** …/api/live/push/<stream> */
  readonly url: string;
  /** of a service account; null: none is shown */
  readonly token: string | null;
  /** line protocol with milliseconds, as the history has it */
  readonly linesOf: (output: Output) => readonly { readonly text: string }[];
  readonly fetch: typeof fetch;
  /** @returns what takes the timer back */
  readonly setTimer: (run: () => void, afterMs: number) => () => void;
}

export interface GrafanaPush {
  take(outputs: readonly Output[]): void;
  /** null while all is well, or nothing was pushed yet */
  trouble(): string | null;
  close(): Promise<void>;
}

const EVERY_MS = 1_000;
/** A Grafana that is away is asked less and less often, at last once a minute. */
const BACKOFF_MAX_MS = 60_000;
const ANSWER_MAX_MS = 5_000;
/** Series of a large plant; beyond, the longest untold ones are forgotten: they are told again when they change. */
const SERIES_MAX = 50_000;
/** Every revision is history, not the present. */
const PRESENT = /^(oee|machine_state|alert),/;

export function grafanaPush({ url, token, linesOf, fetch: post, setTimer }: GrafanaPushOptions): GrafanaPush {
  let waiting = new Map<string, string>();
  let failures = 0;
  let trouble: string | null = null;
  let under: Promise<void> = Promise.resolve();
  const closing = new AbortController();
  let forget = setTimer(turn, EVERY_MS);

  function turn(): void {
    under = push().finally(() => {
      if (closing.signal.aborted) return;
      forget = setTimer(turn, failures === 0 ? EVERY_MS : Math.min(BACKOFF_MAX_MS, EVERY_MS * 2 ** failures));
    });
  }

  async function push(): Promise<void> {
    if (waiting.size === 0) return;
    const batch = waiting;
    waiting = new Map();
    trouble = await pushOnce([...batch.values()].join('\n'));
    failures = trouble === null ? 0 : failures + 1;
    if (trouble !== null) waiting = new Map([...batch, ...waiting]);
    for (const series of waiting.keys()) {
      if (waiting.size <= SERIES_MAX) break;
      waiting.delete(series);
    }
  }

  async function pushOnce(body: string): Promise<string | null> {
    const headers = { 'content-type': 'text/plain; charset=utf-8', ...(token === null ? {} : bearer(token)) };
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(ANSWER_MAX_MS)]);
    try {
      const answer = await post(url, { method: 'POST', headers, body, signal });
      const said = (await answer.text()).slice(0, 200);
      return answer.ok ? null : `answers ${answer.status} ${said}${REMEDIES[answer.status] ?? ''}`;
    } catch (error) {
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      return `away (${cause}); live panels stand still, history goes on`;
    }
  }

  return {
    take(outputs) {
      for (const output of outputs) {
        for (const { text } of linesOf(output)) {
          if (!PRESENT.test(text)) continue;
          const series = seriesOf(text);
          waiting.delete(series);
          waiting.set(series, inNanoseconds(text));
        }
      }
    },
    trouble: () => trouble,
    close: async () => {
      closing.abort();
      forget();
      await under;
    },
  };
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });
const REMEDIES: Readonly<Record<number, string>> = {
  401: ': set GRAFANA_LIVE_TOKEN to a token of a service account',
  403: ': the service account needs the role Editor',
  404: ': GRAFANA_LIVE_URL ends in /api/live/push/<stream>',
};

/** Name and tags, up to the first space that is not escaped. */
function seriesOf(line: string): string {
  return /^(?:\\.|[^\\ ])+/.exec(line)?.[0] ?? line;
}

/** The push endpoint reads nanoseconds, the history writes milliseconds. */
const inNanoseconds = (line: string): string => `${line}000000`;
