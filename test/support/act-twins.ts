// Act twins: one sequence of calls on a real Redis and on the model of it, side by side.
// In: a server with the journal's library, a seed. Out: what each of them answered and holds, in words that no clock changes.
// Touches a child redis-server.

import { readLuaLibrary } from '../../src/journal/lua-library.ts';
import { ActSequence, type Call } from './act-sequence.ts';
import { contentOf } from './journal-content.ts';
import { MODEL_ACTS } from './model-acts.ts';
import { ModelRedis } from './model-redis.ts';
import type { ModelSlot } from './model-store.ts';
import type { RedisChild } from './redis-child.ts';

type Answer = (call: Call) => Promise<unknown>;

/** What one server gave: ids and histories by the order of their first appearance, instants as what they are. */
class Side {
  private readonly ids: string[] = [];
  private readonly histories: string[] = [];
  constructor(private readonly answer: Answer) {}

  get idsSeen(): number {
    return this.ids.length;
  }

  /** An error is an answer, too; in whose words is not compared. */
  async ask(call: Call): Promise<unknown> {
    const args = call.args.map(arg => arg.replace(/#(\d+)/, (_, place) => this.ids[Number(place)] ?? '0-0'));
    try {
      return this.told(await this.answer({ ...call, args }));
    } catch (error) {
      return `refused: ${(error as Error).message.slice(0, 3)}`;
    }
  }

  told(reply: unknown): unknown {
    const placed = (list: string[], word: string): number => {
      if (!list.includes(word)) list.push(word);
      return list.indexOf(word);
    };
    const text = JSON.stringify(reply ?? null)
      .replace(/\b1\d{12}-\d+\b/g, id => `#${placed(this.ids, id)}`)
      .replace(/\b([0-9a-f]{40}|p000\/\d+)\b/g, name => `history ${placed(this.histories, name)}`)
      .replace(/\b1\d{12}\b/g, 'instant');
    return JSON.parse(text);
  }
}

/** These answer in whatever order a server likes. */
const UNORDERED = new Set(['HGETALL', 'smembers', 'meet-workers', 'snapshot-state', 'snapshot-partition']);
const inOrder = ({ name }: Call, reply: unknown): unknown =>
  UNORDERED.has(name) ? [JSON.stringify(reply).length, [reply].flat(3).map(String).sort()] : reply;

export interface Twins {
  /** one line per call: what was asked, what was answered */
  readonly real: readonly string[];
  readonly model: readonly string[];
}

const HISTORY_CHANGES_OF = 60;

/** An act that writes two streams may cross a millisecond between them: a difference counts when it comes each time. */
const TRIES = 3;

/** @throws whatever the model trips over */
export async function playTwins(redis: RedisChild, seed: number, calls: number): Promise<Twins> {
  for (let tries = 1; ; tries += 1) {
    const twins = await playOnce(redis, seed, calls);
    if (tries === TRIES || twins.real.join('\n') === twins.model.join('\n')) return twins;
  }
}

async function playOnce(redis: RedisChild, seed: number, calls: number): Promise<Twins> {
  await redis.command('FLUSHALL');
  let now = 0;
  const modelRedis = new ModelRedis({ now: () => now });
  const model = new Side(async call => answerOfModel(modelRedis, call));
  const real = new Side(answerOfRedis(redis));
  const sequence = new ActSequence(seed, () => model.idsSeen);
  const lines: [string, string][] = [];
  for (let n = 0; n < calls; n += 1) {
    if (n % HISTORY_CHANGES_OF === HISTORY_CHANGES_OF - 1) await beginHistory(redis, modelRedis);
    const call = sequence.next();
    now = await nextInstant(redis, now);
    const [given, expected] = [await real.ask(call), await model.ask(call)];
    now = await clockOf(redis);
    sequence.hear(call, expected);
    const asked = `${n} ${call.name} ${call.keys.join(' ')} ${call.args.join(' ')}`;
    lines.push([
      `${asked} → ${JSON.stringify(inOrder(call, given))}`,
      `${asked} → ${JSON.stringify(inOrder(call, expected))}`,
    ]);
    // what comes after the first difference says nothing more
    if (lines.at(-1)?.[0] !== lines.at(-1)?.[1]) break;
  }
  const kept = Object.entries(await contentOf(redis)).map(
    ([key, content]) => [`oee${key}`, (content as unknown[])[0]] as const,
  );
  const held = (side: Side, content: readonly (readonly [string, unknown])[]): string[] =>
    [...content].sort(([a], [b]) => (a < b ? -1 : 1)).map(each => JSON.stringify(side.told(each)));
  return {
    real: [...lines.map(([line]) => line), ...held(real, kept)],
    model: [...lines.map(([, line]) => line), ...held(model, modelContent(modelRedis.slot('p000')))],
  };
}

async function clockOf(redis: RedisChild): Promise<number> {
  const [seconds, micros] = (await redis.command('TIME')) as string[];
  return Number(seconds) * 1000 + Math.floor(Number(micros) / 1000);
}

/** Two streams that get an entry in the same millisecond give the same id: each call has one of its own. */
async function nextInstant(redis: RedisChild, last: number): Promise<number> {
  let now = await clockOf(redis);
  while (now <= last) now = await clockOf(redis);
  return now;
}

/** As a fail-over does that loses nothing. */
async function beginHistory(redis: RedisChild, model: ModelRedis): Promise<void> {
  await redis.command('REPLICAOF', '127.0.0.1', '1');
  await redis.command('REPLICAOF', 'NO', 'ONE');
  model.promote('p000', model.slot('p000'));
}

/** In slices here, at once there: what goes altogether is the same. */
async function summed(name: string, ask: () => Promise<unknown>): Promise<unknown> {
  if (name !== 'trim-streams') return ask();
  let sum = 0;
  for (let some = Number(await ask()); some > 0; some = Number(await ask())) sum += some;
  return sum;
}

function answerOfModel(redis: ModelRedis, { name, keys, args }: Call): Promise<unknown> {
  return summed(name, async () =>
    name in MODEL_ACTS ? redis.act(name, keys, args) : redis.read(name, [...keys, ...args]),
  );
}

function answerOfRedis(redis: RedisChild): Answer {
  const library = readLuaLibrary();
  const fullName = new Map(Object.keys(MODEL_ACTS).map(act => [act, library.fullName(act as 'claim-lease')]));
  return ({ name, keys, args }) => {
    const act = fullName.get(name);
    return summed(name, () =>
      act === undefined
        ? redis.command(name, ...keys, ...args)
        : redis.command('FCALL', act, keys.length, ...keys, ...args),
    );
  };
}

/** As `contentOf` shows a real one. */
function modelContent(slot: ModelSlot): [string, unknown][] {
  const hidden = ['owner', 'lease', 'history'];
  const content: [string, unknown][] = [];
  for (const [key, stream] of slot.streams) {
    const { entries, added, last, deleted } = stream;
    const edges = [entries.length, added, `${last.ms}-${last.n}`, `${deleted.ms}-${deleted.n}`];
    if (slot.has(key)) content.push([key, [entries.map(({ id, fields }) => [id, fields]), edges]]);
  }
  for (const [key, hash] of slot.hashes) {
    const pairs = [...hash].filter(([name]) => !hidden.includes(name)).sort();
    if (hash.size > 0) content.push([key, pairs]);
  }
  for (const [key, set] of slot.sets) if (set.size > 0) content.push([key, [...set].sort()]);
  for (const [key, text] of slot.texts) content.push([key, text]);
  for (const [key, ranked] of slot.scores) {
    const rows = [...ranked].sort((a, b) => a[1] - b[1]);
    if (ranked.size > 0) content.push([key, rows.map(([name, score]) => [name, String(score)])]);
  }
  return content;
}
