// Live memory: what the hub remembers: the newest result per (unit, window kind) and state per machine, active alerts, the last frames.
// In: outputs in the order of the outbox. Out: numbered frames, snapshots as JSON bytes, the frames after an offset.
// Touches nothing but its own memory: one frame per (unit, kind) and active alert, and at most `ringMax` frames in the ring.

import type { Subscription } from './live-codec.ts';
import { frameOf, isNewer, isWanted, type LiveFrame, type LiveOutput } from './live-frame.ts';

export interface LiveMemory {
  readonly epoch: string;
  /** number of the newest frame; 0 before the first */
  head(): number;
  take(output: LiveOutput): LiveFrame;
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

  function take(output: LiveOutput): LiveFrame {
    head += 1;
    const frame = frameOf(epoch, head, output);
    ring[head % ringMax] = frame;
    if (output.type !== 'interval') {
      const known = newest.get(frame.key);
      const isOver = output.type === 'alert' && output.status !== 'active';
      if (known !== undefined && !isNewer(output, known.output)) return frame;
      // an alert that is over is history; replays come in order, so what was said of it before is followed by its end again
      if (isOver) newest.delete(frame.key);
      else newest.set(frame.key, frame);
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
    const bodies: Record<LiveOutput['type'], string[]> = { result: [], state: [], alert: [], interval: [] };
    for (const frame of newest.values()) {
      if (!isWanted(subscription, frame.output) || !isUnit(frame.output.unit)) continue;
      bodies[frame.output.type].push(frame.body());
    }
    const opening = `{"op":"snapshot","epoch":${JSON.stringify(epoch)},"offset":${head}`;
    const lists = `"results":[${bodies.result.join()}],"states":[${bodies.state.join()}],"alerts":[${bodies.alert.join()}]`;
    return Buffer.from(`${opening},${lists}}`);
  }

  return { epoch, head: () => head, take, after, snapshot };
}
