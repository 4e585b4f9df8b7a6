// Frames: the windows of a kind that share time with a span.
// In: a machine, a kind, a span. Out: frames, oldest first.
// Pure.

import type { Machine } from '../core/machine.ts';
import type { WindowKind } from '../core/result.ts';
import type { Frame } from '../core/window-track.ts';

export function framesOf(machine: Machine, kind: WindowKind, from: number, to: number): Frame[] {
  const track = machine.tracks.find(candidate => candidate.kind === kind);
  const frames: Frame[] = [];
  let at = from;
  while (track !== undefined && at < to) {
    const place = track.locate(at);
    if (place.frame !== null) frames.push(place.frame);
    at = place.frame === null ? place.to : place.frame.end;
  }
  return frames;
}
