// Access verb: users and tokens made, listed and taken away, and the trail of deeds, in the journal's Redis.
// In: the command line, a password typed or piped in. Out: lists, a new token; exit code 0, 1 (refused) or 2 (could not be done).
// Touches Redis through the book, the terminal.

import { readFileSync } from 'node:fs';
import { type AccessBookCommand, AccessFault, commandBook } from './access/book-command.ts';
import { ask } from './ask-password.ts';
import type { VerbOutput } from './backup-verb.ts';
import type { Config } from './config.ts';
import { openAccessBookAlone } from './journal/access-book.ts';
import type { Log } from './log.ts';
import { redisForVerb } from './verb-redis.ts';

export interface AccessVerbIo {
  readonly out: VerbOutput;
  readonly err: VerbOutput;
  readonly input: NodeJS.ReadStream;
  readonly now: () => number;
  readonly random: (bytes: number) => Buffer;
  /** whoever runs the command, for the trail */
  readonly who: string;
}

export async function accessVerb(
  command: AccessBookCommand,
  config: Config,
  log: Log,
  io: AccessVerbIo,
): Promise<0 | 1 | 2> {
  const redis = await redisForVerb(config, log);
  const ca = config.redisCaFile === null ? null : readFileSync(config.redisCaFile, 'utf8');
  const { book, close } = openAccessBookAlone({ url: redis.url, prefix: config.prefix, ca });
  try {
    const password = (again: boolean): Promise<string> => ask(io.input, io.err, again);
    io.out.write(`${await commandBook(command, { ...io, book, password })}\n`);
    return 0;
  } catch (error) {
    const { code, message, remedy } = error as { code?: string; message: string; remedy?: string };
    if (code?.startsWith('OEE_') !== true) throw error;
    io.err.write(`${code}: ${message}\n${remedy === undefined ? '' : `  ${remedy}\n`}`);
    return error instanceof AccessFault ? 1 : 2;
  } finally {
    close();
    await redis.stop();
  }
}
