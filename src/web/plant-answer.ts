// Plant answer: what the page asks of the server over HTTP, and the shapes of the answers.
// In: unit, window, span. Out: the plant, a machine's timeline, results of a window kind.
// Touches: the network, through a `fetch` handed in.

import type { WireInterval, WireResult, WireState } from '../core/result-to-wire.ts';
import type { Claim } from '../core/vocabulary.ts';

export interface MachineAnswer {
  readonly id: string;
  readonly name: string;
  readonly product: string | null;
  readonly microStopMs: number;
  readonly silenceMs: number | null;
  readonly state: WireState | null;
  /** what the machine's reason codes mean, where the plant file says so */
  readonly reasons?: Readonly<Record<string, { readonly text: string; readonly claim?: Claim | null }>>;
}

export interface LineAnswer {
  readonly id: string;
  readonly name: string;
  readonly kind: 'serial' | 'parallel';
  readonly constraint: string | null;
  readonly machines: readonly MachineAnswer[];
}

export interface AreaAnswer {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly LineAnswer[];
}

export interface SiteAnswer {
  readonly id: string;
  readonly name: string;
  readonly zone: string;
  readonly areas: readonly AreaAnswer[];
}

export interface ShiftNow {
  readonly site: string;
  readonly line: string;
  readonly name: string;
  readonly start: string;
  readonly end: string;
  readonly businessDay: string;
}

export interface PlantAnswer {
  readonly name: string;
  readonly revision: string;
  /** the server's clock */
  readonly now: string;
  readonly settings: { readonly slidingMinutes: readonly number[]; readonly refreshMs: number };
  readonly sites: readonly SiteAnswer[];
  readonly products: readonly { readonly id: string; readonly name: string; readonly piece: string }[];
  readonly shiftsNow: readonly ShiftNow[];
  readonly targets: Readonly<Record<string, number>>;
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
    if (!answer.ok) throw new Error(`${path.split('?')[0]}: ${answer.status} ${answer.statusText}`);
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
