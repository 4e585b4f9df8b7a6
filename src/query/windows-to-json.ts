// Windows to JSON: a long answer in pieces, so that a month of minutes keeps nobody else waiting and is never in memory as a whole.
// In: windows, read one by one. Out: a stream of the JSON text `{"results":[…]}`.
// Touches the event loop's queue; whoever reads slowly makes it wait.

import { Readable } from 'node:stream';
import { setImmediate as breath } from 'node:timers/promises';
import type { WindowResult } from '../core/result.ts';
import { resultToWire } from '../core/result-to-wire.ts';

/** Windows that are read and spelled in one go: some 10 ms. */
const WINDOWS_PER_PIECE = 100;
/** Pieces that wait for the reader. */
const PIECES_MAX = 4;

export function windowsToJson(windows: Iterable<WindowResult>): Readable {
  return Readable.from(piecesOf(windows), { highWaterMark: PIECES_MAX });
}

async function* piecesOf(windows: Iterable<WindowResult>): AsyncGenerator<string> {
  let piece = '{"results":[';
  let count = 0;
  for (const window of windows) {
    if (count > 0) piece += ',';
    piece += JSON.stringify(resultToWire(window));
    count += 1;
    if (count % WINDOWS_PER_PIECE !== 0) continue;
    yield piece;
    piece = '';
    await breath();
  }
  yield `${piece}]}`;
}
