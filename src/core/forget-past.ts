// Forget past: facts beyond the horizon are let go, in whole days; what they carried stays.
// In: a machine whose time went on. Out: the machine without them; which texts of the checkpoint hold nothing else.
// Pure; changes the machine in place.

import { factsSuffix } from './checkpoint-facts.ts';
import { beginningOf, forgetBefore } from './fact-blocks.ts';
import type { Machine } from './machine.ts';
import { DAY_MS } from './time.ts';

/** Forgets facts beyond the horizon, whole UTC days. @returns suffixes of the texts to drop */
export function forgetPast(machine: Machine): string[] {
  const cutoff = Math.floor((machine.edge - machine.settings.horizonMs - DAY_MS) / DAY_MS) * DAY_MS;
  if (machine.edge === 0 || cutoff <= machine.keptFrom) return [];
  const first = machine.store.blocks[0]?.facts[0]?.at ?? cutoff;
  const dropped: string[] = [];
  for (let day = Math.max(first, machine.keptFrom); day < cutoff; day += DAY_MS) {
    dropped.push(factsSuffix(machine.rules.machine.id, day));
  }
  machine.base = forgetBefore(machine.store, machine.rules, cutoff);
  machine.keptFrom = cutoff;
  machine.runs = machine.runs.filter(run => run.to === null || run.to >= cutoff);
  machine.beginning = beginningOf(machine.store, machine.rules.corrections.revoked);
  machine.baseUnsaved = true;
  return dropped;
}
