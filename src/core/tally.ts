// Tally: the sufficient statistic of any unit over any span. Whole numbers in an abelian group: empty, add, subtract.
// In: other tallies. Out: a tally. Everything a screen shows is divided from one of these, at the edge, once.
// Pure.

/** The categories of time; every millisecond of a calendar is in exactly one of them. */
export const CATEGORIES = [
  'notScheduled',
  'plannedStop',
  'producing',
  'microStop',
  'setup',
  'breakdown',
  'starved',
  'blocked',
  'idle',
  'unknown',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Categories that are known planned time (the base of availability). */
export const PLANNED_CATEGORIES = [
  'producing',
  'microStop',
  'setup',
  'breakdown',
  'starved',
  'blocked',
  'idle',
] as const;

/** Milliseconds per category, pieces, ideal time in microseconds, counts of stops, energy in watt hours. */
export interface Tally {
  notScheduled: number;
  plannedStop: number;
  producing: number;
  microStop: number;
  setup: number;
  breakdown: number;
  starved: number;
  blocked: number;
  idle: number;
  /** no trustworthy signal inside planned time, milliseconds */
  unknown: number;
  /** the part of producing that only a counter's gain across a silence proves, milliseconds */
  inferred: number;
  total: number;
  good: number;
  reject: number;
  rework: number;
  /** pieces for which no ideal cycle was known */
  uncycled: number;
  /** pieces of counter jumps beyond what the machine can make, held back until released */
  quarantined: number;
  /** ideal time of all pieces, microseconds */
  idealUs: number;
  /** ideal time of the good pieces, microseconds */
  idealGoodUs: number;
  /** on the last machine of a serial line: its good pieces at the constraint's ideal cycle, microseconds */
  lineIdealGoodUs: number;
  stops: number;
  failures: number;
  microStops: number;
  energyWh: number;
}

/** Every field of a tally in the order in which it travels and is stored. */
export const TALLY_FIELDS = [
  ...CATEGORIES,
  'inferred',
  'total',
  'good',
  'reject',
  'rework',
  'uncycled',
  'quarantined',
  'idealUs',
  'idealGoodUs',
  'lineIdealGoodUs',
  'stops',
  'failures',
  'microStops',
  'energyWh',
] as const satisfies readonly (keyof Tally)[];

export function emptyTally(): Tally {
  return {
    notScheduled: 0,
    plannedStop: 0,
    producing: 0,
    microStop: 0,
    setup: 0,
    breakdown: 0,
    starved: 0,
    blocked: 0,
    idle: 0,
    unknown: 0,
    inferred: 0,
    total: 0,
    good: 0,
    reject: 0,
    rework: 0,
    uncycled: 0,
    quarantined: 0,
    idealUs: 0,
    idealGoodUs: 0,
    lineIdealGoodUs: 0,
    stops: 0,
    failures: 0,
    microStops: 0,
    energyWh: 0,
  };
}

/**
 * Adds `part` into `into`, in place (the accumulators of windows are long-lived), and returns it. Field by field: a sliding hour
 * is sixty of these for each machine and tick, and a loop over the names costs ten times as much.
 */
export function addInto(into: Tally, part: Readonly<Tally>): Tally {
  into.notScheduled += part.notScheduled;
  into.plannedStop += part.plannedStop;
  into.producing += part.producing;
  into.microStop += part.microStop;
  into.setup += part.setup;
  into.breakdown += part.breakdown;
  into.starved += part.starved;
  into.blocked += part.blocked;
  into.idle += part.idle;
  into.unknown += part.unknown;
  into.inferred += part.inferred;
  into.total += part.total;
  into.good += part.good;
  into.reject += part.reject;
  into.rework += part.rework;
  into.uncycled += part.uncycled;
  into.quarantined += part.quarantined;
  into.idealUs += part.idealUs;
  into.idealGoodUs += part.idealGoodUs;
  into.lineIdealGoodUs += part.lineIdealGoodUs;
  into.stops += part.stops;
  into.failures += part.failures;
  into.microStops += part.microStops;
  into.energyWh += part.energyWh;
  return into;
}

/** The way back: takes `part` away from `from`, in place, and returns it. */
export function takeFrom(from: Tally, part: Readonly<Tally>): Tally {
  from.notScheduled -= part.notScheduled;
  from.plannedStop -= part.plannedStop;
  from.producing -= part.producing;
  from.microStop -= part.microStop;
  from.setup -= part.setup;
  from.breakdown -= part.breakdown;
  from.starved -= part.starved;
  from.blocked -= part.blocked;
  from.idle -= part.idle;
  from.unknown -= part.unknown;
  from.inferred -= part.inferred;
  from.total -= part.total;
  from.good -= part.good;
  from.reject -= part.reject;
  from.rework -= part.rework;
  from.uncycled -= part.uncycled;
  from.quarantined -= part.quarantined;
  from.idealUs -= part.idealUs;
  from.idealGoodUs -= part.idealGoodUs;
  from.lineIdealGoodUs -= part.lineIdealGoodUs;
  from.stops -= part.stops;
  from.failures -= part.failures;
  from.microStops -= part.microStops;
  from.energyWh -= part.energyWh;
  return from;
}

export function addTallies(a: Readonly<Tally>, b: Readonly<Tally>): Tally {
  return addInto({ ...a }, b);
}

export function subtractTallies(a: Readonly<Tally>, b: Readonly<Tally>): Tally {
  const difference = { ...a };
  for (const field of TALLY_FIELDS) difference[field] -= b[field];
  return difference;
}

export function sumOfTallies(parts: Iterable<Readonly<Tally>>): Tally {
  const sum = emptyTally();
  for (const part of parts) addInto(sum, part);
  return sum;
}

export function talliesEqual(a: Readonly<Tally>, b: Readonly<Tally>): boolean {
  return TALLY_FIELDS.every(field => a[field] === b[field]);
}

/** All time of the span, milliseconds. */
export function calendarMs(tally: Readonly<Tally>): number {
  return plannedMs(tally) + tally.notScheduled + tally.plannedStop + tally.unknown;
}

/** Known planned time, milliseconds: ISO 22400 planned busy time as far as it was seen. */
export function plannedMs(t: Readonly<Tally>): number {
  return runMs(t) + t.setup + t.breakdown + t.starved + t.blocked + t.idle;
}

/** Run time, milliseconds: ISO 22400 actual production time (micro-stops are a loss of performance, not of availability). */
export function runMs(tally: Readonly<Tally>): number {
  return tally.producing + tally.microStop;
}

/** The tally as a short row for the wire and the journal: TALLY_FIELDS in order, trailing zeros cut. */
export function tallyToRow(tally: Readonly<Tally>): number[] {
  const row = TALLY_FIELDS.map(field => tally[field]);
  let length = row.length;
  while (length > 0 && row[length - 1] === 0) length -= 1;
  row.length = length;
  return row;
}

export function rowToTally(row: readonly number[]): Tally {
  const tally = emptyTally();
  row.forEach((value, index) => {
    const field = TALLY_FIELDS[index];
    if (field !== undefined) tally[field] = value;
  });
  return tally;
}
