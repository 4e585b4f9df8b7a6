// Orphan: a child of an earlier run that outlived it. It holds the data that the new child needs.
// In: the note of the last run. Out: nothing of it left running.
// Touches: processes, each by its own id and only after its command line has shown that it is ours.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ChildLog, DemoServerError } from './demo-server.ts';

export interface LastRun {
  /** 0 when it was stopped as it should be */
  readonly pid: number;
  readonly port: number;
  /** process id of the program whose child it was */
  readonly owner: number;
}

/** An orphan gets as long as a child to end by itself; then it is killed. */
const GRACE_POLLS = 100;
const POLL_MS = 100;

export function lastRun(folder: string): LastRun | null {
  try {
    const { pid, port, owner } = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as Partial<LastRun>;
    const numbers = [pid, port, owner].every(value => Number.isInteger(value) && Number(value) >= 0);
    return numbers ? { pid: Number(pid), port: Number(port), owner: Number(owner) } : null;
  } catch {
    return null;
  }
}

/** Parent and command line of a live process, by /proc or, where there is none, by ps; null when it is gone. */
function processOf(pid: number): { parent: number; command: string } | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (/^State:\s+Z/m.test(status)) return null;
    const parent = Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]);
    return { parent, command: readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') };
  } catch {
    if (process.platform === 'linux') return null;
  }
  try {
    const line = execFileSync('ps', ['-o', 'ppid=,command=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return { parent: Number.parseInt(line, 10), command: line };
  } catch {
    return null;
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone between the look and the signal: what we wanted
  }
}

/** @throws DemoServerError when the data belongs to a program that still runs */
export async function endOrphan(run: LastRun, plan: { name: string; folder: string; log: ChildLog }): Promise<void> {
  const found = run.pid === 0 ? null : processOf(run.pid);
  if (found === null || !found.command.includes(plan.folder)) return;
  if (found.parent === run.owner) {
    throw new DemoServerError(
      'OEE_DEMO_DATA_IN_USE',
      `${plan.folder} is in use by process ${run.owner}`,
      'stop that one first, or give this one a folder of its own with OEE_DATA_DIR',
    );
  }
  plan.log('warn', `${plan.name} of an earlier run is still there and is ended`, { pid: run.pid });
  signal(run.pid, 'SIGTERM');
  for (let poll = 0; poll < GRACE_POLLS && processOf(run.pid) !== null; poll += 1) await pause(POLL_MS);
  if (processOf(run.pid)?.command.includes(plan.folder)) signal(run.pid, 'SIGKILL');
  for (let poll = 0; poll < GRACE_POLLS && processOf(run.pid) !== null; poll += 1) await pause(POLL_MS / 10);
}
