// Chaos late news: what is said of a line's shifts when they are over: late facts, corrections, and what comes far too late.
// In: voices, a line, a round. Out: events, all for one batch.
// Pure.

import { DAY_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import type { Chance } from './chance-of.ts';
import { roundOf } from './chaos-form.ts';
import { BEGIN, machinesOf, tellsCounter } from './chaos-plant.ts';
import { type ChaosEvent, tell, type Voice } from './chaos-voice.ts';

const LATE_COUNTS = 40;
const CATEGORIES = ['setup', 'breakdown', 'idle', 'plannedStop', 'producing', 'unknown'];
/** Beyond the plant's horizon of a week. */
const LONG_AGO = BEGIN - 9 * DAY_MS;

export function lateNews(
  voices: ReadonlyMap<string, Voice>,
  line: string,
  round: number,
  chance: Chance,
): ChaosEvent[] {
  const [a, b] = machinesOf(line).map(machine => voices.get(machine));
  if (a === undefined || b === undefined) throw new Error(`no line ${line} here`);
  return [...ofMachine(a, round, chance), ...ofMachine(b, round, chance)];
}

function ofMachine(voice: Voice, round: number, chance: Chance): ChaosEvent[] {
  const { from: begin, to, end } = roundOf(round);
  const instant = (before = 0): number => begin + MINUTE_MS + chance.below(to - begin - 2 * MINUTE_MS - before);
  const person = { by: chance.below(2) === 0 ? 'anna' : 'bert', why: `seen in round ${round}` };
  // what people say is in the order in which they say it
  let saidAt = end;
  const say = (type: string, more: object): ChaosEvent => tell(voice, type, saidAt++, { ...more, ...person });
  const events: ChaosEvent[] = [tell(voice, 'count', LONG_AGO, { good: 1, reject: 0 })];
  if (!tellsCounter(voice.machine)) {
    for (let n = 0; n < LATE_COUNTS; n += 1)
      events.push(tell(voice, 'count', instant(), { good: 1, reject: n % 4 === 0 ? 1 : 0 }));
  }
  for (let n = 0; n < 2; n += 1) {
    const at = instant(2 * MINUTE_MS);
    events.push(
      tell(voice, 'state', at, { state: 'setup' }),
      tell(voice, 'state', at + 40 * SECOND_MS, { state: 'producing' }),
    );
  }
  const pieceAt = instant();
  events.push(tell(voice, 'count', pieceAt, { good: 2, reject: 0 }));
  events.push(tell(voice, 'requalify', pieceAt + 1, { good: -1, reject: 1, ...person }));
  for (let n = 0; n < 3; n += 1) {
    const start = instant(10 * MINUTE_MS);
    const to = start + MINUTE_MS + chance.below(9 * MINUTE_MS);
    const category = CATEGORIES[chance.below(CATEGORIES.length)] ?? 'idle';
    const restated = say('reclassify', { from: start, to, category });
    events.push(restated);
    voice.restated.push(restated.id);
  }
  const mistaken = voice.restated.shift();
  if (mistaken !== undefined) events.push(say('revoke', { revokes: mistaken }));
  const stop = instant(5 * MINUTE_MS);
  events.push(say('shift', { from: stop, to: stop + 4 * MINUTE_MS, planned: 'plannedStop', name: 'drill' }));
  // cycles change on the minute, like orders
  const from = Math.floor(instant() / MINUTE_MS) * MINUTE_MS;
  events.push(say('cycle', { product: 'q', from, idealCycleMs: 700 + round }));
  return events;
}
