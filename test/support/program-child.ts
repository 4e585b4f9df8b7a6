// Program child: `npm start` as a person runs it: one process, its words, all that it started.
// In: settings. Out: what it said, its address, exit code, the processes below it; none of them left at the end.
// Touches child processes, /proc.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ownChild } from './own-child.ts';

export const ROOT = resolve(fileURLToPath(new URL('../..', import.meta.url)));
const PATIENCE_MS = 60_000;
const LOOK_MS = 20;
const LAST_WORDS_MS = 2_000;

export interface ProgramChild {
  readonly pid: number;
  /** standard output and error so far */
  said(): string;
  /** resolves with its address once it has told everything; rejects with its words when it ended instead */
  announced(): Promise<string>;
  signal(name: NodeJS.Signals): void;
  /** exit code, or the signal's name */
  ended(): Promise<number | string>;
}

/** @param args of node: `src/start.mjs serve`, `--import tsx src/main.ts check plant.yaml` */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): ProgramChild {
  const { NODE_TEST_CONTEXT: _, ...own } = process.env;
  const child = ownChild(
    spawn(process.execPath, args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...own, ...env },
    }),
  );
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  }
  const ended = exitOf(child);
  return {
    pid: child.pid ?? 0,
    said: () => said,
    announced: async () => {
      for (let waited = 0; waited < PATIENCE_MS; waited += LOOK_MS) {
        const url = /page +(http:\S+?)\/?\n/.exec(said)?.[1];
        if (url !== undefined && said.includes('Ctrl-C stops')) return url;
        if (child.exitCode !== null || child.signalCode !== null) break;
        await wait(LOOK_MS);
      }
      throw new Error(`it did not come up:\n${said}`);
    },
    signal: name => child.kill(name),
    ended: () => ended,
  };
}

/** Its last words are waited for, but not for ever: an orphan of it may hold on to its output. */
async function exitOf(child: ChildProcess): Promise<number | string> {
  const closed = once(child, 'close');
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  await Promise.race([closed, wait(LAST_WORDS_MS, undefined, { ref: false })]);
  return code ?? signal ?? 'unknown';
}

export interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

function allProcesses(): Process[] {
  return readdirSync('/proc').flatMap(name => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const status = readFileSync(`/proc/${name}/status`, 'utf8');
      if (/^State:\s+Z/m.test(status)) return [];
      const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
      return [
        { pid: Number(name), parent, command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') },
      ];
    } catch {
      return [];
    }
  });
}

/** Everything that runs below a process now, short-lived compilers' helpers left out. */
export function processesBelow(pid: number): Process[] {
  const all = allProcesses();
  const below = new Set([pid]);
  // a parent may stand after its child: as many rounds as the deepest family needs
  for (let before = 0; before !== below.size; ) {
    before = below.size;
    for (const each of all) if (below.has(each.parent)) below.add(each.pid);
  }
  below.delete(pid);
  return all.filter(each => below.has(each.pid));
}

/** Processes whose command line names the folder: orphans too. */
export const processesNaming = (folder: string): Process[] =>
  allProcesses().filter(({ command, pid }) => pid !== process.pid && command.includes(folder));

/** Resolves when all of them are gone; ends those that stay and says which. */
export async function allGone(processes: readonly Process[]): Promise<void> {
  const alive = (): Process[] => {
    const now = new Map(allProcesses().map(each => [each.pid, each.command]));
    return processes.filter(({ pid, command }) => now.get(pid) === command);
  };
  for (let waited = 0; waited < PATIENCE_MS / 4; waited += LOOK_MS) {
    if (alive().length === 0) return;
    await wait(LOOK_MS);
  }
  const left = alive();
  for (const { pid } of left) process.kill(pid, 'SIGKILL');
  throw new Error(`still there: ${left.map(({ pid, command }) => `${pid} ${command}`).join('; ')}`);
}
