// Frames: the windows of a kind that share time with a span.
// In: a machine, a kind, a span. Out: frames, oldest first.
// Pure.

import type { Machine } from '../core/machine.ts';
import type { WindowKind } from '../core/result.ts';
import type { Frame } from '../core/window-track.ts';

export function* framesOf(machine: Machine, kind: WindowKind, from: number, to: number): Generator<Frame> {
  const track = machine.tracks.find(candidate => candidate.kind === kind);
  let at = from;
  while (track !== undefined && at < to) {
    const place = track.locate(at);
    if (place.frame !== null) yield place.frame;
    at = place.frame === null ? place.to : place.frame.end;
  }
}
