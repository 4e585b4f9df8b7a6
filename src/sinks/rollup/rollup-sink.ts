// Roll-up sink: carries the results and shift reports of lines to the partitions in which their areas and sites add them up.
// In: outputs of one partition. Out: roll-up entries in the logs of others, each exactly once.
// Touches the journal through the `append` port.

import { type Output, packOutput } from '../../core/result.ts';
import type { RefusedOutput, Sink } from '../sink.ts';

export interface RollupPorts {
  /** partitions of the area and the site above a line */
  partitionsAbove(line: string): readonly number[];
  append(partition: number, body: string): Promise<unknown>;
}

/** Line results in one roll-up entry. */
const RESULTS_PER_ENTRY = 500;

const isOfLine = (output: Output): boolean =>
  output.type === 'result' ? output.level === 'line' : output.type === 'report' && output.result.level === 'line';

/**
 * A repeat after a crash appends the same results again: a roll-up keeps one part per line and window, the newest revision,
 * so taking one in twice changes nothing.
 */
export function rollupSink(ports: RollupPorts): Sink {
  return {
    name: 'rollup',
    async write(outputs: readonly Output[]): Promise<readonly RefusedOutput[]> {
      const byPartition = new Map<number, string[]>();
      // reports before the results that they explain: what a sum says of a shift then has its rows at hand
      for (const output of [...outputs].sort((a, b) => Number(b.type === 'report') - Number(a.type === 'report'))) {
        if (!isOfLine(output)) continue;
        const text = packOutput(output);
        for (const partition of ports.partitionsAbove(output.unit)) {
          const known = byPartition.get(partition);
          if (known === undefined) byPartition.set(partition, [text]);
          else known.push(text);
        }
      }
      for (const [partition, texts] of byPartition) {
        for (let from = 0; from < texts.length; from += RESULTS_PER_ENTRY) {
          await ports.append(partition, texts.slice(from, from + RESULTS_PER_ENTRY).join('\n'));
        }
      }
      return [];
    },
    close: async () => {},
  };
}
