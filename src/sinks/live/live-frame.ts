// Live frame: one output on its way to the live clients, put into JSON once for all of them and only when one asks.
// In: outputs with their number. Out: bytes of the frame, its key for coalescing, and which of two is the newer.
// Pure.

import type { Output } from '../../core/result.ts';
import { intervalToWire, resultToWire, stateToWire } from '../../core/result-to-wire.ts';
import type { Subscription } from './live-codec.ts';

export interface LiveFrame {
  /** the hub's own number, from 1, without holes */
  readonly offset: number;
  readonly output: Output;
  /** frames of one key stand for one another: the newest says it all */
  readonly key: string;
  /** the output's wire shape as JSON text */
  body(): string;
  /** the whole frame, ready to send */
  bytes(): Buffer;
}

export function frameOf(epoch: string, offset: number, output: Output): LiveFrame {
  let text: string | null = null;
  let packed: Buffer | null = null;
  const body = (): string => {
    text ??= JSON.stringify(wireOf(output));
    return text;
  };
  const bytes = (): Buffer => {
    const op = output.type;
    packed ??= Buffer.from(`{"op":"${op}","epoch":${JSON.stringify(epoch)},"offset":${offset},"${op}":${body()}}`);
    return packed;
  };
  return { offset, output, key: keyOf(output), body, bytes };
}

function wireOf(output: Output): unknown {
  if (output.type === 'result') return resultToWire(output);
  if (output.type === 'state') return stateToWire(output);
  return output.type === 'interval' ? intervalToWire(output) : output;
}

function keyOf(output: Output): string {
  if (output.type === 'result') return `result ${output.kind} ${output.unit}`;
  if (output.type === 'interval') return `interval ${output.from} ${output.unit}`;
  return output.type === 'state'
    ? `state ${output.unit}`
    : `${output.type} ${'id' in output ? output.id : output.unit}`;
}

/**
 * Whether `next` takes the place of `known` under the same key. A result by its window's start, then revision, then by how
 * far its facts reach: a restated shift of yesterday never replaces today's, and repeats after a restart change nothing
 * for the worse. Intervals of one start follow the order of the outbox.
 */
export function isNewer(next: Output, known: Output): boolean {
  if (next.type === 'result' && known.type === 'result') {
    if (next.start !== known.start) return next.start > known.start;
    if (next.revision !== known.revision) return next.revision > known.revision;
    return next.edge >= known.edge;
  }
  if (next.type === 'state' && known.type === 'state') return next.at >= known.at;
  return true;
}

/** Whether a subscription asks for the output; states and intervals come with their unit. */
export function isWanted(subscription: Subscription, output: Output): boolean {
  const { units, windows } = subscription;
  if (units !== '*' && !units.has(output.unit)) return false;
  return output.type !== 'result' || windows === '*' || windows.has(output.kind);
}
