// Alert desk: what the page asks and tells the server about alerts over HTTP.
// In: an alert, who says what of it. Out: alerts; refusals with their code.
// Touches: the network, through a `fetch` handed in.

import type { WireAlert } from '../core/alert-to-wire.ts';
import { Refusal, troubleIn } from './server-refusal.ts';

export interface AlertDesk {
  /** active ones, and those of the span that are over */
  list(from: number): Promise<readonly WireAlert[]>;
  acknowledge(id: string, by: string, why: string | null): Promise<void>;
  mute(id: string, by: string, minutes: number, why: string | null): Promise<void>;
  unmute(id: string, by: string): Promise<void>;
}

/** How long an answer may take; a button that waits for ever looks like one that works. */
const ANSWER_MS = 10_000;

export function createAlertDesk(get: typeof fetch, token: string | null): AlertDesk {
  const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  async function ask(path: string, body: object | null): Promise<unknown> {
    const answer = await get(path, {
      ...(body === null ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers: body === null ? bearer : { ...bearer, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.ok) return answer.json();
    throw new Refusal(await troubleIn(answer));
  }
  const act = async (id: string, deed: string, body: object): Promise<void> => {
    await ask(`v1/alerts/${encodeURIComponent(id)}/${deed}`, body);
  };
  return {
    list: async from => {
      const path = `v1/alerts?from=${new Date(from).toISOString()}`;
      return ((await ask(path, null)) as { alerts: readonly WireAlert[] }).alerts;
    },
    acknowledge: (id, by, why) => act(id, 'acknowledge', { by, why }),
    mute: (id, by, minutes, why) => act(id, 'mute', { by, minutes, why }),
    unmute: (id, by) => act(id, 'unmute', { by }),
  };
}
