// Story plant: the settings table of a story becomes a plant.
// In: rows of settings. Out: a resolved plant, and how the story's times are read.
// Pure.

import { Temporal } from 'temporal-polyfill';
import type {
  BreakModel,
  CounterModel,
  CounterName,
  CycleModel,
  LineModel,
  MachineModel,
  Plant,
  ReasonModel,
  ShiftModel,
} from '../../src/core/plant-model.ts';
import { CLAIMS, type Claim, SHIPPED_VOCABULARIES } from '../../src/core/vocabulary.ts';
import { SETTINGS } from './small-plant.ts';
import { cell, durationOf, instantReader, type Row, StoryError } from './story-table.ts';

export interface StoryPlant {
  readonly plant: Plant;
  readonly date: string;
  readonly instant: (row: Row, text: string) => number;
}

/** What the settings say, gathered row by row. */
interface Draft {
  date: string;
  zone: string;
  dayStart: string;
  shifts: { name: string; start: string; end: string; breaks: BreakModel[] }[];
  lines: LineModel[];
  cycles: CycleModel[];
  counters: Partial<Record<CounterName, CounterModel>>;
  reasons: Record<string, ReasonModel>;
  machine: Partial<MachineModel>;
  settings: Partial<Plant['settings']>;
}

type Setter = (draft: Draft, value: string, row: Row) => void;

const HOURS = /^(?:(\S+) )?(\d\d:\d\d)-(\d\d:\d\d)$/;
const wrong = (row: Row, wanted: string): never => {
  throw new StoryError(row.place, `"${cell(row, 'value')}": write ${wanted}`);
};
const msOf = (value: string, row: Row): number => durationOf(value) ?? wrong(row, 'a duration such as "2 min"');
const place = { area: 'area-1', site: 'site-1' };

const SETTERS: Readonly<Record<string, Setter>> = {
  date: (draft, value) => {
    draft.date = value;
  },
  zone: (draft, value) => {
    draft.zone = value;
  },
  'day start': (draft, value) => {
    draft.dayStart = value;
  },
  shift: (draft, value, row) => {
    const [, name = '', start = '', end = ''] = HOURS.exec(value) ?? wrong(row, '"name HH:MM-HH:MM"');
    draft.shifts.push({ name, start, end, breaks: [] });
  },
  break: (draft, value, row) => {
    const [, name = '', start = '', end = ''] = HOURS.exec(value) ?? wrong(row, '"shift HH:MM-HH:MM"');
    const shift =
      draft.shifts.find(each => each.name === name) ?? wrong(row, 'the name of a shift above, then HH:MM-HH:MM');
    shift.breaks.push({ name: 'break', start, end });
  },
  line: (draft, value, row) => {
    const parts =
      /^(\S+) (serial|parallel): (.+?)(?:; constraint (\S+))?$/.exec(value) ??
      wrong(row, '"id parallel: m1 m2" or "id serial: m1 m2; constraint m1"');
    const [, id = '', kind, machines = '', constraint = null] = parts;
    draft.lines.push({
      id,
      name: id,
      ...place,
      kind: kind as LineModel['kind'],
      machines: machines.split(/[ ,]+/),
      constraint,
      tags: [],
    });
  },
  cycle: (draft, value, row) => {
    const [, product = '', length = ''] = /^(\S+) (.+)$/.exec(value) ?? wrong(row, '"product 1.5 s"');
    draft.cycles.push({ product, from: 0, cycleUs: Math.round(msOf(length, row) * 1000) });
  },
  product: (draft, value) => {
    draft.machine = { ...draft.machine, product: value === 'none' ? null : value };
  },
  counter: (draft, value, row) => {
    const [, name = '', modulus, order] =
      /^(total|good|reject|rework)(?: modulus (\d+))?( starts with order)?$/.exec(value) ??
      wrong(row, '"total", "total modulus 65536" or "total starts with order"');
    draft.counters[name as CounterName] = {
      modulus: modulus === undefined ? null : Number(modulus),
      startsWithOrder: order !== undefined,
    };
  },
  'max rate': (draft, value, row) => {
    draft.machine = {
      ...draft.machine,
      maxRate: Number(/^([\d.]+) per second$/.exec(value)?.[1] ?? wrong(row, '"2 per second"')),
    };
  },
  'count edge': (draft, value, row) => {
    if (value !== 'starting' && value !== 'ending') wrong(row, 'starting or ending');
    draft.machine = { ...draft.machine, countEdge: value as MachineModel['countEdge'] };
  },
  'micro-stop': (draft, value, row) => {
    draft.machine = { ...draft.machine, microStopMs: msOf(value, row) };
  },
  silence: (draft, value, row) => {
    draft.machine = { ...draft.machine, silenceMs: value === 'none' ? null : msOf(value, row) };
  },
  vocabulary: (draft, value, row) => {
    draft.machine = {
      ...draft.machine,
      vocabulary: SHIPPED_VOCABULARIES[value] ?? wrong(row, Object.keys(SHIPPED_VOCABULARIES).join(', ')),
    };
  },
  reason: (draft, value, row) => {
    const [code = '', claim = ''] = value.split(' ');
    if (!(CLAIMS as readonly string[]).includes(claim))
      wrong(row, `"code claim", the claim one of ${CLAIMS.join(', ')}`);
    draft.reasons[code] = { text: code, claim: claim as Claim };
  },
  lateness: (draft, value, row) => {
    draft.settings = { ...draft.settings, latenessMs: msOf(value, row) };
  },
  horizon: (draft, value, row) => {
    draft.settings = { ...draft.settings, horizonMs: msOf(value, row) };
  },
};

/** @param changes settings that a plant file changed later on: each takes the place of the rows of its kind */
export function storyPlant(rows: readonly Row[], changes: readonly Row[] = []): StoryPlant {
  const changed = new Set(changes.map(row => cell(row, 'setting')));
  const draft: Draft = {
    date: '2026-11-16',
    zone: 'UTC',
    dayStart: '00:00',
    shifts: [],
    lines: [],
    cycles: [],
    counters: {},
    reasons: {},
    machine: { product: 'p', silenceMs: null },
    settings: {},
  };
  for (const row of [...rows.filter(each => !changed.has(cell(each, 'setting'))), ...changes]) {
    const setter = SETTERS[cell(row, 'setting')];
    if (setter === undefined)
      throw new StoryError(
        row.place,
        `no setting "${cell(row, 'setting')}"; there are ${Object.keys(SETTERS).join(', ')}`,
      );
    setter(draft, cell(row, 'value'), row);
  }
  const local = (date: string, time: string): number =>
    Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(draft.zone).epochMilliseconds;
  return { plant: plantOf(draft, `r${changes.length}`), date: draft.date, instant: instantReader(draft.date, local) };
}

function plantOf(draft: Draft, revision: string): Plant {
  const weekly = Array.from({ length: 7 }, (): ShiftModel[] => draft.shifts);
  const lines: LineModel[] =
    draft.lines.length > 0
      ? draft.lines
      : [{ id: 'line-1', name: 'line-1', ...place, kind: 'parallel', machines: ['m1'], constraint: null, tags: [] }];
  const machines = lines.flatMap(line => line.machines.map(id => machineOf(draft, id, line.id)));
  const products = [...new Set(draft.cycles.map(cycle => cycle.product))];
  return {
    name: 'story',
    revision,
    settings: { ...SETTINGS, ...draft.settings },
    sites: [{ id: 'site-1', name: 'site-1', zone: draft.zone, areas: ['area-1'] }],
    areas: [{ id: 'area-1', name: 'area-1', site: 'site-1', lines: lines.map(line => line.id) }],
    lines,
    machines,
    products: [...products, 'uncycled'].map(id => ({ id, name: id, piece: 'piece' })),
    calendars: [
      {
        id: 'days',
        zone: draft.zone,
        dayStart: draft.dayStart,
        revisions: [{ from: '1970-01-01', weekly, holidays: [], exceptions: [] }],
      },
    ],
    targets: {},
    alerts: [],
    maintenance: [],
    receivers: [],
  };
}

/** A cycle of product `m2/p` is that of p on machine m2 alone. */
function machineOf(draft: Draft, id: string, line: string): MachineModel {
  const own = draft.cycles
    .filter(cycle => cycle.product.startsWith(`${id}/`))
    .map(cycle => ({ ...cycle, product: cycle.product.slice(id.length + 1) }));
  const shared = draft.cycles.filter(
    cycle => !cycle.product.includes('/') && !own.some(each => each.product === cycle.product),
  );
  return {
    id,
    name: id,
    line,
    ...place,
    calendar: 'days',
    vocabulary: SHIPPED_VOCABULARIES.canonical ?? {},
    reasons: draft.reasons,
    microStopMs: 120_000,
    silenceMs: null,
    counters: draft.counters,
    maxRate: null,
    countEdge: 'starting',
    product: 'p',
    cycles: [...shared, ...own],
    tags: [],
    ...draft.machine,
  };
}
