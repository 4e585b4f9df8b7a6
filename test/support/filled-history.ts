// Filled history: a real InfluxDB with what the engine tells of some hours of the demo plant.
// In: a plant and a span. Out: the database.
// Touches: a child influxd.

import type { Plant } from '../../src/core/plant-model.ts';
import { MINUTE_MS } from '../../src/core/time.ts';
import { simulate } from '../../src/demo/simulate.ts';
import { placesOf } from '../../src/plant-places.ts';
import { engineToLines } from '../../src/sinks/influx/engine-to-lines.ts';
import { outputToLines, type PlaceOf } from '../../src/sinks/influx/result-to-lines.ts';
import { DEMO_SEED } from './demo-plant.ts';
import { type InfluxChild, startInfluxChild } from './influx-child.ts';
import { PipelineRig } from './pipeline-rig.ts';

export interface FilledHistory {
  readonly influx: InfluxChild;
  close(): Promise<void>;
}

const LINES_PER_WRITE = 5_000;

/** An engine of two partitions and one process, told once a minute. */
function engineLines(from: number, to: number): string[] {
  const figures = { lagMs: 40, lagEntries: 2, sinkLag: 5, deadLettered: 1, deadLettersKept: 1, holes: 0, owners: 1 };
  const doors = {
    sent: 50,
    rejected: 1,
    memory: 150e6,
    partitions: 2,
    liveClients: 3,
    liveRefused: 0,
    liveCoalesced: 0,
  };
  const about = { host: 'plant-server', roles: 'ingest+compute+web', process: 'p1', ...doors };
  return Array.from({ length: Math.floor((to - from) / MINUTE_MS) }, (_, minute) => {
    const totals = { accepted: minute * 50, duplicates: minute, commits: minute * 60 };
    const partitions = [3, 17].map(partition => ({ partition, worker: 'p1', ...figures, ...totals }));
    return engineToLines(from + minute * MINUTE_MS, partitions, about);
  }).flat();
}

export async function fillHistory(plant: Plant, from: number, to: number): Promise<FilledHistory> {
  const rig = new PipelineRig(plant, from);
  let minute = from;
  let batch: object[] = [];
  const hand = (): void => {
    if (batch.length > 0) rig.events(batch, minute);
    rig.tick(minute);
    batch = [];
  };
  for (const { sendAt, event } of simulate({ plant, seed: DEMO_SEED, from, to, withLatest: true })) {
    while (sendAt >= minute + MINUTE_MS) {
      hand();
      minute += MINUTE_MS;
    }
    batch.push(event);
  }
  hand();
  const influx = await startInfluxChild();
  const places = placesOf(plant);
  const nowhere = { site: null, area: null, line: null };
  const placeOf: PlaceOf = unit => places.get(unit) ?? nowhere;
  const lines = new Map(
    rig.outputs.flatMap(output => outputToLines(output, placeOf)).map(({ key, text }) => [key, text]),
  );
  const texts = [...lines.values(), ...engineLines(from, to)];
  for (let first = 0; first < texts.length; first += LINES_PER_WRITE) {
    const body = texts.slice(first, first + LINES_PER_WRITE).join('\n');
    const answer = await fetch(`${influx.url}/write?db=oee&precision=ms`, { method: 'POST', body });
    if (!answer.ok) throw new Error(await answer.text());
  }
  return { influx, close: influx.close };
}
