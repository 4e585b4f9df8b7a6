// Typed verb: a verb of the program as an administrator types it, beside a running engine.
// In: words. Out: exit code and what was said.
// Touches a child process; the network.

import assert from 'node:assert/strict';
import { type LettersCommand, lettersCommand } from '../../src/operate/letters-command.ts';
import type { EngineChild } from './engine-child.ts';
import { startProgram } from './program-child.ts';

export interface Told {
  readonly code: number | string;
  readonly said: string;
}

/** A verb as an administrator types it, with the settings of the engine. */
export async function typedVerb(
  engine: EngineChild,
  words: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<Told> {
  const program = startProgram(['--import', 'tsx', 'src/main.ts', ...words], {
    PORT: new URL(engine.url).port,
    REDIS_URL: engine.redis.url,
    INFLUX_URL: engine.influx.url,
    INFLUX_BUCKET: engine.influx.database,
    ...more,
  });
  const code = await program.ended();
  const said = program.said();
  assert.doesNotMatch(said, /^\s+at .*\/.+:\d+:\d+/m, 'no stack trace');
  return { code, said };
}
/** The same command within this process: it is the engine that is asked. */
export async function askedLetters(url: string, more: Partial<LettersCommand>): Promise<Told> {
  let said = '';
  const nothing = { letters: [], count: 20, all: false, yes: false, set: [], json: false };
  const write = (text: string): void => {
    said += text;
  };
  const command = { ...nothing, deed: 'list', url, ...more };
  const code = await lettersCommand(command, { ask: fetch, out: { write } });
  return { code, said };
}
export const linesOf = ({ said }: Told, pattern: RegExp): string[] =>
  said.split('\n').filter(line => pattern.test(line));
