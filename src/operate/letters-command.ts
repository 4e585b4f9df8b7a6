// Letters command: dead letters listed, shown, replayed and discarded through a running engine.
// In: the command line, the engine's address. Out: text or JSON; what was done; the exit code.
// Touches the network through the given fetch, a file that holds a mended event.

import { readFile } from 'node:fs/promises';
import {
  CommandFault,
  type Letter,
  LetterDoor,
  type LetterFilters,
  type Page,
  type Refusal,
  type Summary,
} from './letter-door.ts';

export const LETTER_DEEDS = ['list', 'show', 'replay', 'discard'] as const;
export type LetterDeed = (typeof LETTER_DEEDS)[number];

export interface LettersCommand extends LetterFilters {
  readonly deed: string;
  /** partition/id, as the list shows them */
  readonly letters: readonly string[];
  readonly count: number;
  /** every letter that the filters let through */
  readonly all: boolean;
  /** said on purpose: many letters go with --all */
  readonly yes: boolean;
  /** name=value */
  readonly set: readonly string[];
  readonly file?: string;
  readonly json: boolean;
}

export interface LettersIo {
  readonly ask: typeof fetch;
  readonly out: { write(text: string): unknown };
}

const PAGE = 500;
const TEXT_MAX = 100;
const MACHINES_MAX = 5;

/** @returns 0: done; 1: something was refused, or waits for --yes; 2: it could not be done */
export async function lettersCommand(command: LettersCommand, io: LettersIo): Promise<0 | 1 | 2> {
  try {
    const deeds = new LetterDeeds(command, io);
    if (command.deed === 'list') return await deeds.list();
    if (command.deed === 'show') return await deeds.show();
    if (command.deed === 'replay' || command.deed === 'discard') return await deeds.each(command.deed);
    throw new CommandFault(
      'OEE_LETTERS_DEED',
      `"${command.deed}" is none of ${LETTER_DEEDS.join(', ')}`,
      'Say one of them.',
    );
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    io.out.write(`${error.code}: ${error.message}\n  ${error.remedy}\n`);
    return 2;
  }
}

class LetterDeeds {
  private readonly door: LetterDoor;

  constructor(
    private readonly command: LettersCommand,
    private readonly io: LettersIo,
  ) {
    this.door = new LetterDoor(command, io.ask);
  }

  async list(): Promise<0> {
    const { count, json } = this.command;
    const summary = await this.door.ask<Summary>('GET', '/summary');
    const { deadLetters, next } = await this.door.page(count, null);
    if (json) {
      this.say(JSON.stringify({ summary, deadLetters, next }, null, 2));
      return 0;
    }
    this.say(
      summary.letters === 0
        ? 'no dead letters'
        : `${summary.complete ? '' : 'at least '}${summary.letters} dead letters`,
    );
    for (const { code, letters, machines } of summary.byReason) {
      const of = Object.entries(machines)
        .slice(0, MACHINES_MAX)
        .map(([machine, some]) => `${machine} ${some}`);
      this.say(`  ${String(letters).padStart(6)} ${code}${of.length === 0 ? '' : `  (${of.join(', ')})`}`);
    }
    if (deadLetters.length > 0) this.say('');
    for (const letter of deadLetters) this.say(lineOf(letter));
    if (next !== null) this.say(`… more: --count ${count * 5}, or a filter`);
    return 0;
  }

  async show(): Promise<0 | 1> {
    let worst: 0 | 1 = 0;
    for (const name of this.named()) {
      const letter = await this.door.ask<Letter | Refusal>('GET', `/${name}`);
      this.say(JSON.stringify('id' in letter ? { ...letter, event: jsonOf(letter.event) } : letter, null, 2));
      if (!('id' in letter)) worst = 1;
    }
    return worst;
  }

  async each(deed: 'replay' | 'discard'): Promise<0 | 1> {
    const mending = await this.mending();
    const counts = { done: 0, refused: 0 };
    if (this.command.all) return this.eachOfAll(deed, mending, counts);
    for (const name of this.named()) await this.one(deed, name, mending, counts);
    return this.told(deed, counts);
  }

  private async eachOfAll(
    deed: 'replay' | 'discard',
    mending: object | null,
    counts: { done: number; refused: number },
  ): Promise<0 | 1> {
    let before: string | null = null;
    let found = 0;
    // From the youngest to the oldest: what is refused again comes as a younger letter and is not met again.
    do {
      const page: Page = await this.door.page(PAGE, before);
      found += page.deadLetters.length;
      if (this.command.yes) {
        for (const { partition, id } of page.deadLetters) await this.one(deed, `${partition}/${id}`, mending, counts);
      }
      before = page.next;
    } while (before !== null);
    if (this.command.yes) return this.told(deed, counts);
    this.say(`${found} letters would be ${deed}ed. Add --yes to do it.`);
    return found === 0 ? 0 : 1;
  }

  private async one(
    deed: 'replay' | 'discard',
    name: string,
    mending: object | null,
    counts: { done: number; refused: number },
  ): Promise<void> {
    const answer = await (deed === 'replay'
      ? this.door.ask<object | Refusal>('POST', `/${name}/replay`, mending)
      : this.door.ask<object | Refusal>('DELETE', `/${name}`));
    if (!('code' in answer)) {
      counts.done += 1;
      return;
    }
    counts.refused += 1;
    const { code, message, remedy } = answer as Refusal;
    this.say(`${name}  ${code}: ${message}\n  ${remedy}`);
  }

  private told(deed: string, { done, refused }: { done: number; refused: number }): 0 | 1 {
    this.say(`${done} ${deed}ed${refused === 0 ? '' : `, ${refused} refused`}`);
    return refused === 0 ? 0 : 1;
  }

  private named(): readonly string[] {
    const { letters, deed } = this.command;
    const wrong = letters.find(name => !/^\d+\/\d+-\d+$/.test(name));
    if (letters.length > 0 && wrong === undefined) return letters;
    const what = wrong === undefined ? `${deed} which letters?` : `"${wrong}" names no letter`;
    throw new CommandFault('OEE_LETTERS_NAME', what, 'Name them as the list does: 17/1795327200000-0; or say --all.');
  }

  /** What is to be changed in the event before it goes back. */
  private async mending(): Promise<object | null> {
    const { set, file } = this.command;
    if (set.length === 0 && file === undefined) return null;
    const fields = set.map(word => {
      const at = word.indexOf('=');
      if (at < 1) throw new CommandFault('OEE_LETTERS_SET', `"${word}" sets nothing`, 'Write --set name=value.');
      return [word.slice(0, at), jsonOf(word.slice(at + 1))] as const;
    });
    return {
      ...(set.length === 0 ? {} : { set: Object.fromEntries(fields) }),
      ...(file === undefined ? {} : { event: await eventIn(file) }),
    };
  }

  private say(line: string): void {
    this.io.out.write(`${line}\n`);
  }
}

const lineOf = ({ partition, id, at, code, machine, message, event }: Letter): string =>
  `${partition}/${id}  ${at}  ${code}  ${machine ?? '-'}  ${message}\n      ${event.length > TEXT_MAX ? `${event.slice(0, TEXT_MAX)}…` : event}`;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function eventIn(file: string): Promise<object> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new CommandFault(
      'OEE_LETTERS_FILE',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`,
      'Name a file that holds the event.',
    );
  }
  const value = jsonOf(text);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new CommandFault(
    'OEE_LETTERS_FILE',
    `${file} holds no JSON object`,
    'Write one event into it, as for POST /v1/events.',
  );
}
