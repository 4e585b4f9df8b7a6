// Chaos traffic: all that is sent in a run, in phases, so that two runs of it can be told apart by nothing but their faults.
// In: a form. Out: phases, each with one queue of batches for each gateway.
// Pure, and the same every time that it is asked.
//
// Ticks come by the wall clock, so how often a window is told on its way is luck. What is final may not be luck:
// - A gateway sends one batch after the other, so each partition hears its events in one order whatever dies.
// - Facts of a running shift are late by less than the lateness, so no final window waits for a tick to be restated.
// - What restates final windows comes in one batch of a line, hence in one entry of its log, hence in one tick, and each
//   phase is settled before the next: one more revision for each window and phase, however many ticks fell.
// - In such a phase one line of a site speaks: an area counts revisions of its own, one for each line that restates.
// - Events are older than the horizon by the wall clock, so no tick moves a machine's edge.
// - Windows that a correction touches are final by then or stay open to the end of the run.

import type { ChaosForm } from './chaos-form.ts';
import { ChaosGateway } from './chaos-gateway.ts';
import { GATEWAYS } from './chaos-plant.ts';
import type { ChaosBatch } from './chaos-voice.ts';

export interface ChaosPhase {
  /** it restates what is final */
  readonly isLate: boolean;
  /** batches of each gateway, in its order; each may be read once */
  readonly queues: readonly Iterable<ChaosBatch>[];
}

export function* chaosPhases(form: ChaosForm): Generator<ChaosPhase> {
  const gateways = GATEWAYS.map((lines, place) => new ChaosGateway(lines, form, place));
  const phase = (isLate: boolean, queue: (gateway: ChaosGateway) => Iterable<ChaosBatch>): ChaosPhase => ({
    isLate,
    queues: gateways.map(queue),
  });
  yield phase(false, gateway => gateway.rollCall());
  for (let round = 0; round < form.rounds; round += 1) {
    yield phase(false, gateway => gateway.shifts(round));
    for (let turn = 0; turn < 3; turn += 1) {
      yield phase(true, gateway => gateway.late(gateway.lines[turn] ?? '', round));
    }
  }
}
