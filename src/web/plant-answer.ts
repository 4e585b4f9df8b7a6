// Plant answer: what the page asks of the server over HTTP, and the shapes of the answers.
// In: unit, window, span. Out: the plant, a machine's timeline, results of a window kind.
// Touches: the network, through a `fetch` handed in.

import type { WireInterval, WireResult } from '../core/result-to-wire.ts';
import type { WireLine, WireMachine, WirePlant, WireSite } from '../core/wire-plant.ts';
import { Refusal, troubleIn } from './server-refusal.ts';

export type MachineAnswer = WireMachine;
export type LineAnswer = WireLine;
export type SiteAnswer = WireSite;
export type PlantAnswer = WirePlant;

export function machinesOf(plant: PlantAnswer): MachineAnswer[] {
  return plant.sites.flatMap(site => site.areas.flatMap(area => area.lines.flatMap(line => line.machines)));
}

export interface PlantReader {
  plant(): Promise<PlantAnswer>;
  timeline(unit: string, from: number, to: number): Promise<readonly WireInterval[]>;
  results(unit: string, window: string, from: number, to: number): Promise<readonly WireResult[]>;
}

/** How long an answer may take; a page that waits for ever looks like one that works. */
const ANSWER_MS = 10_000;

export function createPlantReader(get: typeof fetch, token: string | null): PlantReader {
  async function read<T>(path: string): Promise<T> {
    const headers: HeadersInit = token === null ? {} : { authorization: `Bearer ${token}` };
    const answer = await get(path, { headers, signal: AbortSignal.timeout(ANSWER_MS) });
    if (!answer.ok) throw new Refusal(await troubleIn(answer));
    return (await answer.json()) as T;
  }
  const span = (from: number, to: number): string =>
    `from=${new Date(from).toISOString()}&to=${new Date(to).toISOString()}`;

  return {
    plant: () => read('v1/plant'),
    timeline: async (unit, from, to) => {
      const path = `v1/units/${encodeURIComponent(unit)}/timeline?${span(from, to)}`;
      return (await read<{ intervals: readonly WireInterval[] }>(path)).intervals;
    },
    results: async (unit, window, from, to) => {
      const path = `v1/oee?unit=${encodeURIComponent(unit)}&window=${window}&${span(from, to)}`;
      return (await read<{ results: readonly WireResult[] }>(path)).results;
    },
  };
}
