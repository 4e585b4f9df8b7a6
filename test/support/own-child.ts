// Own child: a process that a test started and that does not outlive it, also when the test is ended because it hangs.
// In: a child process. Out: the same.
// Touches: the end of this process; its children, by their own ids.

import type { ChildProcess } from 'node:child_process';

const living = new Set<ChildProcess>();

function endAll(): void {
  for (const child of living) child.kill('SIGKILL');
}

/** An orphan would hold on to the output of the run, and the run would wait for it until its own time is over. */
export function ownChild<C extends ChildProcess>(child: C): C {
  if (living.size === 0) {
    process.on('exit', endAll);
    process.on('SIGTERM', endAtOnce);
  }
  living.add(child);
  child.once('exit', () => {
    living.delete(child);
    if (living.size > 0) return;
    process.off('exit', endAll);
    process.off('SIGTERM', endAtOnce);
  });
  return child;
}

/** SIGTERM ends as it would without us. */
const endAtOnce = (): never => process.exit(143);
