// Alerts verb: the rules of a plant file tried against what happened: how often each would have fired, and when.
// In: a plant file, a span; the journal's facts, or a file of events. Out: a table or JSON; exit code 0 or 2.
// Touches files, the journal (reading only), through ports.

import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { VerbOutput } from './backup-verb.ts';
import type { Config } from './config.ts';
import { eventsOfCheckpoint } from './core/checkpoint-events.ts';
import { type MachineEvent, parseEvent } from './core/event.ts';
import type { DeadLetter } from './core/log-entry.ts';
import type { Plant } from './core/plant-model.ts';
import { isRejection } from './core/rejection.ts';
import { DAY_MS, isoOf, parseInstant, type Span } from './core/time.ts';
import { rehearse } from './engine/rehearse.ts';
import { openJournalLook } from './journal/journal-look.ts';
import type { Log } from './log.ts';
import { trialOf, trialText } from './operate/alert-trial.ts';
import { parseDurationMs } from './plant/measure.ts';
import { parsePlant } from './plant/parse-plant.ts';
import { explainFaults, isPlantFaults } from './plant/plant-fault.ts';
import { redisForVerb } from './verb-redis.ts';

export interface TryOptions {
  readonly deed: string;
  readonly plantFile: string;
  /** an instant, or a duration before `to`; null: a day */
  readonly from: string | null;
  /** an instant; null: where the facts end */
  readonly to: string | null;
  /** a file of events (NDJSON) in place of the journal */
  readonly eventsFile: string | null;
  readonly json: boolean;
}

export interface TryIo {
  readonly out: VerbOutput;
  readonly err: VerbOutput;
  readonly now: () => number;
}

/** So much before the span is gone through, too: shifts and days that began before it, machines that stood already. */
const BEFORE_MS = DAY_MS;
/** Some 2 GB of memory. */
const EVENTS_MAX = 5_000_000;

/** Said in one sentence, with what to do. */
class TryTrouble extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

export async function alertsVerb(options: TryOptions, config: Config, log: Log, io: TryIo): Promise<0 | 2> {
  try {
    if (options.deed !== 'try') {
      throw new TryTrouble('OEE_ALERTS_DEED', `there is no alerts ${options.deed}`, 'Use alerts try <plant>.');
    }
    const plant = readPlant(options.plantFile);
    const all = options.eventsFile === null ? await keptEvents(config, log) : await eventsIn(options.eventsFile, io);
    tryOut(plant, all, options, io);
    return 0;
  } catch (error) {
    const { code, message, remedy } = error as { code?: string; message: string; remedy?: string };
    if (error instanceof TryTrouble || code?.startsWith('OEE_') === true) {
      io.err.write(`${code}: ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`);
      return 2;
    }
    throw error;
  }
}

function tryOut(plant: Plant, all: readonly MachineEvent[], options: TryOptions, io: TryIo): void {
  const machines = new Set(plant.machines.map(({ id }) => id));
  const known = all.filter(({ machine }) => machine === '' || machines.has(machine));
  // the door would have refused them: the clock of their source is wrong
  const ahead = io.now() + plant.settings.maxAheadMs;
  const timely = known.filter(({ at }) => at <= ahead);
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  for (const { at } of timely) [first, last] = [Math.min(first, at), Math.max(last, at)];
  const span = spanOf(options, last === 0 ? io.now() : last + 1);
  const events = timely.filter(({ at }) => at >= span.from - BEFORE_MS && at < span.to);
  if (!events.some(({ at }) => at >= span.from)) {
    const there = last === 0 ? 'There are none at all' : `There are facts from ${isoOf(first)} to ${isoOf(last)}`;
    const what = `nothing is known of the plant's machines between ${isoOf(span.from)} and ${isoOf(span.to)}`;
    throw new TryTrouble('OEE_ALERTS_NO_FACTS', what, `${there}: name another span, or a file with --events.`);
  }
  const { said, partition, letters } = rehearse(plant, events, span.to, () => {});
  const within = events.filter(({ at }) => at >= span.from).length;
  const trial = trialOf(plant, said, partition.alerts, span, within);
  const zone = plant.sites[0]?.zone ?? 'UTC';
  const strange = all.length - known.length;
  if (strange > 0) io.err.write(`${strange} events are of machines that the plant file does not have\n`);
  if (timely.length < known.length) io.err.write(`${known.length - timely.length} events are stamped in the future\n`);
  if (letters.length > 0) io.err.write(lettersText(letters));
  io.out.write(options.json ? `${JSON.stringify(trial, null, 2)}\n` : trialText(trial, zone));
}

function readPlant(file: string): Plant {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new TryTrouble('OEE_PLANT_FILE', `${file} cannot be read: ${String(error)}`, 'Name a plant file (YAML).');
  }
  const plant = parsePlant(text, file);
  if (isPlantFaults(plant)) {
    throw new TryTrouble('OEE_ALERTS_FILE', `the plant file cannot be used\n${explainFaults(plant)}`, 'Mend it first.');
  }
  return plant;
}

function spanOf({ from, to }: TryOptions, end: number): Span {
  const remedy = 'Give ISO 8601 with an offset (2026-11-22T06:00:00Z), or for --from a length such as 24h or 7d.';
  const wrong = (name: string, text: string): never => {
    throw new TryTrouble('OEE_ALERTS_TIME', `--${name} is "${text.slice(0, 40)}"`, remedy);
  };
  const until = to === null ? end : (parseInstant(to) ?? wrong('to', to));
  const length = from === null ? DAY_MS : parseDurationMs(from);
  const begin = length === null ? (parseInstant(from) ?? wrong('from', from ?? '')) : until - length;
  return begin < until ? { from: begin, to: until } : wrong('from', from ?? '');
}

async function eventsIn(file: string, { now, err }: TryIo): Promise<MachineEvent[]> {
  const events: MachineEvent[] = [];
  const refused = new Map<string, number>();
  const lines = createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) {
      if (line.trim() === '') continue;
      const event = parseEvent(jsonOf(line), now());
      if (isRejection(event)) refused.set(event.code, (refused.get(event.code) ?? 0) + 1);
      else if (events.push(event) > EVENTS_MAX) throw tooMany();
    }
  } catch (error) {
    const { path, code } = error as NodeJS.ErrnoException;
    if (path === undefined) throw error;
    throw new TryTrouble('OEE_ALERTS_FILE', `${path} cannot be read: ${code}`, 'Name a file of events, one a line.');
  }
  for (const [code, count] of refused) err.write(`${count} lines were no events: ${code}\n`);
  return events;
}

const tooMany = (): TryTrouble =>
  new TryTrouble('OEE_ALERTS_FILE', `there are more than ${EVENTS_MAX} events`, 'Try a shorter span.');

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

/** Partitions read at once. */
const AT_ONCE = 16;

async function keptEvents(config: Config, log: Log): Promise<MachineEvent[]> {
  const { url, stop } = await redisForVerb(config, log);
  const ca = config.redisCaFile === null ? null : readFileSync(config.redisCaFile, 'utf8');
  const look = openJournalLook({ url, ca, prefix: config.prefix, log: () => {} }, config.redisReplicas);
  try {
    const count = await look.partitionCount();
    if (count === null || Number.isNaN(count)) {
      const remedy = 'Start the engine first, check OEE_PREFIX, or name a file with --events.';
      throw new TryTrouble('OEE_ALERTS_NO_FACTS', `there is no journal under "${config.prefix}"`, remedy);
    }
    const events: MachineEvent[] = [];
    for (let from = 0; from < count; from += AT_ONCE) {
      const some = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, n) => look.kept(from + n));
      for (const checkpoint of await Promise.all(some)) {
        for (const event of eventsOfCheckpoint(checkpoint)) if (events.push(event) > EVENTS_MAX) throw tooMany();
      }
    }
    return events;
  } finally {
    look.close();
    await stop();
  }
}

function lettersText(letters: readonly DeadLetter[]): string {
  const counts = new Map<string, number>();
  for (const { code } of letters) counts.set(code, (counts.get(code) ?? 0) + 1);
  return [...counts].map(([code, count]) => `${count} events are not for this plant file: ${code}\n`).join('');
}
