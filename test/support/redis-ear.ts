// Redis ear: hears every command that a Redis is sent, by whom, and what the functions do that it runs.
// In: a port. Out: promises for commands that matter; what was heard, in order.
// Touches a connection of its own, in MONITOR mode.

import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export interface HeardCommand {
  /** the first words, as they were sent */
  readonly words: readonly string[];
  /** address of the client; `lua` for what the function before it does */
  readonly source: string;
}

export interface RedisEar {
  readonly heard: readonly HeardCommand[];
  /** the next command from now on that fits; rejects when none comes in generous time */
  next(fits: (command: HeardCommand) => boolean): Promise<HeardCommand>;
  close(): void;
}

/** What tells commands apart stands at their beginning; a megabyte of events does not need to be looked at. */
const LOOKED_AT = 1_500;
/** How long a command is waited for: generous, for machines that do much else. */
const PATIENCE_MS = 60_000;

export async function openRedisEar(port: number): Promise<RedisEar> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const heard: HeardCommand[] = [];
  let waiting: { fits: (command: HeardCommand) => boolean; settle: (command: HeardCommand) => void }[] = [];
  const lines = createInterface({ input: socket });
  lines.on('line', line => {
    const [, source, rest = ''] = /^\+[\d.]+ \[\d+ ([^\]]+)\] (.*)$/.exec(line.slice(0, LOOKED_AT)) ?? [];
    if (source === undefined) return;
    const command = { source, words: [...rest.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, word = '']) => word) };
    heard.push(command);
    for (const each of waiting.filter(({ fits }) => fits(command))) {
      waiting = waiting.filter(other => other !== each);
      each.settle(command);
    }
  });
  socket.write('MONITOR\r\n');
  return {
    heard,
    next: fits =>
      new Promise((settle, fail) => {
        const late = setTimeout(
          () => fail(new Error(`waited in vain for a command; heard ${heard.length}`)),
          PATIENCE_MS,
        );
        waiting.push({
          fits,
          settle: command => {
            clearTimeout(late);
            settle(command);
          },
        });
      }),
    close: () => void socket.destroy(),
  };
}
