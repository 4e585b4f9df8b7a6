// Explain plant: what the engine understood of a plant file, for the person who wrote it.
// In: a resolved plant and the present instant. Out: text for a terminal: units, shifts, machines, cycles.
// Pure.

import { calendarOf, type ShiftInstance } from '../core/calendar.ts';
import type { CalendarModel, MachineModel, Plant } from '../core/plant-model.ts';
import { explainAlerts } from './explain-alerts.ts';
import { explainReceivers } from './explain-receivers.ts';
import { shownDuration, shownPercent } from './measure.ts';
import { parsePlant } from './parse-plant.ts';
import { explainFaults, isPlantFaults } from './plant-fault.ts';

/**
 * Checks a plant file's text.
 * @returns ok and what was understood, or not ok and every fault
 */
export function checkPlantFile(text: string, name: string, now: number): { ok: boolean; text: string } {
  const plant = parsePlant(text, name);
  if (isPlantFaults(plant)) return { ok: false, text: explainFaults(plant) };
  return { ok: true, text: `${name} is a good plant file.\n\n${explainPlant(plant, now)}` };
}

/** The whole plant in words, in the order in which a person checks it. */
export function explainPlant(plant: Plant, now: number): string {
  return [
    ...heading(plant),
    ...units(plant),
    ...calendars(plant, now),
    ...machines(plant),
    ...cycles(plant),
    ...explainAlerts(plant),
    ...explainReceivers(plant),
    '',
  ].join('\n');
}

function heading({ name, revision, settings, ...plant }: Plant): string[] {
  const sliding = settings.slidingMinutes.map(minutes => `${minutes} min`).join(', ');
  return [
    `${name} · revision ${revision}`,
    [
      plural(plant.sites.length, 'site'),
      plural(plant.areas.length, 'area'),
      plural(plant.lines.length, 'line'),
      plural(plant.machines.length, 'machine'),
      plural(plant.products.length, 'product'),
      plural(plant.calendars.length, 'calendar'),
    ].join(', '),
    `results final ${shownDuration(settings.latenessMs)} after their window's end, restated for ${shownDuration(settings.horizonMs)};` +
      ` events at most ${shownDuration(settings.maxAheadMs)} ahead; sliding windows ${sliding};` +
      ` live edge every ${shownDuration(settings.refreshMs)}`,
  ];
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function units(plant: Plant): string[] {
  const lines = ['', 'UNITS'];
  const show = (depth: number, id: string, name: string, ...rest: string[]): void => {
    const target = plant.targets[id];
    const said = [name === id ? '' : name, ...rest, target === undefined ? '' : `target ${shownPercent(target)}`];
    lines.push(`${'  '.repeat(depth)}${id}  ${said.filter(part => part !== '').join(' · ')}`.trimEnd());
  };
  for (const site of plant.sites) {
    show(1, site.id, site.name, site.zone);
    for (const area of plant.areas.filter(each => each.site === site.id)) {
      show(2, area.id, area.name);
      for (const line of plant.lines.filter(each => each.area === area.id)) {
        const { kind, constraint } = line;
        show(3, line.id, line.name, constraint === null ? kind : `${kind}, constraint ${constraint}`);
        for (const machine of plant.machines.filter(each => each.line === line.id)) show(4, machine.id, machine.name);
      }
    }
  }
  return lines;
}

/** How many of the coming shifts are shown per calendar. */
const SHIFTS_SHOWN = 3;

function calendars(plant: Plant, now: number): string[] {
  return plant.calendars.flatMap(model => {
    const calendar = calendarOf(model);
    const local = localClock(model.zone);
    const shift = calendar.shiftAt(now);
    const present = shift === null ? 'no shift' : `${shift.name}${crewOf(shift)} until ${local.time(shift.end)}`;
    const next = calendar.nextShifts(now, SHIFTS_SHOWN);
    const rows = next.map(each => [
      '',
      local.date(each.start),
      `${local.time(each.start)}–${local.time(each.end)}`,
      `${each.name}${crewOf(each)}`,
      shownHours(each),
      each.breaks.map(pause => `${pause.name} ${local.time(pause.from)}–${local.time(pause.to)}`).join(', ') ||
        'no break',
    ]);
    return [
      '',
      `CALENDAR ${model.id} · ${model.zone} · business day from ${model.dayStart} · ${shownExceptions(model)}`,
      `  now ${local.date(now)} ${local.time(now)}: ${present}; then`,
      ...(next.length === 0 ? ['  no shift within the next two years'] : table(rows)),
    ];
  });
}

const crewOf = ({ crew }: ShiftInstance): string => (crew === null ? '' : ` (crew ${crew})`);

/** The length on the clock on the wall may be another: this is how long it really is. */
function shownHours({ start, end }: ShiftInstance): string {
  const minutes = Math.round((end - start) / 60_000);
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function shownExceptions({ revisions }: CalendarModel): string {
  const newest = revisions.at(-1);
  const later = revisions.slice(1).map(({ from }) => from);
  return [
    newest?.rotation === undefined ? 'weekly' : `rotation of ${newest.rotation.days.length} days`,
    plural(newest?.holidays.length ?? 0, 'holiday'),
    plural(newest?.exceptions.length ?? 0, 'exception'),
    later.length === 0 ? 'no revision' : `revised from ${later.join(', ')}`,
  ].join(', ');
}

/** Wall clock of a zone for people: Sun 2026-11-22 and 06:00. */
function localClock(zone: string): { date: (t: number) => string; time: (t: number) => string } {
  const day = new Intl.DateTimeFormat('en-GB', { timeZone: zone, weekday: 'short' });
  const date = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short' });
  const time = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return { date: t => `${day.format(t)} ${date.format(t)}`, time: t => time.format(t) };
}

function machines(plant: Plant): string[] {
  const rows = plant.machines.map(machine => [
    machine.id,
    machine.line,
    machine.calendar,
    `${Object.keys(machine.vocabulary).length}`,
    `${Object.keys(machine.reasons).length}`,
    `< ${shownDuration(machine.microStopMs)}`,
    machine.silenceMs === null ? 'off' : `> ${shownDuration(machine.silenceMs)}`,
    shownCounters(machine),
    machine.maxRate === null ? 'any' : `<= ${shownRate(machine.maxRate)}`,
    machine.countEdge,
    machine.product ?? '–',
  ]);
  const head = ['machine', 'line', 'calendar', 'words', 'reasons', 'micro-stop', 'silence', 'counters', 'rate', 'edge'];
  return ['', 'MACHINES', ...table([[...head, 'product without order'], ...rows])];
}

function shownCounters({ counters }: MachineModel): string {
  const shown = Object.entries(counters).map(([name, counter]) => {
    const modulus = counter?.modulus === null || counter === undefined ? '' : ` mod ${counter.modulus}`;
    return `${name}${modulus}${counter?.startsWithOrder === true ? ' from order' : ''}`;
  });
  return shown.length === 0 ? 'increments' : shown.join(', ');
}

function cycles(plant: Plant): string[] {
  const zones = new Map(plant.calendars.map(({ id, zone }) => [id, localClock(zone)]));
  const rows = plant.machines.flatMap(machine => {
    if (machine.cycles.length === 0) return [[machine.id, 'none', '–', '–', 'no performance and no OEE without one']];
    return machine.cycles.map(({ product, cycleUs, from }) => {
      const local = zones.get(machine.calendar);
      const since = from === 0 || local === undefined ? 'always' : `since ${local.date(from)} ${local.time(from)}`;
      const perHour = Number((3_600_000_000 / cycleUs).toFixed(2));
      return [machine.id, product, shownCycle(cycleUs), `${perHour}`, since];
    });
  });
  return ['', 'IDEAL CYCLES', ...table([['machine', 'product', 'cycle', 'pieces/h', 'valid'], ...rows])];
}

/** Cycles are compared with each other: milliseconds below a second, seconds above, never minutes. */
const shownCycle = (us: number): string => (us < 1_000_000 ? `${us / 1000} ms` : `${us / 1_000_000} s`);

/** Pieces per second, per minute or per hour: the first that gives a whole piece. */
function shownRate(perSecond: number): string {
  const [times, unit] = perSecond >= 1 ? [1, 's'] : perSecond * 60 >= 1 ? [60, 'min'] : [3600, 'h'];
  return `${Number((perSecond * times).toFixed(3))}/${unit}`;
}

/** Columns as wide as their widest cell, two spaces apart. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>((wide, row) => row.map((cell, i) => Math.max(wide[i] ?? 0, cell.length)), []);
  return rows.map(row => `  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')}`.trimEnd());
}
