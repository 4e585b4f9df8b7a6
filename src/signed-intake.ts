// Signed intake: the intake as one caller may use it: each event by the caller's rank and in the caller's name; changes are noted first.
// In: an intake, a caller. Out: an intake.
// Touches the book through the desk.

import type { AccessDesk } from './access/access-desk.ts';
import { bounded, isRefusal } from './access/access-gate.ts';
import { eventFrom, isDeed } from './access/event-rules.ts';
import type { Caller } from './core/access.ts';
import { type Intake, IntakeError, type RejectedEvent } from './ingest/source.ts';

const RETRY_AFTER_S = 2;
const TAKEN = 202;
const REFUSED = 400;
const AWAY = 503;

export function signedIntake(intake: Intake, caller: Caller, from: string, desk: AccessDesk): Intake {
  return {
    refused: reason => intake.refused(reason),
    submit: async (events, origin) => {
      const said = events.map(event => eventFrom(caller, event));
      const rejected: RejectedEvent[] = [];
      const allowed: number[] = [];
      said.forEach((event, index) => {
        if (isRefusal(event)) {
          intake.refused(event);
          rejected.push({ index, ...event });
        } else allowed.push(index);
      });
      const taken = allowed.map(index => said[index]);
      if (taken.length === 0) return { accepted: 0, duplicates: 0, rejected };
      const deeds = taken.filter(isDeed);
      const end = deeds.length === 0 ? null : await noted(caller, from, desk, deeds);
      const settle = (status: number): Promise<void> => end?.(status).catch(() => undefined) ?? Promise.resolve();
      try {
        const receipt = await intake.submit(taken, origin);
        await settle(receipt.accepted + receipt.duplicates > 0 ? TAKEN : REFUSED);
        rejected.push(...receipt.rejected.map(each => ({ ...each, index: allowed[each.index] ?? each.index })));
        return { ...receipt, rejected: rejected.sort((a, b) => a.index - b.index) };
      } catch (error) {
        await settle(AWAY);
        throw error;
      }
    },
  };
}

/** One note for all changes of a batch, named after the first: a page sends them one by one. */
async function noted(
  caller: Caller,
  from: string,
  desk: AccessDesk,
  deeds: readonly unknown[],
): Promise<(status: number) => Promise<void>> {
  const { type } = deeds[0] as { readonly type: string };
  try {
    return await desk.note(caller, from, `event.${type}`, bounded(deeds.length === 1 ? deeds[0] : deeds));
  } catch (error) {
    const {
      code = 'OEE_INTAKE_JOURNAL_AWAY',
      message,
      remedy,
    } = error as { code?: string; message: string; remedy?: string };
    const again = remedy ?? 'Send the same events again after Retry-After.';
    throw new IntakeError(code, `nothing was taken: ${message}`, again, RETRY_AFTER_S, { cause: error });
  }
}
