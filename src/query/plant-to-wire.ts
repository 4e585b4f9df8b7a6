// Plant to wire: the plant as a screen needs it: the tree of units, what each machine does, which shift runs.
// In: the plant, the live state. Out: plain JSON.
// Pure.

import { calendarOf } from '../core/calendar.ts';
import { liveStateOf } from '../core/machine.ts';
import type { LineModel, MachineModel, Plant } from '../core/plant-model.ts';
import { stateToWire } from '../core/result-to-wire.ts';
import { isoOf } from '../core/time.ts';
import type { WirePlant, WireShiftNow } from '../core/wire-plant.ts';
import type { ReadModel } from './read-model.ts';

export function plantToWire(plant: Plant, model: ReadModel, now: number): WirePlant {
  const machines = new Map(plant.machines.map(machine => [machine.id, machine]));
  const linesOf = (area: string) => plant.lines.filter(line => line.area === area);
  const machineOf = ({ id, name, product, microStopMs, silenceMs, reasons }: MachineModel) => {
    const machine = model.machine(id);
    const state = machine === null || machine.latest === null ? null : stateToWire(liveStateOf(machine));
    return { id, name, product, microStopMs, silenceMs, reasons, state };
  };
  const lineOf = ({ id, name, kind, constraint, machines: ids }: LineModel) => ({
    id,
    name,
    kind,
    constraint,
    machines: ids.flatMap(machine => machines.get(machine) ?? []).map(machineOf),
  });
  return {
    name: plant.name,
    revision: plant.revision,
    now: isoOf(now),
    settings: plant.settings,
    sites: plant.sites.map(({ id, name, zone }) => ({
      id,
      name,
      zone,
      areas: plant.areas
        .filter(area => area.site === id)
        .map(area => ({ id: area.id, name: area.name, lines: linesOf(area.id).map(lineOf) })),
    })),
    products: plant.products,
    shiftsNow: shiftsNow(plant, machines, now),
    targets: plant.targets,
    alerts: plant.alerts.map(({ id, text, severity, condition, forMs }) => ({ id, text, severity, condition, forMs })),
  };
}

/** The shift that runs now on each line, by the calendar of its first machine. */
function shiftsNow(plant: Plant, machines: ReadonlyMap<string, MachineModel>, now: number): WireShiftNow[] {
  const calendars = new Map(plant.calendars.map(model => [model.id, model]));
  return plant.lines.flatMap(line => {
    const first = machines.get(line.machines[0] ?? '');
    const calendar = calendars.get(first?.calendar ?? '');
    const shift = calendar === undefined ? null : calendarOf(calendar).shiftAt(now);
    if (shift === null) return [];
    const { name, start, end, businessDay, crew } = shift;
    return [{ site: line.site, line: line.id, name, crew, start: isoOf(start), end: isoOf(end), businessDay }];
  });
}
