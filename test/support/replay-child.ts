// Replay child: the replay command as a user types it, beside an engine child; and when everything it caused has arrived.
// In: an engine, words of the command line. Out: the command's exit code and summary; what the engine spent on it.
// Touches a child process, HTTP.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { EngineChild } from './engine-child.ts';
import { ownChild } from './own-child.ts';

const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));

export interface Replayed {
  readonly exit: number | null;
  readonly read: number;
  readonly accepted: number;
  readonly duplicates: number;
  readonly rejected: number;
  /** what it said last */
  readonly text: string;
}

/** `npm run oee -- replay WORDS --url ENGINE`, without npm. */
export async function replayInto(engine: EngineChild, ...words: readonly string[]): Promise<Replayed> {
  const line = ['--import', 'tsx', 'src/main.ts', 'replay', ...words, '--url', engine.url];
  const child = ownChild(spawn(process.execPath, line, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] }));
  let text = '';
  child.stderr.setEncoding('utf8').on('data', chunk => {
    text += chunk;
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  const summary = text.slice(Math.max(0, text.lastIndexOf('Replayed in')));
  const count = (name: string): number =>
    Number(new RegExp(`^ +${name} +([\\d,]+)$`, 'm').exec(summary)?.[1]?.replaceAll(',', '') ?? Number.NaN);
  return {
    exit,
    read: count('read'),
    accepted: count('accepted'),
    duplicates: count('duplicate'),
    rejected: count('rejected'),
    text: summary,
  };
}

/** Ticks that must pass without a new output before nothing more is expected: a restatement is told at the next one. */
const QUIET_TICKS = 3;

interface Standing {
  readonly waiting: number;
  readonly outputs: number;
  readonly commits: readonly number[];
}

/**
 * Resolves when every event sent is worked in and every output is where it belongs: a window of a site has gone through the
 * outbox of its line and through that of its own partition by then. The machines' clocks stand still, so an end there is.
 * It waits as long as things move on.
 */
export async function everythingTold(engine: EngineChild): Promise<void> {
  const look = (): Promise<Standing> => standing(engine);
  let since = await look();
  for (;;) {
    const moved = (now: Standing): boolean => now.waiting !== since.waiting || now.outputs !== since.outputs;
    const quiet = (now: Standing): boolean =>
      now.waiting === 0 && now.commits.every((n, i) => n >= (since.commits[i] ?? 0) + QUIET_TICKS);
    const now = await engine.until('outputs delivered, or quiet', look, each => moved(each) || quiet(each));
    if (!moved(now)) return;
    since = now;
  }
}

async function standing(engine: EngineChild): Promise<Standing> {
  const rows = await metricRows(engine);
  const sum = (name: string, label = ''): number =>
    rows.filter(row => row.name === name && row.labels.includes(label)).reduce((total, row) => total + row.value, 0);
  const unread = sum('oee_journal_accepted_total') - sum('oee_pipeline_events_total', 'outcome="read"');
  return {
    waiting: Math.max(0, unread) + sum('oee_sinks_lag_outputs'),
    outputs: sum('oee_sinks_delivered_outputs_total'),
    commits: rows.filter(row => row.name === 'oee_journal_commits_total').map(row => row.value),
  };
}

export interface Spent {
  readonly rssMb: number;
  readonly cpuS: number;
  readonly outputs: number;
}

/** What the engine's process has cost so far. */
export async function spent(engine: EngineChild): Promise<Spent> {
  const rows = await metricRows(engine);
  const value = (name: string): number =>
    rows.filter(row => row.name === name).reduce((total, row) => total + row.value, 0);
  return {
    rssMb: Math.round(value('process_resident_memory_bytes') / 1e6),
    cpuS: Math.round(value('process_cpu_seconds_total') * 10) / 10,
    outputs: value('oee_sinks_delivered_outputs_total'),
  };
}

async function metricRows(engine: EngineChild): Promise<{ name: string; labels: string; value: number }[]> {
  const text = await (await fetch(new URL('/metrics', engine.url))).text();
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name = '', labels = '', value]) => ({
    name,
    labels,
    value: Number(value),
  }));
}
