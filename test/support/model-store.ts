// Model store: the few Redis values that a partition of the journal is made of, in plain memory.
// In: values and stream ids. Out: the same values, changed as Redis would change them; copies of a whole partition.
// Pure: the clock is an argument.

export interface StreamId {
  readonly ms: number;
  readonly n: number;
}
export interface StreamEntry extends StreamId {
  readonly id: string;
  readonly fields: readonly string[];
}

export const FIRST: StreamId = { ms: 0, n: 0 };
export const idText = ({ ms, n }: StreamId): string => `${ms}-${n}`;
export const compareStreamIds = (a: StreamId, b: StreamId): number => a.ms - b.ms || a.n - b.n;
export const idLess = (a: string, b: string): boolean => compareStreamIds(idOf(a), idOf(b)) < 0;

export function idOf(text: string): StreamId {
  const dash = text.indexOf('-');
  if (dash < 0) return { ms: Number(text), n: 0 };
  return { ms: Number(text.slice(0, dash)), n: Number(text.slice(dash + 1)) };
}

export class ModelStream {
  entries: StreamEntry[] = [];
  added = 0;
  last: StreamId = FIRST;
  deleted: StreamId = FIRST;

  /** @param wanted an id above the last one, or null: the next one by the clock */
  add(wanted: string | null, fields: readonly string[], now: number): string {
    const next: StreamId = wanted === null ? this.next(now) : idOf(wanted);
    if (compareStreamIds(next, this.last) <= 0) {
      throw new Error('ERR The ID specified in XADD is equal or smaller than the target stream top item');
    }
    const id = idText(next);
    this.entries.push({ ...next, id, fields });
    this.last = next;
    this.added += 1;
    return id;
  }

  private next(now: number): StreamId {
    return now > this.last.ms ? { ms: now, n: 0 } : { ms: this.last.ms, n: this.last.n + 1 };
  }

  /** Index of the first entry at or above the id. */
  private at(id: StreamId): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const entry = this.entries[middle];
      if (entry !== undefined && compareStreamIds(entry, id) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get(id: string): StreamEntry | undefined {
    const entry = this.entries[this.at(idOf(id))];
    return entry?.id === idText(idOf(id)) ? entry : undefined;
  }

  after(id: string, countMax: number): readonly StreamEntry[] {
    const { ms, n } = idOf(id);
    const from = this.at({ ms, n: n + 1 });
    return this.entries.slice(from, from + countMax);
  }

  delete(id: string): number {
    const entry = this.get(id);
    if (entry === undefined) return 0;
    this.entries = this.entries.filter(each => each !== entry);
    if (compareStreamIds(entry, this.deleted) > 0) this.deleted = { ms: entry.ms, n: entry.n };
    return 1;
  }

  /** XTRIM MINID: the entry at the boundary stays. */
  trimBelow(boundary: string): number {
    const gone = this.at(idOf(boundary));
    if (gone > 0) this.entries = this.entries.slice(gone);
    return gone;
  }

  copy(): ModelStream {
    return Object.assign(new ModelStream(), { ...this, entries: [...this.entries] });
  }
}

/** One act, as it comes to the server. */
export interface ActCall {
  readonly slot: ModelSlot;
  readonly keys: readonly string[];
  readonly args: readonly string[];
  /** the server's clock, epoch ms */
  readonly now: number;
  /** names the history that the server goes on with */
  readonly history: string;
  readonly nearlyFull: boolean;
}

export type ModelHash = Map<string, string>;

/** Everything that lies in one slot: a partition, or what the journal itself remembers. */
export class ModelSlot {
  readonly streams = new Map<string, ModelStream>();
  readonly hashes = new Map<string, ModelHash>();
  readonly sets = new Map<string, Set<string>>();
  readonly texts = new Map<string, string>();
  readonly scores = new Map<string, Map<string, number>>();

  stream(key: string): ModelStream {
    return made(this.streams, key, () => new ModelStream());
  }
  hash(key: string): ModelHash {
    return made(this.hashes, key, () => new Map());
  }
  set(key: string): Set<string> {
    return made(this.sets, key, () => new Set());
  }
  ranked(key: string): Map<string, number> {
    return made(this.scores, key, () => new Map());
  }
  /** What was emptied is not there; but for a stream, which remembers what it gave. */
  has(key: string): boolean {
    if (this.texts.has(key) || compareStreamIds(this.streams.get(key)?.last ?? FIRST, FIRST) > 0) return true;
    return [this.hashes, this.sets, this.scores].some(kind => (kind.get(key)?.size ?? 0) > 0);
  }
  unlink(key: string): void {
    for (const kind of [this.streams, this.hashes, this.sets, this.texts, this.scores]) kind.delete(key);
  }

  copy(): ModelSlot {
    const copy = new ModelSlot();
    for (const [key, stream] of this.streams) copy.streams.set(key, stream.copy());
    for (const [key, hash] of this.hashes) copy.hashes.set(key, new Map(hash));
    for (const [key, set] of this.sets) copy.sets.set(key, new Set(set));
    for (const [key, text] of this.texts) copy.texts.set(key, text);
    for (const [key, scores] of this.scores) copy.scores.set(key, new Map(scores));
    return copy;
  }
}

function made<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = make();
  map.set(key, value);
  return value;
}
