// Mutant: a copy of the tree in which one guard is taken out, and whether its tests notice.
// In: a guard, a killer. Out: what failed and after how long, or that nothing did.
// Touches a temporary folder and child processes; both are gone when it resolves.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Guard, Killer } from './guards.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** What tests of the journal and the simulation are made of; recordings and pictures are not. */
const COPIED = ['src', 'test', 'package.json', 'tsconfig.json', 'README.md'];
/** A mutant may wait for what never comes; that is noticed, too. */
const KILLER_MAX_MS = 600_000;
const TEST_MAX_MS = 120_000;
/** of a test that plays seeds: a few show what a guard is for */
const SEEDS_OF_A_TEST = '16';

export interface Verdict {
  readonly killed: boolean;
  /** what failed, in the words of the test */
  readonly by: string;
  readonly ms: number;
}

export const nameOf = (killer: Killer): string =>
  'seeds' in killer ? `the simulation, within ${killer.seeds} seeds` : `${killer.file}: ${killer.test} …`;

/** The file's text without the guard. @throws Error when the guard does not stand there, exactly once */
export function without({ name, file, find, replace }: Guard): string {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const places = text.split(find).length - 1;
  if (places !== 1) throw new Error(`${name}: ${file} holds its text ${places} times, not once: ${find}`);
  return text.replace(find, () => replace);
}

export interface Tree {
  readonly folder: string;
  remove(): void;
}

/** @param guard taken out; null: the tree as it is */
export function treeWithout(guard: Guard | null): Tree {
  const folder = mkdtempSync(join(tmpdir(), 'oee-mutant-'));
  for (const name of COPIED) {
    cpSync(join(ROOT, name), join(folder, name), { recursive: true, filter: path => !path.includes('fixtures') });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  if (guard !== null) writeFileSync(join(folder, guard.file), without(guard));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs one killer in a tree. */
export async function tryKiller({ folder }: Tree, killer: Killer): Promise<Verdict> {
  const begun = Date.now();
  const args =
    'seeds' in killer
      ? ['--import', 'tsx', 'test/simulation/run-seeds.ts', String(killer.seeds), '1', '--first']
      : [
          '--import',
          'tsx',
          '--test',
          `--test-timeout=${TEST_MAX_MS}`,
          '--test-reporter=tap',
          `--test-name-pattern=^${killer.test}`,
          killer.file,
        ];
  // whoever runs inside a test runner would else report to it
  const { NODE_TEST_CONTEXT: _context, ...env } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: { ...env, SEEDS: SEEDS_OF_A_TEST },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const overdue = setTimeout(() => child.kill('SIGKILL'), KILLER_MAX_MS);
  let said = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    said += chunk;
  });
  const [code] = await once(child, 'close');
  clearTimeout(overdue);
  if (!('seeds' in killer) && !/^# pass [1-9]|^# fail [1-9]/m.test(said))
    throw new Error(`${nameOf(killer)}: there is no such test`);
  return { killed: code !== 0, by: firstFailure(said), ms: Date.now() - begun };
}

const FAILURE_CHARACTERS_MAX = 160;
function firstFailure(said: string): string {
  const line =
    /^\s*not ok \d+ - (.*)$/m.exec(said)?.[1] ??
    /^(seed .*\n.*)$/m.exec(said)?.[1] ??
    said.slice(-FAILURE_CHARACTERS_MAX);
  return line.replace(/\s+/g, ' ').slice(0, FAILURE_CHARACTERS_MAX);
}
