// Open view: what is still going on, as it looks at the live edge.
// In: a carry and the edge. Out: segments and runs that nothing has closed yet.
// Pure. Nothing here is final: the same call at a later edge may see a stop decided, or a silence.

import { type Carry, type Emitted, isOwnStop, nothingEmitted, push, SILENT, segmentOf } from './carry.ts';
import type { ReadingRules } from './reading-rules.ts';

/**
 * What is still open, as it looks at the live edge: the waiting gap, the undecided parts, the state that goes on, or
 * silence once it has lasted too long. Nothing here is closed: the same call later may see it differently.
 */
export function openView(rules: ReadingRules, carry: Carry, edge: number): Emitted {
  const out = nothingEmitted();
  if (carry.gap !== null) push(out, { ...SILENT, ...carry.gap, category: 'unknown', source: 'silence' });
  if (carry.run !== null) out.runs.push(carry.run);
  if (carry.at === null) {
    if (carry.born !== null) {
      push(out, { ...SILENT, from: carry.born, to: edge, category: 'unknown', source: 'silence' });
    }
    return out;
  }
  const { silenceMs } = rules.machine;
  const silent = silenceMs !== null && edge - carry.at > silenceMs;
  const until = silent ? carry.at : Math.max(edge, carry.at);
  const undecided = isOwnStop(carry.claim) && !silent && until - carry.runFrom < rules.machine.microStopMs;
  const long = until - carry.runFrom >= rules.machine.microStopMs;
  for (const part of carry.pending) push(out, { ...part, category: long ? 'breakdown' : 'microStop', undecided });
  push(out, segmentOf(carry, until, long, undecided));
  if (silent) {
    push(out, { ...SILENT, from: carry.at, to: edge, category: 'unknown', source: 'silence' });
  }
  return out;
}
