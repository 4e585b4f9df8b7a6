// Alert cost: what alert rules cost: the pipeline with five rules on every machine against the same pipeline without.
// In: a log in memory. Out: the ratio of their CPU.
// Pure but for the harness's meters.

import { createHash } from 'node:crypto';
import { from } from 'rxjs';
import type { AlertCondition, AlertRule } from '../src/core/alert-rule.ts';
import type { LogEntry } from '../src/core/log-entry.ts';
import { newPartition } from '../src/core/partition.ts';
import type { Plant } from '../src/core/plant-model.ts';
import { type Output, packOutput } from '../src/core/result.ts';
import { collectChanges } from '../src/pipeline/collect-changes.ts';
import { oeePipeline } from '../src/pipeline/oee-pipeline.ts';
import type { Work } from '../src/pipeline/work.ts';
import type { Answer, Size } from './answer.ts';
import { benchLog, benchPlant } from './bench-plant.ts';
import { compare, type Side } from './harness.ts';

const MACHINES = 30;
const EVENTS: Readonly<Record<Size, number>> = { smoke: 40_000, full: 200_000 };
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 1, full: 5 };
const SHAPE = { everyMs: 2_000, perEntry: 500, entriesPerTick: 20 };

const CONDITIONS: readonly AlertCondition[] = [
  { kind: 'stopLonger', longerMs: 600_000 },
  { kind: 'silentLonger', longerMs: 600_000 },
  { kind: 'ratioBelow', ratio: 'oee', window: 'shift', limit: 0.6, clear: 0.65 },
  { kind: 'scrapRateAbove', window: 'last60m', limit: 0.05, clear: 0.03 },
  { kind: 'performanceAbove', window: 'hour', limit: 1.05, clear: 1.03 },
];

const withRules = (plant: Plant): Plant => ({
  ...plant,
  alerts: CONDITIONS.map(
    (condition, index): AlertRule => ({
      id: `rule-${index}`,
      text: `rule ${index}`,
      condition,
      forMs: 300_000,
      severity: 'warning',
      units: plant.machines.map(({ id }) => id),
      togetherMs: 60_000,
      flapMs: 600_000,
      quiet: [],
      escalation: [],
    }),
  ),
});

interface Done {
  readonly read: number;
  readonly outputs: readonly Output[];
}

function side(name: string, log: readonly LogEntry[]): Side<null, Done> {
  return {
    name,
    prepare: () => null,
    run: () => {
      const partition = newPartition(0, () => true);
      const works: Work[] = [];
      oeePipeline(from(log), partition).subscribe(work => works.push(work));
      return { read: partition.accounting.read, outputs: collectChanges(partition, works).outputs };
    },
    prove: ({ read, outputs }) => {
      const hash = createHash('sha256');
      const figures = outputs.filter(({ type }) => type !== 'alert');
      for (const output of figures) hash.update(packOutput(output));
      return { events: read, checksum: `${figures.length} results, sha256 ${hash.digest('hex').slice(0, 16)}` };
    },
  };
}

export async function alertCost(size: Size): Promise<Answer> {
  const plant = benchPlant(MACHINES);
  const shape = { events: EVENTS[size], ...SHAPE };
  const { a, b, ratio, lowest, highest, pairs, checksum } = await compare(
    side('with five rules', benchLog(withRules(plant), shape)),
    side('without rules', benchLog(plant, shape)),
    ROUNDS[size],
    'cpuMs',
  );
  return {
    question: 'what do five alert rules on every machine cost the pipeline?',
    figures: [
      ...[a, b].map(({ name, cpuUsPerEvent }) => ({ what: `${name}, CPU`, value: cpuUsPerEvent, unit: 'µs/event' })),
      { what: 'lowest of the pairs', value: lowest, unit: `of ${pairs}` },
      { what: 'highest of the pairs', value: highest, unit: `of ${pairs}` },
    ],
    verdict: { what: 'speed with rules over without', value: ratio, aim: { atLeast: 0.95 }, floor: 0.25 },
    checksum,
  };
}
