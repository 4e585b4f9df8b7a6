// Core speed: what one event costs in a machine's step, and whether it costs more where there are more machines.
// In: plants of three sizes. Out: events per second, CPU per event, and how flat it is.
// Pure but for the harness's meters.

import type { FactEvent } from '../src/core/event.ts';
import type { Machine } from '../src/core/machine.ts';
import { hasFinals, letGo, tallyOfFrame, tellWindows } from '../src/core/machine-results.ts';
import { adoptPlant, newPartition } from '../src/core/partition.ts';
import { settle } from '../src/core/settle.ts';
import { addInto, emptyTally } from '../src/core/tally.ts';
import { minuteOf } from '../src/core/time.ts';
import type { Answer, Size } from './answer.ts';
import { benchEvents, benchPlant } from './bench-plant.ts';
import { figuresOf, measure, type Proof, type Run, type Side, type SideFigures, sameWork } from './harness.ts';

/** Machines, and events per run: at least eight of each machine after its first two. */
const SIZES: Readonly<Record<Size, readonly (readonly [machines: number, events: number])[]>> = {
  smoke: [
    [10, 20_000],
    [1_000, 20_000],
    [10_000, 80_000],
  ],
  full: [
    [10, 200_000],
    [1_000, 200_000],
    [100_000, 800_000],
  ],
};
const ROUNDS: Readonly<Record<Size, number>> = { smoke: 1, full: 2 };
/** Slow machines, so that few events of each cross minutes, as many events of a fast one do. */
const EVERY_MS = 15_000;
/** Before this a machine is being set up: its first event opens its windows. */
const WARM_TURNS = 2;

interface Floor {
  readonly machines: readonly Machine[];
  readonly facts: readonly FactEvent[];
}

/** The step as a worker does it: one fact at a time, the hardest case; windows that became final are told and let go. */
function step(machine: Machine, fact: FactEvent): void {
  const minute = minuteOf(machine.edge);
  machine.fresh.push(fact);
  settle(machine);
  machine.intervals.length = 0;
  if (hasFinals(machine)) tellWindows(machine, false);
  if (minuteOf(machine.edge) !== minute) letGo(machine);
}

function work({ machines, facts }: Floor, from: number, to: number): void {
  for (let number = from; number < to; number += 1) {
    const machine = machines[number % machines.length];
    const fact = facts[number];
    if (machine !== undefined && fact !== undefined) step(machine, fact);
  }
}

function coreSide(machines: number, events: number): Side<Floor, Floor> {
  const warm = machines * WARM_TURNS;
  const plant = benchPlant(machines);
  const facts = [
    ...benchEvents(
      plant.machines.map(machine => machine.id),
      warm + events,
      EVERY_MS,
    ),
  ];
  return {
    name: `${machines.toLocaleString('en-US')} machines`,
    prepare: () => {
      const partition = newPartition(0, () => true);
      adoptPlant(partition, plant);
      const floor = { machines: [...partition.machines.values()], facts };
      work(floor, 0, warm);
      for (const machine of floor.machines) openWindows(machine);
      return floor;
    },
    run: floor => {
      work(floor, warm, warm + events);
      return floor;
    },
    prove: floor => proofOf(floor, events),
  };
}

/** Windows that hold a machine's first event are read from its facts once; from then on they are booked like all others. */
function openWindows(machine: Machine): void {
  for (const { kind, cells } of machine.tracks)
    for (const { frame } of cells.values()) tallyOfFrame(machine, kind, frame);
}

/** Pieces, run time and stops in all business days that are at hand. */
function proofOf({ machines }: Floor, events: number): Proof {
  const sum = emptyTally();
  for (const machine of machines) {
    const days = machine.tracks.find(track => track.kind === 'day')?.cells.values() ?? [];
    for (const { frame } of days) addInto(sum, tallyOfFrame(machine, 'day', frame));
  }
  const { good, producing, stops, microStops } = sum;
  return { events, checksum: `good ${good}, producing ${producing} ms, stops ${stops + microStops}` };
}

export async function coreSpeed(size: Size): Promise<Answer> {
  const sides = SIZES[size].map(([machines, events]) => coreSide(machines, events));
  const runs = new Map<string, Run[]>(sides.map(side => [side.name, []]));
  for (const side of sides) await measure(side);
  for (let round = 0; round < ROUNDS[size]; round += 1) {
    for (const side of [...sides, ...[...sides].reverse()]) runs.get(side.name)?.push(await measure(side));
  }
  const proofs = [...runs].map(([side, own]) => sameWork(own.map(run => ({ ...run, side }))));
  const figures = [...runs].map(([side, own]): SideFigures => figuresOf(side, own));
  const costs = figures.map(each => each.cpuUsPerEvent);
  return {
    question: 'what does an event cost in the step of a machine, and does it cost more among many machines?',
    figures: figures.flatMap(({ name, eventsPerSecond, cpuUsPerEvent }) => [
      { what: name, value: eventsPerSecond, unit: 'events/s' },
      { what: `${name}, CPU`, value: cpuUsPerEvent, unit: 'µs/event' },
    ]),
    verdict: {
      what: 'dearest over cheapest',
      value: Math.max(...costs) / Math.min(...costs),
      aim: { atMost: 1.5 },
      floor: 3,
    },
    checksum: proofs.map(proof => proof.checksum).join(' | '),
  };
}
