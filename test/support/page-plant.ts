// Page plant: a made-up plant as GET /v1/plant answers it: two sites, three lines, eleven machines.
// In: the time now. Out: the answer.
// Pure.

import type { WireAlertRule } from '../../src/core/wire-plant.ts';
import type { MachineAnswer, PlantAnswer } from '../../src/web/plant-answer.ts';

function machine(id: string, name: string, product: string | null): MachineAnswer {
  const named = (text: string) => ({ text, claim: null });
  const reasons = { E42: named('Label reel torn'), C1: named('Format change'), M7: named('Spindle overload') };
  return { id, name, product, microStopMs: 120_000, silenceMs: 60_000, state: null, reasons };
}

export const PAGE_LINES = [
  {
    id: 'bottling-1',
    name: 'Bottling line 1',
    kind: 'serial' as const,
    constraint: 'filler',
    machines: [
      machine('depalletizer', 'Depalletizer', 'cola-05'),
      machine('filler', 'Filler', 'cola-05'),
      machine('capper', 'Capper', 'cola-05'),
      machine('labeller', 'Labeller', 'cola-05'),
      machine('packer', 'Packer', 'cola-05'),
    ],
  },
  {
    id: 'benches',
    name: 'Assembly benches',
    kind: 'parallel' as const,
    constraint: null,
    machines: [machine('bench-1', 'Bench 1', 'pump-a'), machine('bench-2', 'Bench 2', 'pump-b')],
  },
  {
    id: 'cnc-cells',
    name: 'CNC cells',
    kind: 'parallel' as const,
    constraint: null,
    machines: [
      machine('cnc-1', 'CNC 1', 'bracket'),
      machine('cnc-2', 'CNC 2', 'bracket'),
      machine('cnc-3', 'CNC 3 (older)', 'housing'),
      machine('cnc-4', 'CNC 4', 'housing'),
    ],
  },
];

const [BOTTLING, BENCHES, CELLS] = PAGE_LINES as [
  (typeof PAGE_LINES)[0],
  (typeof PAGE_LINES)[1],
  (typeof PAGE_LINES)[2],
];

export const PAGE_SITES = [
  { id: 'bergen', lines: ['bottling-1', 'benches'] },
  { id: 'detroit', lines: ['cnc-cells'] },
];

/** By which the filler's alert is said; its sentence is the engine's own words for it. */
export const PAGE_RULE: WireAlertRule = {
  id: 'filler-stopped',
  text: 'Filler stands',
  severity: 'critical',
  condition: { kind: 'stopLonger', longerMs: 600_000 },
  forMs: 0,
};

export function pagePlant(shiftStart: number, now: number): PlantAnswer {
  const shift = (site: string, line: string, name: string) => ({
    site,
    line,
    name,
    crew: null,
    start: new Date(shiftStart).toISOString(),
    end: new Date(shiftStart + 8 * 3_600_000).toISOString(),
    businessDay: new Date(shiftStart).toISOString().slice(0, 10),
  });
  return {
    name: 'Fjord & Motor City',
    revision: 'r1',
    now: new Date(now).toISOString(),
    settings: {
      latenessMs: 60_000,
      horizonMs: 7 * 86_400_000,
      maxAheadMs: 60_000,
      slidingMinutes: [5, 60],
      refreshMs: 1_000,
    },
    sites: [
      {
        id: 'bergen',
        name: 'Fjord Drinks, Bergen',
        zone: 'Europe/Oslo',
        areas: [
          { id: 'filling', name: 'Filling hall', lines: [BOTTLING] },
          { id: 'assembly', name: 'Pump assembly', lines: [BENCHES] },
        ],
      },
      {
        id: 'detroit',
        name: 'Motor City Machining, Detroit',
        zone: 'America/Detroit',
        areas: [{ id: 'machining', name: 'Machining', lines: [CELLS] }],
      },
    ],
    products: [
      { id: 'cola-05', name: 'Cola 0.5 l', piece: 'bottle' },
      { id: 'pump-a', name: 'Pump A', piece: 'pump' },
      { id: 'pump-b', name: 'Pump B with sensor', piece: 'pump' },
      { id: 'bracket', name: 'Steering bracket', piece: 'part' },
      { id: 'housing', name: 'Gearbox housing', piece: 'part' },
    ],
    shiftsNow: [
      shift('bergen', 'bottling-1', 'early'),
      shift('bergen', 'benches', 'early'),
      shift('detroit', 'cnc-cells', 'first'),
    ],
    alerts: [PAGE_RULE],
    targets: { 'bottling-1': 0.75, filler: 0.75, benches: 0.8, 'cnc-cells': 0.6, 'cnc-1': 0.65 },
  };
}
