// Into reports: what is booked and handed over at a shift's end: confirmations of orders.
// In: work whose windows were told. Out: the work with confirmations and their restatements.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { confirmShifts } from '../core/confirmation-step.ts';
import type { Output } from '../core/result.ts';
import type { Work } from './work.ts';

export const intoReports = (): MonoTypeOperatorFunction<Work> => map(withReports);

export function withReports(work: Work): Work {
  const onTick = work.entry.kind === 'tick';
  const shifts = finalShifts(work.outputs);
  for (const machine of work.touched) {
    work.outputs.push(...confirmShifts(machine, shifts.get(machine.rules.machine.id) ?? [], onTick));
  }
  return work;
}

/** Shift windows that are final, by unit: few, and looked for once. */
function finalShifts(outputs: readonly Output[]): Map<string, Output[]> {
  const byUnit = new Map<string, Output[]>();
  for (const output of outputs) {
    if (output.type !== 'result' || output.kind !== 'shift' || !output.final) continue;
    const known = byUnit.get(output.unit);
    if (known === undefined) byUnit.set(output.unit, [output]);
    else known.push(output);
  }
  return byUnit;
}
