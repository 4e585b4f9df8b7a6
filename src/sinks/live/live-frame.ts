// Live frame: one output on its way to the live clients, put into JSON once for all of them and only when one asks.
// In: outputs with their number. Out: bytes of the frame, its key for coalescing, and which of two is the newer.
// Pure.

import { alertToWire } from '../../core/alert-to-wire.ts';
import type { Confirmation } from '../../core/confirmation.ts';
import type { Output, ShiftReport } from '../../core/result.ts';
import { intervalToWire, resultToWire, stateToWire } from '../../core/result-to-wire.ts';
import type { Subscription } from './live-codec.ts';

/** What screens show; reports and confirmations are documents and go their own ways. */
export type LiveOutput = Exclude<Output, ShiftReport | Confirmation>;

export function isLive(output: Output): output is LiveOutput {
  return output.type !== 'report' && output.type !== 'confirmation';
}

export interface LiveFrame {
  /** the hub's own number, from 1, without holes */
  readonly offset: number;
  readonly output: LiveOutput;
  /** frames of one key stand for one another: the newest says it all */
  readonly key: string;
  /** the output's wire shape as JSON text */
  body(): string;
  /** the whole frame, ready to send */
  bytes(): Buffer;
}

export function frameOf(epoch: string, offset: number, output: LiveOutput): LiveFrame {
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

function wireOf(output: LiveOutput): unknown {
  if (output.type === 'result') return resultToWire(output);
  if (output.type === 'state') return stateToWire(output);
  return output.type === 'interval' ? intervalToWire(output) : alertToWire(output);
}

function keyOf(output: LiveOutput): string {
  if (output.type === 'result') return `result ${output.kind} ${output.unit}`;
  if (output.type === 'interval') return `interval ${output.from} ${output.unit}`;
  return output.type === 'state' ? `state ${output.unit}` : `alert ${output.id}`;
}

/**
 * Whether `next` takes the place of `known` under the same key. A result by its window's start, then revision, then by how
 * far its facts reach: a restated shift of yesterday never replaces today's, and repeats after a restart change nothing
 * for the worse. An alert by its sequence. Intervals of one start follow the order of the outbox.
 */
export function isNewer(next: LiveOutput, known: LiveOutput): boolean {
  if (next.type === 'result' && known.type === 'result') {
    if (next.start !== known.start) return next.start > known.start;
    if (next.revision !== known.revision) return next.revision > known.revision;
    return next.edge >= known.edge;
  }
  if (next.type === 'state' && known.type === 'state') return next.at >= known.at;
  if (next.type === 'alert' && known.type === 'alert') return next.sequence >= known.sequence;
  return true;
}

/** Whether a subscription asks for the output; states and intervals come with their unit, alerts with any unit under them. */
export function isWanted(subscription: Subscription, output: LiveOutput): boolean {
  const { units, windows } = subscription;
  if (units !== '*' && !unitsOf(output).some(unit => units.has(unit))) return false;
  return output.type !== 'result' || windows === '*' || windows.has(output.kind);
}

function unitsOf(output: LiveOutput): readonly string[] {
  return output.type === 'alert' ? [output.unit, ...output.members.map(({ unit }) => unit)] : [output.unit];
}
