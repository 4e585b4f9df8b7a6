// Replay progress: how far a replay is: a bar where somebody looks on, a line now and then where a file does.
// In: bytes read and events answered. Out: what is written to the terminal.
// Touches the given output.

import { Presets, SingleBar } from 'cli-progress';

export interface ReplayOutput {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface ReplayProgress {
  bytes(more: number): void;
  events(answered: number): void;
  /** something to say while the bar stands */
  note(text: string): void;
  stop(): void;
}

/** Lines of a replay without a terminal: one per tenth. */
const STEPS = 10;

export function replayProgress(out: ReplayOutput, bytesTotal: number): ReplayProgress {
  return out.isTTY === true ? bar(out, bytesTotal) : lines(out, bytesTotal);
}

function bar(out: ReplayOutput, bytesTotal: number): ReplayProgress {
  let events = 0;
  let note = '';
  const single = new SingleBar(
    {
      stream: out as NodeJS.WritableStream,
      format: ' {bar} {percentage}% | {events} events | {eta_formatted} left {note}',
      hideCursor: true,
      etaBuffer: 50,
    },
    Presets.shades_classic,
  );
  const payload = () => ({ events: events.toLocaleString('en'), note });
  single.start(Math.max(1, bytesTotal), 0, payload());
  return {
    bytes: more => single.increment(more, payload()),
    events: answered => {
      events += answered;
      note = '';
      single.update(payload());
    },
    note: text => {
      note = `| ${text}`;
      single.update(payload());
    },
    stop: () => single.stop(),
  };
}

function lines(out: ReplayOutput, bytesTotal: number): ReplayProgress {
  let read = 0;
  let events = 0;
  let step = 0;
  return {
    bytes: more => {
      read += more;
    },
    events: answered => {
      events += answered;
      const reached = bytesTotal === 0 ? STEPS : Math.floor((read / bytesTotal) * STEPS);
      if (reached <= step) return;
      step = reached;
      out.write(`${(reached / STEPS) * 100}% of the files read, ${events.toLocaleString('en')} events answered\n`);
    },
    note: text => out.write(`${text}\n`),
    stop: () => {},
  };
}
