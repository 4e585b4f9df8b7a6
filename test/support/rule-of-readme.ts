// Rule of README: the rights that the README grants to the engine's user of Redis.
// In: a password. Out: the words of the command, as they stand there.
// Reads the README.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

export function ruleOfReadme(password: string): [command: string, ...words: string[]] {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [line = ''] = /^ACL SETUSER oee .*$/m.exec(readme) ?? [];
  assert.match(line, />PASSWORD/);
  const [command = '', ...words] = line.replace('PASSWORD', password).split(' ');
  return [command, ...words];
}
