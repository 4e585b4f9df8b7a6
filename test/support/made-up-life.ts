// Made-up life: a machine park as an engine lives it: most facts at once, some late, people afterwards, ticks all along, deaths anywhere.
// In: fast-check's chance, events. Out: steps in the order of time, and what was told when they were carried out.
// Pure.

import fc from 'fast-check';
import type { Plant } from '../../src/core/plant-model.ts';
import { packOutput, type WindowResult } from '../../src/core/result.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import { BEGIN, SPAN_MS } from './made-up-calendar.ts';
import type { PipelineRig } from './pipeline-rig.ts';

export type LifeStep =
  | { readonly at: number; readonly events: readonly object[] }
  | { readonly at: number; readonly tick: true }
  | { readonly at: number; readonly plant: Plant };

export interface Life {
  readonly steps: readonly LifeStep[];
  /** deaths after these steps */
  readonly deaths: ReadonlySet<number>;
}

interface Chances {
  /** how much longer than two hours everything takes */
  readonly stretch: number;
  readonly tickMs: number;
  readonly delays: readonly number[];
  readonly together: readonly boolean[];
  readonly plantAt: number | null;
  readonly deaths: readonly number[];
}

const delay = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 5 * SECOND_MS }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: 3 * MINUTE_MS }) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: HOUR_MS }) },
);

const chances: fc.Arbitrary<Chances> = fc.record({
  stretch: fc.constantFrom(1, 1, 1, 1, 1, 1, 20),
  tickMs: fc.constantFrom(40 * SECOND_MS, 2 * MINUTE_MS, 3 * MINUTE_MS),
  delays: fc.array(delay, { minLength: 45, maxLength: 45 }),
  together: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }),
  plantAt: fc.option(fc.nat({ max: SPAN_MS }), { nil: null }),
  deaths: fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 12 }),
});

/** @param list events, of people too, in the two hours that made-up events lie in */
export const lifeOf = (list: readonly object[], after: Plant): fc.Arbitrary<Life> =>
  chances.map(({ stretch, tickMs, delays, together, plantAt, deaths }) => {
    const spread = (instant: number): number => BEGIN + (instant - BEGIN) * stretch;
    const arrivals = list
      .map((event, index) => spreadOut(event as Timed, spread, (delays[index] ?? 0) * stretch))
      .sort((a, b) => a.at - b.at);
    const steps: LifeStep[] = [];
    for (const [index, { at, event }] of arrivals.entries()) {
      const last = steps.at(-1);
      const joins = together[index % together.length] === true && last !== undefined && 'events' in last;
      if (joins) steps[steps.length - 1] = { at, events: [...last.events, event] };
      else steps.push({ at, events: [event] });
    }
    const end = Math.max(spread(BEGIN + SPAN_MS), arrivals.at(-1)?.at ?? BEGIN) + 5 * MINUTE_MS;
    for (let at = BEGIN; at <= end; at += tickMs * stretch) steps.push({ at, tick: true });
    if (plantAt !== null) steps.push({ at: spread(BEGIN + plantAt), plant: after });
    steps.sort((a, b) => a.at - b.at);
    return { steps, deaths: new Set(deaths.map(n => n % steps.length)) };
  });

interface Timed {
  readonly at: number;
  readonly from?: number;
  readonly to?: number;
}

function spreadOut(event: Timed, spread: (instant: number) => number, delayMs: number): { at: number; event: object } {
  const said = Object.fromEntries(Object.entries(event).filter(([name]) => name === 'from' || name === 'to'));
  const spans = Object.fromEntries(Object.entries(said).map(([name, instant]) => [name, spread(instant as number)]));
  const at = spread(event.at);
  return { at: at + delayMs, event: { ...event, at, ...spans } };
}

/** Carries the steps out; after those of `deaths` the program is killed and started again. */
export function live(rig: PipelineRig, steps: readonly LifeStep[], deaths: ReadonlySet<number>): PipelineRig {
  for (const [index, step] of steps.entries()) {
    if ('events' in step) rig.events(step.events, step.at);
    else if ('tick' in step) rig.tick(step.at);
    else rig.changePlant(step.plant, step.at);
    if (deaths.has(index)) rig.restart();
  }
  return rig;
}

/** The newest word on every window and interval, and every revision ever published, by the points of a history that keeps all. */
export function toldBy(rig: PipelineRig): Record<string, string> {
  const points = new Map<string, string>();
  for (const output of rig.outputs) {
    if (output.type === 'interval') points.set(`${output.unit} interval ${output.from}`, packOutput(output));
    if (output.type === 'result') for (const point of pointsOf(output)) points.set(point, packOutput(output));
  }
  return Object.fromEntries([...points].sort());
}

function pointsOf({ unit, kind, name, start, revision, final }: WindowResult): string[] {
  const sliding = kind.startsWith('last');
  const window = `${unit} ${kind} ${sliding ? '' : start} ${kind === 'shift' ? name : ''}`;
  return !sliding && (final || revision > 0) ? [window, `${window} revision ${revision}`] : [window];
}
