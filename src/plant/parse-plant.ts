// Parse plant: from the plant file's text to the plant that the law computes with, or all of its faults at once.
// In: YAML text and the file's name. Out: a resolved plant with its revision, or faults with line, key and remedy.
// Pure.

import { createHash } from 'node:crypto';
import { zoneIsKnown } from '../core/calendar.ts';
import type { CalendarModel, Plant, PlantSettings, ProductModel } from '../core/plant-model.ts';
import { parseDurationMs } from './measure.ts';
import { faultList, type PlantFaults, type Report } from './plant-fault.ts';
import type { PlantFile } from './plant-file.ts';
import { DEFAULTS } from './plant-schema.ts';
import { inherit, type Names, NOTHING_INHERITED } from './plant-scope.ts';
import { readSource } from './plant-source.ts';
import { resolveAlerts, resolveMaintenance } from './resolve-alerts.ts';
import { resolveCalendar } from './resolve-calendar.ts';
import { resolveReceivers } from './resolve-receivers.ts';
import { resolveUnits } from './resolve-units.ts';
import { resolveVocabularies } from './resolve-vocabulary.ts';
import { checkShape } from './schema-faults.ts';

/**
 * Reads a plant file.
 * @param file the name that faults are shown with
 * @returns the plant, or (never both) everything that is wrong with the file, codes OEE_PLANT_*
 */
export function parsePlant(yamlText: string, file: string): Plant | PlantFaults {
  const source = readSource(yamlText);
  const { report, faults } = faultList(source.placeOf);
  if (!source.reportSyntax(report)) return { file, faults: faults() };
  const shaped = checkShape(source.value, report);
  // What is no map at all has one fault, and nothing in it to look at.
  if (typeof shaped !== 'object' || shaped === null || Array.isArray(shaped)) return { file, faults: faults() };
  const plant = resolve(shaped as PlantFile, report);
  const found = faults();
  return found.length > 0 ? { file, faults: found } : plant;
}

function resolve(file: PlantFile, report: Report): Plant {
  const calendars = Object.entries(file.calendars ?? {}).flatMap(([id, entry]) =>
    entry === undefined ? [] : [resolveCalendar(id, entry, ['calendars', id], report)],
  );
  const names: Names = {
    calendars: Object.keys(file.calendars ?? {}),
    products: Object.keys(file.products ?? {}),
    vocabularies: resolveVocabularies(file.vocabularies ?? {}, report),
  };
  const products = Object.entries(file.products ?? {}).map(
    ([id, entry]): ProductModel => ({ id, name: entry?.name ?? id, piece: entry?.piece ?? DEFAULTS.piece }),
  );
  const defaults = inherit(NOTHING_INHERITED, file.defaults ?? {}, ['defaults'], names, report);
  const usable = calendars
    .filter(({ zone }) => zoneIsKnown(zone))
    .map((each): [string, CalendarModel] => [each.id, each]);
  const units = resolveUnits(file.sites ?? [], defaults, names, new Map(usable), report);
  const receivers = resolveReceivers(file.receivers ?? [], units, report);
  const content = {
    settings: settingsOf(file.settings ?? {}, report),
    ...units,
    products,
    calendars,
    alerts: resolveAlerts(file.alerts ?? [], { units, receivers: receivers.map(({ id }) => id) }, report),
    maintenance: resolveMaintenance(file.maintenance ?? [], units, report),
    receivers,
  };
  return { name: file.plant ?? '', revision: revisionOf(content), ...content };
}

function settingsOf(given: NonNullable<PlantFile['settings']>, report: Report): PlantSettings {
  const ms = (key: 'lateness' | 'horizon' | 'maxAhead' | 'refresh'): number =>
    parseDurationMs(given[key] ?? DEFAULTS[key]) ?? 0;
  const settings = {
    latenessMs: ms('lateness'),
    horizonMs: ms('horizon'),
    maxAheadMs: ms('maxAhead'),
    slidingMinutes: (given.sliding ?? DEFAULTS.sliding).filter(minutes => minutes !== undefined),
    refreshMs: ms('refresh'),
  };
  if (settings.horizonMs < settings.latenessMs) {
    const message = 'the horizon ends before results become final';
    report('VALUE', ['settings', 'horizon'], message, 'Give a horizon at least as long as lateness.');
  }
  if (settings.refreshMs < REFRESH_MIN_MS) {
    const message = 'refresh is shorter than 200 ms';
    report('VALUE', ['settings', 'refresh'], message, 'Give 200ms or more: nobody sees faster, every machine pays.');
  }
  return settings;
}

const REFRESH_MIN_MS = 200;
const REVISION_LENGTH = 16;

/** Two plants of one content have one revision, on every computer: keys come in the order in which they are made here. */
function revisionOf(content: Omit<Plant, 'name' | 'revision'>): string {
  return createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, REVISION_LENGTH);
}
