// Into alerts: what the work on an entry means to the plant's alert rules is said, beside what it means to the windows.
// In: work with the results of machines, lines, areas and sites. Out: the work with alerts.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import type { Alert } from '../core/alert.ts';
import { parseHealth } from '../core/alert-health.ts';
import { actOnAlerts, changeRules, judgeHealth, judgeLines, judgeRollups } from '../core/alert-office.ts';
import type { Partition } from '../core/partition.ts';
import { isRejection } from '../core/rejection.ts';
import { refuse, type Work } from './work.ts';

export const intoAlerts = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => withAlerts(partition, work));

export function withAlerts(partition: Partition, work: Work): Work {
  for (const alert of alertsOfWork(partition, work)) work.outputs.push(alert);
  return work;
}

function alertsOfWork(partition: Partition, work: Work): Alert[] {
  const { entry } = work;
  switch (entry.kind) {
    case 'plant':
      return [...judgeLines(partition, work.touched, false), ...changeRules(partition)];
    case 'rollup':
      return judgeRollups(partition, minutesTold(work));
    case 'alert-act':
      return said(partition, work);
    case 'health': {
      const health = parseHealth(entry.body);
      return health === null ? [] : judgeHealth(partition, health, entry.at);
    }
    default:
      return judgeLines(partition, work.touched, entry.kind === 'tick');
  }
}

/** The earliest minute of each area and site that the entry told. */
function minutesTold(work: Work): Map<string, number> {
  const minutes = new Map<string, number>();
  for (const output of work.outputs) {
    if (output.type !== 'result' || output.kind !== 'minute') continue;
    minutes.set(output.unit, Math.min(output.start, minutes.get(output.unit) ?? output.start));
  }
  return minutes;
}

/** An act counts as one event of the log: worked in, or among the dead letters. */
function said(partition: Partition, work: Work): Alert[] {
  const found = actOnAlerts(partition, work.entry.body, work.entry.at);
  partition.accounting.read += 1;
  if (!isRejection(found)) {
    partition.accounting.inState += 1;
    return found;
  }
  refuse(work, partition, { index: 0, machine: null, text: work.entry.body }, found);
  return [];
}
