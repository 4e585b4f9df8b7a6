// Work desk: what an operator tells the engine over HTTP, and what made a unit's figures, asked for.
// In: events, a span. Out: nothing once the journal holds the events; refusals as one sentence; explanations.
// Touches: the network, through a `fetch` handed in.

import type { WireExplanation } from '../core/explanation.ts';

export interface WorkDesk {
  /** Resolves when the journal holds the event, or held it already. Sending the same event again is always safe. */
  send(event: object): Promise<void>;
  /** One explanation for each machine of the unit. */
  explain(unit: string, from: number, to: number): Promise<readonly WireExplanation[]>;
}

/** It was understood and refused: sending it again would not help. */
export class WorkRefused extends Error {}

/** How long an answer may take; a button that waits for ever looks like one that works. */
const ANSWER_MS = 10_000;

interface Said {
  readonly message?: string;
  readonly remedy?: string;
}
const sentence = ({ message, remedy }: Said, otherwise: string): string =>
  `${message ?? otherwise}. ${remedy ?? ''}`.trim();

export function createWorkDesk(get: typeof fetch, token: string | null): WorkDesk {
  const bearer: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    async send(event) {
      const answer = await get('v1/events', {
        method: 'POST',
        body: JSON.stringify([event]),
        headers: { ...bearer, 'content-type': 'application/json' },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      const said = (await answer.json().catch(() => ({}))) as Said & { rejected?: readonly Said[] };
      const why = said.rejected?.[0];
      if (why !== undefined) throw new WorkRefused(sentence(why, ''));
      if (answer.ok) return;
      const words = sentence(said, `${answer.status} ${answer.statusText}`);
      throw answer.status >= 500 || answer.status === 429 || answer.status === 401
        ? new Error(words)
        : new WorkRefused(words);
    },
    async explain(unit, from, to) {
      const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
      const answer = await get(`v1/units/${encodeURIComponent(unit)}/explain?${span}`, {
        headers: bearer,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.ok) return ((await answer.json()) as { machines: readonly WireExplanation[] }).machines;
      throw new Error(sentence((await answer.json().catch(() => ({}))) as Said, String(answer.status)));
    },
  };
}
