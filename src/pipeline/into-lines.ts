// Into lines: the results of machines become those of their lines; results of lines become those of areas and sites.
// In: work with machine results, or a roll-up entry with line results. Out: the work with results of the higher units.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { type Line, markLine, tellLine, tellLineSliding } from '../core/line.ts';
import type { Partition } from '../core/partition.ts';
import { unpackOutput, type WindowResult } from '../core/result.ts';
import { addToRollup, forgetSums, tellRollup } from '../core/rollup.ts';
import type { Work } from './work.ts';

export const intoLines = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => withLines(partition, work));

export function withLines(partition: Partition, work: Work): Work {
  if (work.entry.kind === 'rollup') rollUp(partition, work);
  else if (work.outputs.length > 0) tellLines(partition, work);
  return work;
}

function tellLines(partition: Partition, work: Work): void {
  const onTick = work.entry.kind === 'tick';
  const touched = new Set<Line>();
  for (const output of work.outputs) {
    if (output.type !== 'result') continue;
    const line = partition.lineOf.get(output.unit);
    if (line === undefined) continue;
    markLine(line, output);
    touched.add(line);
  }
  for (const line of touched) {
    work.outputs.push(...tellLine(line, onTick));
    if (onTick) work.outputs.push(...tellLineSliding(line, partition.plant?.settings.slidingMinutes ?? []));
  }
}

/** One packed line result per line of the body. */
function rollUp(partition: Partition, work: Work): void {
  const results = work.entry.body.split('\n').map(text => unpackOutput(text) as WindowResult);
  const horizonMs = partition.plant?.settings.horizonMs ?? 0;
  const hourEnded = results.some(result => result.kind === 'hour' && result.final);
  for (const rollup of partition.rollups) {
    for (const result of results) if (rollup.lines.includes(result.unit)) addToRollup(rollup, result);
    work.outputs.push(...tellRollup(rollup, horizonMs));
    // once an hour is often enough to let old sums go
    if (hourEnded) forgetSums(rollup, Math.max(0, ...rollup.heard.values()) - horizonMs);
  }
}
