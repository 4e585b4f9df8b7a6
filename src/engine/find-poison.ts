// Find poison: which events of an entry make the pipeline fail, by halving, so that all the others get through.
// In: the entry, the state before it. Out: places of the events to leave out, or the entry itself.
// Pure: every trial works on a partition of its own.

import { Subject } from 'rxjs';
import { loadSteps } from '../core/checkpoint.ts';
import type { Checkpoint, LogEntry } from '../core/log-entry.ts';
import type { Share } from '../core/partition.ts';
import { oeePipeline } from '../pipeline/oee-pipeline.ts';
import { withBreath } from './breath.ts';

/** Beyond this many poisonous events the whole entry is set aside: the fault is not in single events. */
const POISON_MAX = 16;

/** Whether the entry gets through without these. */
type Trial = (without: ReadonlySet<string>) => Promise<boolean>;

/** @throws Error when the entry fails even where it is not looked at: then the state itself is broken */
export async function findPoison(
  entry: LogEntry,
  before: Checkpoint,
  partition: number,
  share: Share,
): Promise<ReadonlySet<string>> {
  const placeOf = (index: number): string => `${entry.id}:${index}`;
  const survives: Trial = async without => {
    const state = await withBreath(loadSteps(partition, share, before));
    const entries$ = new Subject<LogEntry>();
    let failed = false;
    oeePipeline(entries$, state, without).subscribe({ error: () => (failed = true) });
    entries$.next(entry);
    return !failed;
  };
  const all = Array.from({ length: countOf(entry) }, (_, index) => placeOf(index));
  if (!(await survives(new Set(all)))) {
    const whole = new Set([entry.id]);
    if (await survives(whole)) return whole;
    throw new Error(`entry ${entry.id} fails even when it is set aside`);
  }
  const poison = new Set<string>();
  while (!(await survives(poison))) {
    if (poison.size >= POISON_MAX) return new Set(all);
    poison.add(
      await firstFailing(
        all.filter(place => !poison.has(place)),
        new Set(poison),
        survives,
      ),
    );
  }
  return poison;
}

/** The first event with which the events up to it fail. */
async function firstFailing(places: readonly string[], known: ReadonlySet<string>, survives: Trial): Promise<string> {
  let low = 0;
  let high = places.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (await survives(new Set([...known, ...places.slice(middle + 1)]))) low = middle + 1;
    else high = middle;
  }
  return places[low] ?? '';
}

/** Upper bound of the events in an entry: its lines, or the items of its array, whichever way it turns out to be read. */
function countOf({ body }: LogEntry): number {
  const lines = body.split('\n').length;
  if (!body.startsWith('[')) return lines;
  try {
    return Math.max(lines, (JSON.parse(body) as unknown[]).length);
  } catch {
    return lines;
  }
}
