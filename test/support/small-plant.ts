// Small plant: a plant in code for tests of the law: one serial line of two machines, one parallel line of two.
// In: overrides. Out: a resolved plant.
// Pure.

import type { CalendarModel, MachineModel, Plant, PlantSettings } from '../../src/core/plant-model.ts';
import { SHIPPED_VOCABULARIES } from '../../src/core/vocabulary.ts';

/** Every day one shift 06:00 to 14:00 UTC, no breaks. */
export const DAY_SHIFT: CalendarModel = {
  id: 'days',
  zone: 'UTC',
  dayStart: '00:00',
  revisions: [
    {
      from: '1970-01-01',
      weekly: Array.from({ length: 7 }, () => [{ name: 'early', start: '06:00', end: '14:00', breaks: [] }]),
      holidays: [],
      exceptions: [],
    },
  ],
};

export const SETTINGS: PlantSettings = {
  latenessMs: 60_000,
  horizonMs: 7 * 86_400_000,
  maxAheadMs: 60_000,
  slidingMinutes: [5, 60],
  refreshMs: 5_000,
};

/** A machine `id` on line `line` with a 1 s cycle of product `p`, micro-stops under 2 min, silence after 5 min. */
export function machineModel(id: string, line: string, overrides: Partial<MachineModel> = {}): MachineModel {
  return {
    id,
    name: id,
    line,
    area: 'area-1',
    site: 'site-1',
    calendar: 'days',
    vocabulary: SHIPPED_VOCABULARIES.canonical ?? {},
    reasons: { C1: { text: 'changeover', claim: 'setup' }, P1: { text: 'planned', claim: 'plannedStop' } },
    microStopMs: 120_000,
    silenceMs: 300_000,
    counters: {},
    maxRate: null,
    countEdge: 'starting',
    product: 'p',
    cycles: [
      { product: 'p', from: 0, cycleUs: 1_000_000 },
      { product: 'q', from: 0, cycleUs: 2_500_000 },
    ],
    tags: [],
    ...overrides,
  };
}

export interface SmallPlantOptions {
  readonly machine?: Partial<MachineModel>;
  readonly settings?: Partial<PlantSettings>;
  readonly calendar?: CalendarModel;
  readonly revision?: string;
}

/** Machines `m1`, `m2` in serial line `line-1` (constraint m1), `p1`, `p2` in parallel line `line-2`. */
export function smallPlant(options: SmallPlantOptions = {}): Plant {
  const { machine = {}, settings = {}, calendar = DAY_SHIFT, revision = 'r1' } = options;
  const place = { area: 'area-1', site: 'site-1' };
  return {
    name: 'small',
    revision,
    settings: { ...SETTINGS, ...settings },
    sites: [{ id: 'site-1', name: 'Site', zone: calendar.zone, areas: ['area-1'] }],
    areas: [{ id: 'area-1', name: 'Area', site: 'site-1', lines: ['line-1', 'line-2'] }],
    lines: [
      { id: 'line-1', name: 'Serial', ...place, kind: 'serial', machines: ['m1', 'm2'], constraint: 'm1', tags: [] },
      {
        id: 'line-2',
        name: 'Parallel',
        ...place,
        kind: 'parallel',
        machines: ['p1', 'p2'],
        constraint: null,
        tags: [],
      },
    ],
    machines: ['m1', 'm2', 'p1', 'p2'].map(id =>
      machineModel(id, id.startsWith('m') ? 'line-1' : 'line-2', { calendar: calendar.id, ...machine }),
    ),
    products: ['p', 'q', 'nocycle'].map(id => ({ id, name: id, piece: 'piece' })),
    calendars: [calendar],
    targets: {},
    alerts: [],
    maintenance: [],
    receivers: [],
  };
}
