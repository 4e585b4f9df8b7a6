// Delivered: a delivery of events carried out on the pipeline rig, and what must not depend on how it was done.
// In: a plant, events, steps. Out: the rig after the last clock, and its figures without revisions.
// Pure.

import { readEffective } from '../../src/core/machine.ts';
import { tallyOver } from '../../src/core/machine-results.ts';
import type { Plant } from '../../src/core/plant-model.ts';
import { emptyTally, TALLY_FIELDS, type Tally, talliesEqual } from '../../src/core/tally.ts';
import { BEGIN, END } from './made-up-calendar.ts';
import type { Step } from './made-up-delivery.ts';
import { PipelineRig } from './pipeline-rig.ts';

/** The machine's edge after everything: late enough that no source seems to be catching up, twice, so that quiet machines move too. */
export const EDGE = END + 60_000;

export function deliver(
  plant: Plant,
  events: readonly object[],
  steps: readonly Step[],
  each?: (rig: PipelineRig) => void,
): PipelineRig {
  const rig = new PipelineRig(plant, BEGIN);
  for (const step of steps) {
    if ('events' in step)
      rig.events(
        step.events.map(index => events[index] ?? {}),
        END,
      );
    else if ('tick' in step) rig.tick(step.tick);
    else rig.restart();
    each?.(rig);
  }
  return rig.tick(END + 30_000).tick(EDGE);
}

/** A tally as its fields that are not zero: short in a failure's report. */
export function shown(tally: Readonly<Tally>): Record<string, number> {
  return Object.fromEntries(TALLY_FIELDS.filter(field => tally[field] !== 0).map(field => [field, tally[field]]));
}

/** The newest figures of every window that holds anything, by unit, kind, start and end. */
export function figuresOf(rig: PipelineRig): Record<string, unknown> {
  // windows before the first fact, told while a fact that was revoked since seemed to be the first, hold nothing but unknown time
  const beginning = rig.partition.machines.get('m1')?.beginning ?? 0;
  const rows = [...rig.rows().values()].filter(
    row => row.end > beginning && row.end > row.start && !talliesEqual(row.tally, emptyTally()),
  );
  const key = (row: (typeof rows)[number]): string =>
    `${row.unit} ${row.kind} ${new Date(row.start).toISOString().slice(8, 19)}..${new Date(row.end).toISOString().slice(8, 19)} ${row.name}`;
  return Object.fromEntries(rows.map(row => [key(row), { ...shown(row.tally), final: row.final }] as const).sort());
}

/** Spans of a machine, read from its facts, and its effective timeline. */
export function readingsOf(rig: PipelineRig, spans: readonly (readonly [number, number])[]): unknown {
  return [...rig.partition.machines.values()].map(machine => ({
    spans: spans.map(([from, to]) => shown(tallyOver(machine, from, to))),
    timeline: readEffective(machine, BEGIN - 86_400_000, EDGE).stretches.map(
      ({ from, to, category, stopId, source, reason, countsAt }) => [
        from,
        to,
        category,
        stopId,
        source,
        reason,
        countsAt,
      ],
    ),
  }));
}
