// Ask password: a password that nobody reads over a shoulder, or the first line of what is piped in.
// In: a terminal or a pipe. Out: the password.
// Touches the terminal: it shows nothing of what is typed.

import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { AccessFault } from './access/book-command.ts';
import type { VerbOutput } from './backup-verb.ts';

/** @param again whether it is typed twice, at a terminal */
export async function ask(input: NodeJS.ReadStream, out: VerbOutput, again: boolean): Promise<string> {
  if (!input.isTTY) return firstLine(input);
  const password = await hidden(input, out, 'Password: ');
  if (!again || (await hidden(input, out, 'The same again: ')) === password) return password;
  throw new AccessFault('OEE_ACCESS_PASSWORD', 'the two are not the same', 'Type it again.');
}

async function firstLine(input: NodeJS.ReadStream): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new AccessFault('OEE_ACCESS_PASSWORD', 'there is no password', 'Type it at a terminal, or pipe it in.');
}

function hidden(input: NodeJS.ReadStream, out: VerbOutput, question: string): Promise<string> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: nowhere, terminal: true });
  out.write(question);
  return new Promise((resolve, reject) => {
    reader.question('', line => {
      out.write('\n');
      reader.removeAllListeners('close');
      reader.close();
      resolve(line);
    });
    const stopped = 'nothing was changed';
    reader.on('close', () => reject(new AccessFault('OEE_ACCESS_PASSWORD', stopped, 'Run the command again.')));
  });
}
