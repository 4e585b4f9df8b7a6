// Bench plant: a plant of any size, and a seeded stream of what its machines would send.
// In: number of machines and events. Out: a resolved plant; events in the order in which a line's gateway sends them.
// Pure.

import type { FactEvent } from '../src/core/event.ts';
import type { LogEntry } from '../src/core/log-entry.ts';
import type { CalendarModel, LineModel, MachineModel, Plant } from '../src/core/plant-model.ts';
import { SHIPPED_VOCABULARIES } from '../src/core/vocabulary.ts';
import { chanceOf } from '../src/demo/chance.ts';

export const SEED = 'oee-bench-1';
/** Monday, 06:00 in Berlin: shift, business day and hour begin, so that no machine is born into the middle of a window. */
export const START = Date.UTC(2026, 10, 23, 5);
const MACHINES_PER_LINE = 10;
const LATE_MS = 60_000;

const shift = (name: string, start: string, end: string, pause: string, until: string) => ({
  name,
  start,
  end,
  breaks: [{ name: 'break', start: pause, end: until }],
});
const DAY = [
  shift('early', '06:00', '14:00', '09:30', '10:00'),
  shift('late', '14:00', '22:00', '18:00', '18:30'),
  shift('night', '22:00', '06:00', '02:00', '02:30'),
];
const CALENDAR: CalendarModel = {
  id: 'three-shifts',
  zone: 'Europe/Berlin',
  dayStart: '06:00',
  revisions: [{ from: '1970-01-01', weekly: Array.from({ length: 7 }, () => DAY), holidays: [], exceptions: [] }],
};

function machineModel(id: string, line: string): MachineModel {
  return {
    id,
    name: id,
    line,
    area: 'area-1',
    site: 'site-1',
    calendar: CALENDAR.id,
    vocabulary: SHIPPED_VOCABULARIES.packml ?? {},
    reasons: {},
    microStopMs: 120_000,
    silenceMs: 300_000,
    counters: {},
    maxRate: null,
    countEdge: 'starting',
    product: 'bottle',
    cycles: [{ product: 'bottle', from: 0, cycleUs: 650_000 }],
    tags: [],
  };
}

/** Lines of ten machines; every second line is serial. */
export function benchPlant(machines: number): Plant {
  const place = { area: 'area-1', site: 'site-1' };
  const lines = Array.from({ length: Math.ceil(machines / MACHINES_PER_LINE) }, (_, number): LineModel => {
    const first = number * MACHINES_PER_LINE;
    const count = Math.min(MACHINES_PER_LINE, machines - first);
    const ids = Array.from({ length: count }, (_each, place) => `machine-${first + place}`);
    const serial = number % 2 === 0;
    const kind = serial ? 'serial' : 'parallel';
    return {
      id: `line-${number}`,
      name: `Line ${number}`,
      ...place,
      kind,
      machines: ids,
      constraint: serial ? (ids[0] ?? null) : null,
      tags: [],
    };
  });
  return {
    name: 'bench',
    revision: `bench-${machines}`,
    settings: {
      latenessMs: 60_000,
      horizonMs: 7 * 86_400_000,
      maxAheadMs: 60_000,
      slidingMinutes: [5, 60],
      refreshMs: 5_000,
    },
    sites: [{ id: 'site-1', name: 'Site', zone: CALENDAR.zone, areas: ['area-1'] }],
    areas: [{ id: 'area-1', name: 'Area', site: 'site-1', lines: lines.map(line => line.id) }],
    lines,
    machines: lines.flatMap(line => line.machines.map(id => machineModel(id, line.id))),
    products: [{ id: 'bottle', name: 'Bottle', piece: 'bottle' }],
    calendars: [CALENDAR],
    targets: {},
    alerts: [],
    maintenance: [],
    receivers: [],
  };
}

/**
 * Counts, now and then a stop, a neighbour's jam or a heartbeat; one event in fifty comes a minute late. Machines take turns,
 * so that the same number of events per machine covers the same time, however many machines there are.
 */
export function* benchEvents(machines: readonly string[], count: number, everyMs: number): Generator<FactEvent> {
  const chance = chanceOf(SEED);
  const words = ['EXECUTE', 'HELD', 'SUSPENDED', 'EXECUTE', 'STOPPED', 'EXECUTE'];
  for (let number = 0; number < count; number += 1) {
    const machine = machines[number % machines.length] ?? '';
    const turn = Math.floor(number / machines.length);
    const lag = turn * everyMs > 2 * LATE_MS && chance.hits(0.02) ? LATE_MS : 0;
    const at = START + turn * everyMs + chance.whole(0, everyMs - 1) - lag;
    const head = { id: `e${number}`, machine, at };
    const dice = chance.next();
    if (turn === 0) yield { ...head, type: 'state', state: 'EXECUTE' };
    else if (dice < 0.85) {
      yield { ...head, type: 'count', good: chance.whole(1, 5), reject: chance.hits(0.05) ? 1 : 0 };
    } else if (dice < 0.95)
      yield { ...head, type: 'state', state: chance.pick(words), reason: `E${chance.whole(1, 9)}` };
    else yield { ...head, type: 'heartbeat' };
  }
}

export interface LogOptions {
  readonly events: number;
  /** every machine says something about this often */
  readonly everyMs: number;
  /** events in one packed entry */
  readonly perEntry: number;
  /** one tick after so many entries: a second of a busy worker */
  readonly entriesPerTick: number;
}

/** The log of a partition: its plant, then packed batches as they were sent, with a tick now and then. */
export function benchLog(plant: Plant, { events, everyMs, perEntry, entriesPerTick }: LogOptions): LogEntry[] {
  const log: LogEntry[] = [{ id: `${START}-0`, at: START, kind: 'plant', body: JSON.stringify(plant) }];
  let batch: string[] = [];
  let latest = START;
  let packed = 0;
  const pack = (): void => {
    if (batch.length === 0) return;
    packed += 1;
    log.push({ id: `${latest}-${log.length}`, at: latest, kind: 'events', body: batch.join('\n') });
    if (packed % entriesPerTick === 0) log.push({ id: `${latest}-${log.length}`, at: latest, kind: 'tick', body: '' });
    batch = [];
  };
  const ids = plant.machines.map(machine => machine.id);
  for (const event of benchEvents(ids, events, everyMs)) {
    latest = Math.max(latest, event.at);
    batch.push(JSON.stringify(event));
    if (batch.length === perEntry) pack();
  }
  pack();
  return log;
}
