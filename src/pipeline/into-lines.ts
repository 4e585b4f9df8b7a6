// Into lines: the results of machines become those of their lines; results of lines become those of areas and sites.
// In: work with machine results, or a roll-up entry with line results. Out: the work with results of the higher units.
// Pure.

import { type MonoTypeOperatorFunction, map } from 'rxjs';
import { type Line, markLine, tellLine, tellLineSliding } from '../core/line.ts';
import type { Partition } from '../core/partition.ts';
import { unpackOutput } from '../core/result.ts';
import { addToRollup, forgetSums, tellRollup } from '../core/rollup.ts';
import { addReport, forgetReports, tellReports } from '../core/shift-report-rollup.ts';
import { keepWaiting, takeWaiting, WAITING_SUFFIX } from '../core/waiting-results.ts';
import type { Work } from './work.ts';

export const intoLines = (partition: Partition): MonoTypeOperatorFunction<Work> =>
  map(work => withLines(partition, work));

export function withLines(partition: Partition, work: Work): Work {
  if (work.entry.kind === 'rollup') rollUp(partition, work, work.entry.body.split('\n'));
  else if (work.entry.kind === 'plant' && partition.waiting.length > 0) takeUp(partition, work);
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

/** A line may be quicker than the plant of its area's partition; what it said waits for it. */
function takeUp(partition: Partition, work: Work): void {
  work.drop.push(WAITING_SUFFIX);
  rollUp(partition, work, takeWaiting(partition));
}

/** One packed result or shift report of a line each. */
function rollUp(partition: Partition, work: Work, packed: readonly string[]): void {
  if (partition.plant === null) {
    work.append.set(WAITING_SUFFIX, keepWaiting(partition, packed));
    return;
  }
  const outputs = packed.map(unpackOutput);
  const results = outputs.filter(output => output.type === 'result');
  const reports = outputs.filter(output => output.type === 'report');
  const horizonMs = partition.plant.settings.horizonMs;
  const hourEnded = results.some(result => result.kind === 'hour' && result.final);
  for (const rollup of partition.rollups) {
    for (const result of results) if (rollup.lines.includes(result.unit)) addToRollup(rollup, result);
    const below = reports.filter(report => rollup.lines.includes(report.unit));
    for (const report of below) addReport(rollup, report);
    const told = tellRollup(rollup, horizonMs);
    work.outputs.push(...told, ...tellReports(rollup, told, below));
    // once an hour is often enough to let old sums go
    if (!hourEnded) continue;
    forgetSums(rollup, Math.max(0, ...rollup.heard.values()) - horizonMs);
    forgetReports(rollup);
  }
}
