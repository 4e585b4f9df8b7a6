// Log clock: what time it is at an entry of the log. The ids of the log say it, until they disagree with the pace of its ticks.
// In: ticks with the steady clock of who sent them; stamps of facts. Out: the time of an entry.
// Pure. Ids come from the clock of Redis, which may be set by an hour, or from whoever appends with an id of his own; ids never
// fall, so after a clock was set back they stand still. Where ids and pace part, the stamps of machines that are in step with
// one of the two say which of them is right; until they do, the pace is trusted.

export interface LogClock {
  /** by the pace of the ticks */
  pace: number;
  /** who ticked last, at what time of his own, and which id it got */
  by: string;
  byTime: number;
  ids: number;
  /** how far the ids are ahead of the pace; 0 while they agree */
  step: number;
  /** machines agree with the ids, not with the pace */
  trustsIds: boolean;
}

/** Ids and pace agree within this: a tick may wait for Redis so long. */
const AGREES_MS = 10_000;
/** A stamp that is so near to its arrival comes from a clock in step. */
const IN_STEP_MS = 60_000;
/** No log is without ticks for so long: such an id was made up. */
const LEAP_MAX_MS = 366 * 86_400_000;

/** What a tick carries: the steady time of its sender, and who that is. */
export const tickBody = (time: number, by: string): string => `${Math.floor(time)} ${by}`;

/**
 * Moves the clock to a tick.
 * @returns the clock, null for a tick that carries no time: then the ids alone are the time
 */
export function clockAtTick(clock: LogClock | null, ids: number, body: string): LogClock | null {
  const [, digits, by = ''] = /^(\d{1,15}) (.+)$/.exec(body) ?? [];
  if (digits === undefined) return null;
  const byTime = Number(digits);
  const pace = paceAt(clock, ids, by, byTime);
  const standsStill = clock !== null && ids <= clock.ids && pace > clock.pace;
  const agrees = Math.abs(ids - pace) <= AGREES_MS && !standsStill;
  if (agrees) return { pace: ids, by, byTime, ids, step: 0, trustsIds: false };
  return { pace, by, byTime, ids, step: ids - pace, trustsIds: clock?.trustsIds ?? false };
}

/** A new owner of whom nothing is known goes on from the ids, unless they were known to be wrong. */
function paceAt(clock: LogClock | null, ids: number, by: string, byTime: number): number {
  if (clock === null) return Math.abs(ids - byTime) <= AGREES_MS ? ids : byTime;
  if (clock.by === by) return clock.pace + (byTime - clock.byTime);
  if (clock.step === 0 || clock.trustsIds) return ids;
  return clock.pace + Math.max(0, byTime - clock.byTime);
}

/** When an entry arrived, a tick after the clock was moved to it. */
export function arrivalOf(clock: LogClock | null, ids: number): number {
  if (clock === null) return ids;
  if (!clock.trustsIds && clock.step !== 0) return ids - clock.step;
  return ids - clock.pace > LEAP_MAX_MS ? clock.pace : ids;
}

/**
 * A fact comes in: where ids and pace are far apart, a stamp in step with one of them says which is right.
 * @returns when it arrived
 */
export function arrivalOfFact(clock: LogClock | null, ids: number, at: number): number {
  if (clock !== null && Math.abs(clock.step) > 2 * IN_STEP_MS) {
    const inStepWithIds = Math.abs(at - ids) <= IN_STEP_MS;
    const inStepWithPace = Math.abs(at - (ids - clock.step)) <= IN_STEP_MS;
    if (inStepWithIds !== inStepWithPace) clock.trustsIds = inStepWithIds;
  }
  return arrivalOf(clock, ids);
}
