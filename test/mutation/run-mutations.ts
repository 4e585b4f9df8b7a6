// Run mutations: takes every guard out, one at a time, and runs what must notice.
// In: words that the names of the guards hold, or none for all. Out: per guard which test failed and after how long; exit code 1 when one survived.
// Touches temporary folders, child processes, the terminal.

import { GUARDS, type Killer } from './guards.ts';
import { nameOf, treeWithout, tryKiller, type Verdict } from './mutant.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const seconds = ({ ms }: Verdict): string => `${(ms / 1000).toFixed(1)} s`;

/** A test that fails in the tree as it is proves nothing of a mutant. @returns those that do */
async function failingAlready(killers: readonly Killer[]): Promise<number> {
  const tree = treeWithout(null);
  let failing = 0;
  try {
    for (const killer of killers) {
      const verdict = await tryKiller(tree, killer);
      say(`as it is: ${nameOf(killer)}: ${verdict.killed ? `FAILS: ${verdict.by}` : 'passes'} (${seconds(verdict)})`);
      if (verdict.killed) failing += 1;
    }
  } finally {
    tree.remove();
  }
  return failing;
}

const words = process.argv.slice(2);
const chosen = GUARDS.filter(({ name }) => words.length === 0 || words.some(word => name.includes(word)));
// that the simulation holds in the tree as it is, every test run shows
const tests = chosen.flatMap(guard => guard.killers).filter(killer => 'file' in killer);
const killers = new Map(tests.map(killer => [nameOf(killer), killer] as const));
let faults = await failingAlready([...killers.values()]);
for (const guard of chosen) {
  const tree = treeWithout(guard);
  try {
    for (const killer of guard.killers) {
      const verdict = await tryKiller(tree, killer);
      if (!verdict.killed) faults += 1;
      say(
        `without ${guard.name}: ${verdict.killed ? `fails after ${seconds(verdict)}: ${verdict.by}` : `SURVIVES ${nameOf(killer)}`}`,
      );
    }
  } finally {
    tree.remove();
  }
}
say(`${chosen.length} guards taken out, ${faults} faults`);
process.exitCode = faults === 0 && chosen.length > 0 ? 0 : 1;
