// Journal sequence: a seeded sequence of commands on a journal, as producers, a worker and sinks give them.
// In: a journal, a seed. Out: what was answered to each command, in words that do not depend on any clock.
// Touches the journal; all chance comes from the seed, so that two journals get the same commands.
import type { Changes, DeadLetter } from '../../src/core/log-entry.ts';
import type { Journal } from '../../src/journal/journal.ts';
import { BehindProducer, LostOwnership } from '../../src/journal/journal-error.ts';
import type { Ownership } from '../../src/journal/lease.ts';
import { type Chance, chanceOf } from './chance-of.ts';
import { batchOf, changesOf, letterOf, outputOf } from './opened-journal.ts';

export interface SequenceOptions {
  readonly seed: number;
  readonly commands: number;
  /** one per program; the first is the one that appends */
  readonly journals: readonly [Journal, ...Journal[]];
  readonly partitions: readonly number[];
  /** an outsider lets the lease run out */
  expireLease(partition: number): Promise<void>;
  /** before each command, for whoever makes the weather */
  before(command: number): void;
}

export const SINKS = ['influx', 'live'];
export const PRODUCERS = ['plc-1', 'plc-2'];

/** What follows this in a line is another when an act had to be repeated: a claim raises the fence again, a trim finds less to do. */
export const IN_CALM = ' | ';

/** @returns one line per command: what was asked, what was answered */
export async function playSequence(options: SequenceOptions): Promise<string[]> {
  const player = new Player(options);
  const lines: string[] = [];
  for (let command = 0; command < options.commands; command++) {
    options.before(command);
    lines.push(`${command} ${await player.play()}`);
  }
  return lines;
}

interface Held {
  readonly own: Ownership;
  offset: string;
}

type Command = (partition: number) => Promise<string>;

class Player {
  private readonly chance: Chance;
  private readonly owned = new Map<number, Held>();
  /** who owned before, and may not know that it is over */
  private readonly overtaken = new Map<number, Held>();
  private readonly ordinals = new Map<string, Map<string, number>>();
  private readonly commands: readonly (readonly [weight: number, name: string, command: Command])[];

  constructor(private readonly options: SequenceOptions) {
    this.chance = chanceOf(options.seed);
    this.commands = [
      [6, 'append numbered', p => this.appendNumbered(p)],
      [6, 'append by id', p => this.appendById(p)],
      [2, 'append own', p => this.appendOwn(p)],
      [2, 'own', p => this.own(p)],
      [10, 'commit', p => this.commit(p)],
      [1, 'release', p => this.release(p)],
      [4, 'advance', p => this.advance(p)],
      [2, 'trim', p => this.trim(p)],
      [1, 'forget', p => this.forget(p)],
      [3, 'letter', p => this.letter(p)],
      [1, 'expire', p => this.options.expireLease(p).then(() => 'expired')],
    ];
  }

  async play(): Promise<string> {
    const partition = this.pick(this.options.partitions);
    let at = this.chance.below(this.commands.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, name, command] of this.commands) {
      at -= weight;
      if (at < 0) return `p${partition} ${name}: ${await this.answered(command(partition))}`;
    }
    return 'nothing';
  }

  private async answered(answer: Promise<string>): Promise<string> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof BehindProducer) return `${error.code} mark ${error.mark}`;
      if (error instanceof LostOwnership) return `lost ${error.code}`;
      throw error;
    }
  }

  private get journal(): Journal {
    return this.options.journals[0];
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.chance.below(items.length)] as T;
  }

  private async appendNumbered(partition: number): Promise<string> {
    const producer = this.pick(PRODUCERS);
    const mark = (await this.journal.mark(partition, producer)) ?? 0;
    // Mostly the next; sometimes an old one, sometimes with a jump.
    const seq = Math.max(0, mark + this.pick([1, 1, 1, 1, 0, -1, 3]));
    const previous = this.pick([undefined, undefined, mark === 0 ? null : mark, mark + 1]);
    const batch = batchOf([`${producer}-${seq}`, `${producer}-${seq}b`], { producer, seq });
    const told = previous === undefined ? batch : { ...batch, previous };
    return this.receipt(partition, await this.journal.append(partition, told));
  }

  private async appendById(partition: number): Promise<string> {
    // Few ids, so that many come again; some of them for another event.
    const word = (): string => `e${this.chance.below(40)}${this.pick(['', '', '', '/other'])}`;
    const batch = batchOf(Array.from({ length: 1 + this.chance.below(5) }, word));
    return this.receipt(partition, await this.journal.append(partition, batch));
  }

  private async appendOwn(partition: number): Promise<string> {
    const kind = this.pick(['tick', 'plant', 'rollup'] as const);
    const producer = this.pick([undefined, { name: 'line', seq: this.chance.below(12) }]);
    return this.receipt(partition, await this.journal.appendInternal(partition, kind, `"${kind}"`, producer));
  }

  private receipt(partition: number, receipt: { readonly entry: string | null }): string {
    return JSON.stringify({
      ...receipt,
      entry: receipt.entry === null ? null : this.ordinal('in', partition, receipt.entry),
    });
  }

  private async own(partition: number): Promise<string> {
    const own = await this.pick(this.options.journals).own(partition);
    if (own === null) return 'another has it';
    const { offset, fields, texts } = await own.load();
    const before = this.owned.get(partition);
    if (before !== undefined) this.overtaken.set(partition, before);
    this.owned.set(partition, { own, offset });
    const sorted = (map: ReadonlyMap<string, string>): string => JSON.stringify([...map].sort());
    return `at ${this.ordinal('in', partition, offset)} ${sorted(fields)} ${sorted(texts)}${IN_CALM}fence ${own.fence}`;
  }

  /** By whoever owned it last, now and then by who did before: neither may know that it was overtaken. */
  private async commit(partition: number): Promise<string> {
    const stale = this.chance.below(6) === 0 ? this.overtaken.get(partition) : undefined;
    const held = stale ?? this.owned.get(partition);
    if (held === undefined) return this.own(partition);
    const entries = await held.own.read(held.offset, 1 + this.chance.below(4));
    const last = entries.at(-1);
    if (last === undefined) return 'nothing new';
    await held.own.commit(
      this.changes(
        last.id,
        entries.map(entry => entry.body),
      ),
    );
    held.offset = last.id;
    const told = entries.map(({ id, kind, body }) => [this.ordinal('in', partition, id), kind, body]);
    return JSON.stringify(told);
  }

  private changes(offset: string, bodies: readonly string[]): Changes {
    const { chance } = this;
    const outputs = Array.from({ length: chance.below(4) }, (_, i) => outputOf(`unit-${i}`, chance.below(1_000)));
    return changesOf(offset, {
      append: new Map([
        ['seen', bodies.map(body => `${body}\n`).join('')],
        [`day-${chance.below(4)}`, 'x'],
      ]),
      set: new Map([[`m${chance.below(3)}`, JSON.stringify(chance.below(100))]]),
      drop: chance.below(3) === 0 ? [`day-${chance.below(4)}`] : [],
      outputs,
      deadLetters: chance.below(3) === 0 ? [this.newLetter()] : [],
    });
  }

  private newLetter(): DeadLetter {
    return letterOf(`{"bad":${this.chance.below(1_000)}}`, { count: 1 + this.chance.below(3) });
  }

  private async release(partition: number): Promise<string> {
    await this.owned.get(partition)?.own.release();
    return 'released';
  }

  private async advance(partition: number): Promise<string> {
    const sink = this.pick(SINKS);
    const after = await this.journal.outbox.cursor(partition, sink);
    const entries = await this.journal.outbox.read(partition, after, 1 + this.chance.below(6));
    const last = this.pick([entries.at(-1)?.id, entries.at(-1)?.id, entries[0]?.id, '1-1', '900000000000000-1']);
    if (last === undefined) return 'nothing told';
    const refused = this.chance.below(4) === 0 ? [this.newLetter()] : [];
    await this.journal.outbox.advance(partition, sink, last, refused);
    return `${sink} from ${after} to ${last}: ${JSON.stringify(entries)}`;
  }

  private async trim(partition: number): Promise<string> {
    // Nothing is young enough to be kept: what is behind everybody goes, whatever the clock says.
    const sinks = this.pick([SINKS, ['influx'], []]);
    return `trimmed${IN_CALM}${await this.journal.trim(partition, { keepMs: -1_000, sinks })} gone`;
  }

  private async forget(partition: number): Promise<string> {
    await this.journal.outbox.forget(partition, 'live');
    return 'forgotten';
  }

  private async letter(partition: number): Promise<string> {
    const { deadLetters } = this.journal;
    const deed = this.pick(['add', 'discard', 'replay', 'mend']);
    if (deed === 'add') {
      await deadLetters.add(partition, [this.newLetter(), this.newLetter()]);
      return 'two added';
    }
    const [kept] = await deadLetters.list({ partition, countMax: 1 });
    const id = kept?.id ?? '1-1';
    if (deed === 'discard') return `discarded ${await deadLetters.discard(partition, id)} ${kept?.letter.event}`;
    const entry = await deadLetters.replay(partition, id, deed === 'mend' ? '{"mended":1}' : undefined);
    return `replayed ${entry === null ? null : this.ordinal('in', partition, entry)} ${kept?.letter.event}`;
  }

  /** Ids are times; what counts is their order, so an id is told by the place in which it was first met. */
  private ordinal(stream: string, partition: number, id: string): string {
    if (id === '0-0') return 'start';
    const known = this.ordinals.get(`${stream}${partition}`) ?? new Map<string, number>();
    this.ordinals.set(`${stream}${partition}`, known);
    const place = known.get(id) ?? known.size;
    known.set(id, place);
    return `#${place}`;
  }
}
