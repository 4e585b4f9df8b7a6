// Live memory: what the hub remembers: the newest result per (unit, window kind) and state per machine, and the last frames.
// In: outputs in the order of the outbox. Out: numbered frames, snapshots as JSON bytes, the frames after an offset.
// Touches nothing but its own memory: one frame per (unit, kind), and at most `ringMax` frames in the ring.

import type { Output } from '../../core/result.ts';
import type { Subscription } from './live-codec.ts';
import { frameOf, isNewer, isWanted, type LiveFrame } from './live-frame.ts';

export interface LiveMemory {
  readonly epoch: string;
  /** number of the newest frame; 0 before the first */
  head(): number;
  take(output: Output): LiveFrame;
  /** frames after `offset` in order; null when the ring no longer (or does not yet) hold them all */
  after(offset: number): readonly LiveFrame[] | null;
  /** the snapshot frame for a subscription, as of now */
  snapshot(subscription: Subscription): Buffer;
}

/** @param isUnit units that the plant no longer has stay out of snapshots */
export function createLiveMemory(epoch: string, ringMax: number, isUnit: (unit: string) => boolean): LiveMemory {
  const newest = new Map<string, LiveFrame>();
  // offset n lies at n % ringMax: the newest frame takes the place of the oldest
  const ring: LiveFrame[] = [];
  let head = 0;

  function take(output: Output): LiveFrame {
    head += 1;
    const frame = frameOf(epoch, head, output);
    ring[head % ringMax] = frame;
    if (output.type !== 'interval') {
      const known = newest.get(frame.key);
      if (known === undefined || isNewer(output, known.output)) newest.set(frame.key, frame);
    }
    return frame;
  }

  function after(offset: number): readonly LiveFrame[] | null {
    if (offset > head || offset < head - ringMax) return null;
    const frames: LiveFrame[] = [];
    for (let n = offset + 1; n <= head; n += 1) {
      const frame = ring[n % ringMax];
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  function snapshot(subscription: Subscription): Buffer {
    const results: string[] = [];
    const states: string[] = [];
    for (const frame of newest.values()) {
      if (!isWanted(subscription, frame.output) || !isUnit(frame.output.unit)) continue;
      (frame.output.type === 'result' ? results : states).push(frame.body());
    }
    const opening = `{"op":"snapshot","epoch":${JSON.stringify(epoch)},"offset":${head}`;
    return Buffer.from(`${opening},"results":[${results.join()}],"states":[${states.join()}]}`);
  }

  return { epoch, head: () => head, take, after, snapshot };
}
