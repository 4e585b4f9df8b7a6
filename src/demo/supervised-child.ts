// Supervised child: a server that runs as our child for as long as we run: started, watched, restarted, stopped.
// In: a command, its port's arguments, how to tell that it is ready. Out: a handle with port, process id and stop().
// Touches: child processes, loopback ports, the child's own folder.
//
// Modes. starting: spawned, asked until it is ready. up: ready. down: it died, comes back after a back-off on the same port.
// stopping: told to end, then made to; nothing restarts it.

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type ChildLog, DemoServerError } from './demo-server.ts';
import { choosePort } from './loopback-port.ts';
import { endOrphan, lastRun } from './orphan.ts';

export interface ChildPlan {
  /** in messages and in the code of its error */
  readonly name: string;
  /** its own folder: data, and the note of the run; the path stands in its command line */
  readonly folder: string;
  /** tried in order; the first that is installed runs */
  readonly commands: readonly string[];
  arguments(port: number): readonly string[];
  /** resolves when it serves, rejects while it does not */
  ready(port: number): Promise<void>;
  readonly log: ChildLog;
}

export interface SupervisedChild {
  readonly port: number;
  /** the process that runs now, or ran last */
  pid(): number;
  /** called each time it serves again after it died */
  onRestart(listener: () => void): void;
  /** resolves when the process is gone */
  stop(): Promise<void>;
}

/** A server that loads much data needs long; one that is not ready by then never will be. */
const READY_MAX_MS = 120_000;
const READY_POLL_MS = 20;
/** A child that keeps dying comes back ever more slowly, at worst this slowly, for ever. */
const BACKOFF_MIN_MS = 100;
const BACKOFF_MAX_MS = 10_000;
/** A child that lived this long starts again at the shortest back-off. */
const HEALTHY_MS = 30_000;
/** Time to write out what is in memory; then it is killed. The journal's file is synced every second anyway. */
const STOP_GRACE_MS = 10_000;
/** Between our look at a free port and the child's taking it, another may have been quicker: so many tries. */
const PORT_TRIES_MAX = 5;
/** Last lines of its output that are kept to explain a death. */
const TAIL_LINES = 20;

/**
 * Ends the child when we are killed without a chance to do it: the far end of its input is ours alone, so it closes with us.
 * In a group of its own, as the child is: Ctrl+C is for us, and we stop our children after our last commit.
 */
function watchdogFor(pid: number): ChildProcess {
  const dog = spawn('/bin/sh', ['-c', 'read -r _; kill -TERM "$1"', 'oee-watchdog', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  dog.on('error', () => undefined);
  dog.stdin?.on('error', () => undefined);
  dog.unref();
  return dog;
}

export async function superviseChild(plan: ChildPlan): Promise<SupervisedChild> {
  mkdirSync(plan.folder, { recursive: true });
  const before = lastRun(plan.folder);
  if (before !== null) await endOrphan(before, plan);
  for (let tries = 1; ; tries += 1) {
    const child = new Child(plan, await choosePort(tries === 1 ? (before?.port ?? null) : null));
    try {
      await child.start();
      return child;
    } catch (error) {
      if (tries === PORT_TRIES_MAX || !child.portWasTaken()) throw error;
    }
  }
}

class Child implements SupervisedChild {
  private process: ChildProcess | null = null;
  private gone: Promise<void> = Promise.resolve();
  private coming: Promise<void> = Promise.resolve();
  private lastPid = 0;
  private command = '';
  private backoffMs = BACKOFF_MIN_MS;
  private tail: string[] = [];
  private readonly listeners: (() => void)[] = [];
  private readonly stopping = new AbortController();

  constructor(
    private readonly plan: ChildPlan,
    readonly port: number,
  ) {}

  pid(): number {
    return this.lastPid;
  }

  portWasTaken(): boolean {
    return this.tail.some(line => /address already in use/i.test(line));
  }

  onRestart(listener: () => void): void {
    this.listeners.push(listener);
  }

  async start(): Promise<void> {
    try {
      await this.spawnFirst();
      await this.untilReady();
    } catch (error) {
      await this.stop();
      throw error;
    }
    this.guard();
    this.plan.log('info', `${this.plan.name} is up`, { pid: this.lastPid, port: this.port });
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    const running = this.process;
    if (running !== null) {
      running.kill('SIGTERM');
      const late = setTimeout(() => running.kill('SIGKILL'), STOP_GRACE_MS);
      await this.gone;
      clearTimeout(late);
    }
    await this.coming;
    this.note(0);
  }

  private async spawnFirst(): Promise<void> {
    for (const command of this.plan.commands) {
      this.command = command;
      if (await this.spawn()) return;
    }
    throw new DemoServerError(
      `OEE_DEMO_NO_${this.plan.name.toUpperCase()}`,
      `${this.plan.commands.join(' or ')} is not installed`,
      `install it, or set ${this.plan.name.toUpperCase()}_URL to one that runs elsewhere`,
    );
  }

  /** @returns false when there is no such command */
  private spawn(): Promise<boolean> {
    const child = spawn(this.command, this.plan.arguments(this.port), {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.tail = [];
    child.stdout.setEncoding('utf8').on('data', text => this.remember(text));
    child.stderr.setEncoding('utf8').on('data', text => this.remember(text));
    return new Promise((settle, fail) => {
      child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? settle(false) : fail(error)));
      child.once('spawn', () => {
        this.adopt(child);
        settle(true);
      });
    });
  }

  private adopt(child: ChildProcess): void {
    const pid = child.pid ?? 0;
    this.process = child;
    this.lastPid = pid;
    this.note(pid);
    const dog = watchdogFor(pid);
    this.gone = new Promise(settle => {
      // Once its output is closed too: its last words say why it died.
      child.once('close', () => {
        // The dog first: the process id that it guards is free to be another's from now on.
        dog.kill('SIGKILL');
        this.process = null;
        settle();
      });
    });
  }

  /** For the next run: what to look for, 0 once it is gone, and the port to prefer. */
  private note(pid: number): void {
    writeFileSync(join(this.plan.folder, 'run.json'), JSON.stringify({ pid, port: this.port, owner: process.pid }));
  }

  private remember(text: string): void {
    this.tail.push(...text.split('\n').filter(line => line.trim() !== ''));
    if (this.tail.length > TAIL_LINES) this.tail.splice(0, this.tail.length - TAIL_LINES);
  }

  private async untilReady(): Promise<void> {
    let last: unknown = null;
    for (let waited = 0; waited < READY_MAX_MS; waited += READY_POLL_MS) {
      if (this.process === null || this.stopping.signal.aborted) break;
      const ready = await this.plan.ready(this.port).then(
        () => true,
        error => {
          last = error;
          return false;
        },
      );
      if (ready) return;
      await pause(READY_POLL_MS);
    }
    const died = this.process === null ? 'ended at once' : 'did not become ready';
    const code = `OEE_DEMO_${this.plan.name.toUpperCase()}_START`;
    const remedy = `its last words: ${this.tail.slice(-5).join(' | ') || 'none'}; its data: ${this.plan.folder}`;
    throw new DemoServerError(code, `${this.plan.name} ${died}`, remedy, { cause: last });
  }

  /** While it is up: waits for its end, and brings it back unless that end was wanted. */
  private guard(): void {
    const healthy = setTimeout(() => {
      this.backoffMs = BACKOFF_MIN_MS;
    }, HEALTHY_MS);
    healthy.unref();
    void this.gone.then(() => {
      clearTimeout(healthy);
      if (!this.stopping.signal.aborted) this.coming = this.comeBack();
    });
  }

  private async comeBack(): Promise<void> {
    const { log, name } = this.plan;
    while (!this.stopping.signal.aborted) {
      log('warn', `${name} died and is started again`, { pid: this.lastPid, tail: this.tail, retryMs: this.backoffMs });
      await pause(this.backoffMs, null, { signal: this.stopping.signal }).catch(() => undefined);
      this.backoffMs = Math.min(this.backoffMs * 2, BACKOFF_MAX_MS);
      if (this.stopping.signal.aborted) return;
      try {
        if (await this.spawn()) {
          await this.untilReady();
          this.guard();
          log('info', `${name} is up again`, { pid: this.lastPid, port: this.port });
          for (const listener of this.listeners) listener();
          return;
        }
      } catch (error) {
        log('warn', `${name} did not come back`, { err: error });
        this.process?.kill('SIGKILL');
        await this.gone;
      }
    }
  }
}
