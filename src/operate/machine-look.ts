// Machine look: the computer that the engine runs on: Node, disk, time zones.
// In: the data folder, the zones of the plant. Out: findings.
// Touches the file system, reading only; Node's own tables.

import { existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bad, type Finding, ok, shownBytes, warn } from './finding.ts';

const NODE_MAJOR_MIN = 20;
const FREE_WARN_BYTES = 5e9;
const FREE_BAD_BYTES = 5e8;
/** Governments change zones with some months' notice; older tables know less. */
const ZONE_TABLE_YEARS_MAX = 2;

export interface MachineFacts {
  readonly nodeVersion: string;
  /** year and letter of the time zone tables, "2025b"; null: Node has none of its own */
  readonly zoneTable: string | null;
  readonly dataDir: string;
  readonly zones: readonly string[];
  readonly now: number;
}

export async function judgeMachine(facts: MachineFacts): Promise<Finding[]> {
  return [judgeNode(facts), await judgeDisk(facts), ...judgeZones(facts)];
}

function judgeNode({ nodeVersion }: MachineFacts): Finding {
  const what = `Node ${nodeVersion}`;
  if (Number.parseInt(nodeVersion, 10) >= NODE_MAJOR_MIN) return ok('machine', what);
  return bad('machine', what, `Install Node ${NODE_MAJOR_MIN} or newer.`);
}

async function judgeDisk({ dataDir }: MachineFacts): Promise<Finding> {
  // A folder that is yet to be made lies where its parent lies.
  let place = resolve(dataDir);
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const { bavail, bsize } = await statfs(place);
  const free = bavail * bsize;
  const what = `${shownBytes(free)} free on the disk of ${dataDir}`;
  if (free < FREE_BAD_BYTES)
    return bad(
      'machine',
      what,
      'Make room: own servers keep their data there, and stop taking events when it is full.',
    );
  if (free < FREE_WARN_BYTES) return warn('machine', what, 'Make room, or set OEE_DATA_DIR to a larger disk.');
  return ok('machine', what);
}

function judgeZones({ zoneTable, zones, now }: MachineFacts): Finding[] {
  const unknown = [...new Set(zones)].filter(zone => !isKnown(zone));
  if (unknown.length > 0) {
    return [
      bad(
        'machine',
        `no table of time zone ${unknown.join(', ')}`,
        'Correct the name in the plant file, or install a Node with full ICU data.',
      ),
    ];
  }
  if (zoneTable === null)
    return [warn('machine', 'time zone tables of unknown age', 'Use a Node with its own ICU data.')];
  const what = `time zone tables of ${zoneTable}`;
  const years = new Date(now).getUTCFullYear() - Number.parseInt(zoneTable, 10);
  if (years > ZONE_TABLE_YEARS_MAX)
    return [
      warn('machine', what, 'Update Node: shifts around changes of daylight saving time may be wrong by an hour.'),
    ];
  return [ok('machine', what)];
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
