// Replay: recordings through the same door as live machines, as fast as it takes them or at n times real speed.
// In: files, the formats that can read them, an address. Out: a summary on the terminal, and the command's exit code.
// Touches the files' sizes; network, clock, waiting and terminal are arguments.

import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { MappingError, type Recorded, type RecordingFormat, type Unreadable } from '../source.ts';
import { mergedByTime } from './recorded-merge.ts';
import { type ReplayOutput, type ReplayProgress, replayProgress } from './replay-progress.ts';
import { countRejected, emptySummary, type ReplaySummary, rejectedOf, summaryText } from './replay-summary.ts';
import { ReplayStopped, replayTarget } from './replay-target.ts';
import { shifted, shiftToNow } from './time-shift.ts';

export interface ReplayOptions {
  readonly files: readonly string[];
  /** address of the engine, e.g. http://127.0.0.1:8080 */
  readonly url: string;
  /** times real speed; null: as fast as possible */
  readonly speed: number | null;
  /** move the recording so that it ends when its replay does */
  readonly shiftToNow: boolean;
  /** machine id for everything; null: the recording says */
  readonly machine: string | null;
  /** the mapping file's content; null: the format's default */
  readonly mapping: unknown;
  /** name of the format for all files; null: by their endings */
  readonly format: string | null;
}
export interface ReplayIo {
  readonly fetch: typeof fetch;
  readonly sleep: (ms: number) => Promise<void>;
  readonly now: () => number;
  readonly out: ReplayOutput;
}

/** 0: all accepted or known; 1: some were rejected; 2: the replay could not be done. */
export type ReplayExit = 0 | 1 | 2;

const BATCH_EVENTS_MAX = 1_000;
/** Events due within this time go together: a request per event would be slower than the machines were. */
const TOGETHER_MS = 50;
/** Timers hold 24 days at most; a longer pause in a recording is slept in pieces. */
const SLEEP_MAX_MS = 3_600_000;

export async function runReplay(
  options: ReplayOptions,
  formats: readonly RecordingFormat[],
  io: ReplayIo,
): Promise<ReplayExit> {
  const started = io.now();
  const summary = emptySummary();
  let progress: ReplayProgress | null = null;
  let exit: ReplayExit;
  try {
    const open = await opener(options, formats);
    const shift = options.shiftToNow
      ? await shiftOf(
          open.read(() => {}),
          options.speed,
          io,
        )
      : 0;
    const bar = replayProgress(io.out, open.bytesTotal);
    progress = bar;
    await play(open.read(bar.bytes), shift, options, io, summary, bar);
    exit = rejectedOf(summary) > 0 ? 1 : 0;
  } catch (error) {
    progress?.stop();
    io.out.write(`${troubleText(error)}\n`);
    if (summary.read === 0) return 2;
    exit = 2;
  }
  progress?.stop();
  io.out.write(summaryText(summary, (io.now() - started) / 1_000));
  return exit;
}

function troubleText(error: unknown): string {
  if (error instanceof ReplayStopped) return `${error.code}: ${error.message}\n${error.remedy}`;
  if (error instanceof MappingError) return `${error.code}: ${error.message}`;
  const { code, path } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `OEE_REPLAY_FILE: ${path} does not exist`;
  if (code === 'EACCES' || code === 'EISDIR') return `OEE_REPLAY_FILE: ${path ?? 'a file'} cannot be read (${code})`;
  throw error;
}

type Readings = AsyncGenerator<Recorded | Unreadable>;

/** Finds a format for every file before the first is read. */
async function opener(options: ReplayOptions, formats: readonly RecordingFormat[]) {
  const { machine, mapping } = options;
  const chosen = options.files.map(path => ({ path, format: formatOf(path, options.format, formats) }));
  let bytesTotal = 0;
  for (const { path } of chosen) bytesTotal += (await stat(path)).size;
  const read = (onBytes: (bytes: number) => void): Readings =>
    mergedByTime(chosen.map(({ path, format }) => format.read({ path, machine, mapping, onBytes })));
  return { bytesTotal, read };
}

function formatOf(path: string, wanted: string | null, formats: readonly RecordingFormat[]): RecordingFormat {
  const ending = extname(path).toLowerCase();
  const found = formats.find(format => (wanted === null ? format.endings.includes(ending) : format.name === wanted));
  if (found !== undefined) return found;
  const known = formats.map(format => `${format.name} (${format.endings.join(' ')})`).join(', ');
  const trouble = wanted === null ? `${path} has an ending that no format claims` : `there is no format "${wanted}"`;
  throw new ReplayStopped('OEE_REPLAY_FORMAT', trouble, `Say --format with one of ${known}.`);
}

/** Reads everything once to know where it begins and ends. */
async function shiftOf(readings: Readings, speed: number | null, io: ReplayIo): Promise<number> {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for await (const each of readings) {
    if ('fault' in each || each.at === null) continue;
    first = Math.min(first, each.at);
    last = Math.max(last, each.at);
  }
  return last < first ? 0 : shiftToNow(first, last, io.now(), speed);
}

async function play(
  readings: Readings,
  shift: number,
  options: ReplayOptions,
  io: ReplayIo,
  summary: ReplaySummary,
  progress: ReplayProgress,
): Promise<void> {
  const onWait = (why: string, ms: number): void => progress.note(`waiting ${(ms / 1_000).toFixed(1)} s (${why})`);
  const send = replayTarget(options.url, { ...io, onWait });
  let batch: Recorded[] = [];
  const flush = async (): Promise<void> => {
    const sent = batch;
    batch = [];
    if (sent.length === 0) return;
    const receipt = await send(sent.map(each => each.event));
    summary.accepted += receipt.accepted;
    summary.duplicates += receipt.duplicates;
    for (const each of receipt.rejected) countRejected(summary, each, sent[each.index]?.where ?? '?');
    progress.events(sent.length);
  };
  const wait = pacer(options.speed, io, flush);
  for await (const each of readings) {
    summary.read += 1;
    if ('fault' in each) {
      countRejected(summary, each.fault, each.where);
      continue;
    }
    const moved = shifted(each, shift);
    if (moved.at !== null) await wait(moved.at);
    batch.push(moved);
    if (batch.length >= BATCH_EVENTS_MAX) await flush();
  }
  await flush();
}

/** Holds an event back until its time has come; what is ready is sent first. Steps backward in time cost no waiting. */
function pacer(speed: number | null, io: ReplayIo, flush: () => Promise<void>): (at: number) => Promise<void> {
  if (speed === null) return async () => {};
  const begun = io.now();
  let origin: number | null = null;
  return async at => {
    origin ??= at;
    const early = (): number => begun + (at - (origin ?? at)) / speed - io.now();
    if (early() < TOGETHER_MS) return;
    await flush();
    for (let ms = early(); ms > 0; ms = early()) await io.sleep(Math.min(ms, SLEEP_MAX_MS));
  };
}
