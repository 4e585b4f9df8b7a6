// Pipeline speed: what RxJS costs: the pipeline against a hand-written loop over the same functions.
// In: a log in memory. Out: the ratio of their speeds.
// Pure but for the harness's meters.

import { createHash } from 'node:crypto';
import { from } from 'rxjs';
import type { Changes, LogEntry } from '../src/core/log-entry.ts';
import { newPartition, type Partition } from '../src/core/partition.ts';
import { packOutput } from '../src/core/result.ts';
import { collectChanges } from '../src/pipeline/collect-changes.ts';
import { withoutRepeats } from '../src/pipeline/drop-repeats.ts';
import { toMachines } from '../src/pipeline/in-event-time.ts';
import { withAlerts } from '../src/pipeline/into-alerts.ts';
import { withLines } from '../src/pipeline/into-lines.ts';
import { withReports } from '../src/pipeline/into-reports.ts';
import { booked } from '../src/pipeline/into-slices.ts';
import { withWindows } from '../src/pipeline/into-windows.ts';
import { withoutPast } from '../src/pipeline/let-past-go.ts';
import { oeePipeline } from '../src/pipeline/oee-pipeline.ts';
import { workOf } from '../src/pipeline/read-events.ts';
import type { Work } from '../src/pipeline/work.ts';
import type { Answer, Size } from './answer.ts';
import { benchLog, benchPlant } from './bench-plant.ts';
import { compare, type Proof, type Side } from './harness.ts';

const MACHINES = 30;
const EVENTS: Readonly<Record<Size, number>> = { smoke: 40_000, full: 200_000 };
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 1, full: 5 };
const SHAPE = { everyMs: 2_000, perEntry: 500, entriesPerTick: 20 };

interface Done {
  readonly partition: Partition;
  readonly changes: Changes;
}

const side = (
  name: string,
  log: readonly LogEntry[],
  run: (partition: Partition) => Work[],
): Side<Partition, Done> => ({
  name,
  prepare: () => newPartition(0, () => true),
  run: partition => ({ partition, changes: collectChanges(partition, run(partition)) }),
  prove: done => proofOf(done, log.length),
});

/** Everything that would be committed, to the byte. */
function proofOf({ partition, changes }: Done, entries: number): Proof {
  const hash = createHash('sha256');
  for (const output of changes.outputs) hash.update(packOutput(output));
  for (const [suffix, text] of changes.append) hash.update(suffix).update(text);
  for (const [field, text] of changes.set) hash.update(field).update(text);
  const checksum = `${entries} entries, ${changes.outputs.length} results, sha256 ${hash.digest('hex').slice(0, 16)}`;
  return { events: partition.accounting.read, checksum };
}

function byHand(log: readonly LogEntry[], partition: Partition): Work[] {
  const works: Work[] = [];
  for (const entry of log) {
    const arrived = toMachines(partition, withoutRepeats(partition, workOf(partition, entry)));
    const told = withAlerts(partition, withLines(partition, withWindows(booked(partition, arrived))));
    works.push(withoutPast(withReports(partition, told)));
  }
  return works;
}

function byRxjs(log: readonly LogEntry[], partition: Partition): Work[] {
  const works: Work[] = [];
  oeePipeline(from(log), partition).subscribe(work => works.push(work));
  return works;
}

export async function pipelineSpeed(size: Size): Promise<Answer> {
  const log = benchLog(benchPlant(MACHINES), { events: EVENTS[size], ...SHAPE });
  const { a, b, ratio, lowest, highest, pairs, checksum } = await compare(
    side('RxJS pipeline', log, partition => byRxjs(log, partition)),
    side('loop by hand', log, partition => byHand(log, partition)),
    ROUNDS[size],
    'cpuMs',
  );
  return {
    question: 'how fast is the RxJS pipeline beside a loop by hand over the same functions?',
    figures: [
      ...[a, b].flatMap(({ name, eventsPerSecond, cpuUsPerEvent }) => [
        { what: name, value: eventsPerSecond, unit: 'events/s' },
        { what: `${name}, CPU`, value: cpuUsPerEvent, unit: 'µs/event' },
      ]),
      { what: 'lowest of the pairs', value: lowest, unit: `of ${pairs}` },
      { what: 'highest of the pairs', value: highest, unit: `of ${pairs}` },
    ],
    verdict: { what: 'RxJS over loop', value: ratio, aim: { atLeast: 0.95 }, floor: 0.5 },
    checksum,
  };
}
