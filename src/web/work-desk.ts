// Work desk: what an operator tells the engine over HTTP, and what made a unit's figures, asked for.
// In: events, a span. Out: nothing once the journal holds the events; refusals with their code; explanations.
// Touches: the network, through a `fetch` handed in.

import type { WireExplanation } from '../core/explanation.ts';
import type { Rejection } from '../core/rejection.ts';
import { Refusal, troubleFrom, troubleIn } from './server-refusal.ts';

export interface WorkDesk {
  /** Resolves when the journal holds the event, or held it already. Sending the same event again is always safe. */
  send(event: object): Promise<void>;
  /** One explanation for each machine of the unit. */
  explain(unit: string, from: number, to: number): Promise<readonly WireExplanation[]>;
}

/** It was understood and refused: sending it again would not help. */
export class WorkRefused extends Refusal {}

/** How long an answer may take; a button that waits for ever looks like one that works. */
const ANSWER_MS = 10_000;

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
      const said = (await answer.json().catch(() => null)) as Partial<
        Rejection & { rejected: readonly Rejection[] }
      > | null;
      const why = said?.rejected?.[0];
      if (why !== undefined) throw new WorkRefused(troubleFrom(answer.status, why));
      if (answer.ok) return;
      const isPassing = answer.status >= 500 || answer.status === 429 || answer.status === 401;
      throw new (isPassing ? Refusal : WorkRefused)(troubleFrom(answer.status, said));
    },
    async explain(unit, from, to) {
      const span = `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;
      const answer = await get(`v1/units/${encodeURIComponent(unit)}/explain?${span}`, {
        headers: bearer,
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.ok) return ((await answer.json()) as { machines: readonly WireExplanation[] }).machines;
      throw new Refusal(await troubleIn(answer));
    },
  };
}
