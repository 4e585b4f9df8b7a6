// Into reports: what is handed over and booked at a shift's end: shift reports of machines and lines, confirmations of orders.
// In: work whose windows were told. Out: the work with reports and confirmations of the shifts that are final, or were restated.
// Pure. Areas and sites report when they have heard their lines' reports.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { confirmShifts } from '../core/confirmation-step.ts';
import type { Machine } from '../core/machine.ts';
import type { Partition } from '../core/partition.ts';
import type { WindowResult } from '../core/result.ts';
import { reportOfMachines } from '../core/shift-report.ts';
import type { Work } from './work.ts';

export const intoReports = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => withReports(partition, work));

export function withReports(partition: Partition, work: Work): Work {
  if (work.entry.kind === 'rollup') return work;
  const onTick = work.entry.kind === 'tick';
  const shifts = finalShifts(work);
  for (const machine of work.touched) {
    const { id } = machine.rules.machine;
    work.outputs.push(
      ...confirmShifts(
        machine,
        shifts.filter(result => result.unit === id),
        onTick,
      ),
    );
  }
  for (const result of shifts) work.outputs.push(reportOfMachines(result, machinesOf(partition, result.unit)));
  return work;
}

function finalShifts({ outputs }: Work): WindowResult[] {
  const shifts: WindowResult[] = [];
  for (const output of outputs) {
    if (output.type !== 'result' || output.kind !== 'shift' || !output.final) continue;
    if (output.level === 'machine' || output.level === 'line') shifts.push(output);
  }
  return shifts;
}

function machinesOf(partition: Partition, unit: string): readonly Machine[] {
  const machine = partition.machines.get(unit);
  if (machine !== undefined) return [machine];
  return partition.lines.find(line => line.model.id === unit)?.machines ?? [];
}
