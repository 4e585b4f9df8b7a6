// Fault network: what lies between the programs and their neighbours: replies lost, doubled and late, servers away, crashes in between.
// In: calls of a program. Out: replies, errors, or silence, by seeded chance; the calls carried out none, one or two times.
// Touches virtual time and whoever is called.

import type { Connection } from '../../src/journal/connection.ts';
import { PATIENCE_MS } from '../../src/journal/connection.ts';
import { JournalAway, toJournalError } from '../../src/journal/journal-error.ts';
import { type ModelRedis, tagOf } from '../support/model-redis.ts';
import type { Life, VirtualTime } from './virtual-time.ts';

/** Shares of calls, 0..1, that meet each fault. */
export interface Weather {
  readonly lostBefore: number;
  readonly lostAfter: number;
  readonly late: number;
  readonly doubled: number;
  readonly slow: number;
}
export const CALM: Weather = { lostBefore: 0, lostAfter: 0, late: 0, doubled: 0, slow: 0 };

/** A reply later than this counts as lost, as in the connection's own waits. */
const COMMAND_MS = 4_000;
const LATE_MAX_MS = 3_000;
const SLOW_MAX_MS = 300;
const DOUBLE_WITHIN_MS = 600;
const RETRY_FIRST_MS = 20;
const RETRY_MAX_MS = 500;

export interface Call {
  readonly life: Life;
  readonly name: string;
  /** whose server it goes to */
  readonly tag: string;
  readonly run: () => unknown;
  /** what is carried out twice is so at once: a neighbour that has answered has nothing of it in hand any more */
  readonly atOnce?: boolean;
}

export interface NetworkPorts {
  readonly time: VirtualTime;
  readonly redis: ModelRedis;
  readonly trace: (who: string, what: string) => void;
  /** told of each point at which a program may die: before a request, between execution and reply, before the reply is heard */
  readonly passing: (life: Life) => void;
}

export class FaultNetwork {
  weather: Weather = CALM;
  /** servers that nobody reaches */
  readonly down = new Set<string>();
  /** servers whose replica is behind: what comes in now may be lost with them */
  readonly lagging = new Set<string>();

  constructor(private readonly ports: NetworkPorts) {}

  /** One try: settles once, or never when its program is gone. */
  send(call: Call): Promise<unknown> {
    const { time, passing } = this.ports;
    const { life } = call;
    passing(life);
    if (life.state === 'dead') return new Promise(() => {});
    return new Promise((resolve, reject) => {
      const hear = (ms: number, then: () => void): void => {
        time.after(ms, life, () => {
          passing(life);
          if (life.state !== 'dead') then();
        });
      };
      const fail = (ms: number, message: string): void => hear(ms, () => reject(new Error(message)));
      const fate = this.fate();
      if (fate === 'lostBefore') return this.break(call, fail);
      if (fate === 'late') {
        fail(COMMAND_MS, 'Command timed out');
        const late = COMMAND_MS + time.chance.below(LATE_MAX_MS);
        time.after(late, time.world, () => void this.carryOut(call, 'late'));
        return;
      }
      const travel = this.travel();
      const apart = call.atOnce === true ? 0 : time.chance.below(DOUBLE_WITHIN_MS);
      const second = fate === 'doubled' ? apart : null;
      const hearSecond = second !== null && time.chance.next() < 0.5;
      const answer = (how: string, heard: boolean): void => {
        const outcome = this.carryOut(call, how);
        passing(life);
        if (!heard) return;
        hear(this.travel(), () => ('error' in outcome ? reject(outcome.error) : resolve(outcome.reply)));
      };
      time.after(travel, time.world, () => answer('', fate !== 'lostAfter' && !hearSecond));
      if (second !== null) time.after(travel + second, time.world, () => answer('again', hearSecond));
      if (fate === 'lostAfter') this.break(call, (ms, message) => fail(travel + ms, message));
    });
  }

  /** A connection to the journal as a program holds it: tries again what fails in passing, like the real one. */
  connection(life: Life, replicas: number): Connection {
    const { redis } = this.ports;
    let closed = false;
    const patiently = async (call: Call, patienceMs: number): Promise<unknown> => {
      let spent = 0;
      for (let attempt = 0; ; attempt++) {
        const begun = this.ports.time.now;
        try {
          return await this.send(call);
        } catch (cause) {
          const error = toJournalError(call.name, cause);
          const pause = Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_MAX_MS);
          spent += pause + this.ports.time.now - begun;
          if (!(error instanceof JournalAway) || closed || spent > patienceMs) throw error;
          await new Promise<void>(resolve => void this.ports.time.after(pause, life, resolve));
        }
      }
    };
    return {
      act: (name, keys, args, patienceMs = PATIENCE_MS) => {
        const tag = tagOf(keys[0]);
        const run = (): unknown => {
          const reply = redis.act(name, keys, args);
          if (replicas > 0 && this.lagging.has(tag)) throw new Error('NOREPLICAS 0 of 1 replicas have it');
          return reply;
        };
        return patiently({ life, name, tag, run }, patienceMs);
      },
      read: (name, args, patienceMs = PATIENCE_MS) => {
        const tag = name === 'time' ? '' : tagOf(String(name === 'xread' ? args[3] : args[0]));
        return patiently({ life, name, tag, run: () => redis.read(name, args) }, patienceMs);
      },
      infoOfNodes: async () => [],
      close: () => {
        closed = true;
      },
    };
  }

  private carryOut(call: Call, how: string): { readonly reply: unknown } | { readonly error: unknown } {
    const { trace } = this.ports;
    const what = `${call.name} ${call.tag}${how === '' ? '' : ` (${how})`}`;
    if (this.down.has(call.tag)) {
      trace(call.life.name, `${what}: nobody there`);
      return { error: new Error('CLUSTERDOWN The cluster is down') };
    }
    try {
      const reply = call.run();
      trace(call.life.name, `${what} → ${shown(reply)}`);
      return { reply };
    } catch (error) {
      trace(call.life.name, `${what} refused: ${(error as Error).message}`);
      return { error };
    }
  }

  /** The line breaks at once, or nobody hears anything until the patience for one reply is over. */
  private break(call: Call, fail: (ms: number, message: string) => void): void {
    const { time, trace } = this.ports;
    const reset = time.chance.next() < 0.5;
    trace(call.life.name, `${call.name} ${call.tag}: ${reset ? 'connection reset' : 'no reply'}`);
    if (reset) fail(1 + time.chance.below(20), 'read ECONNRESET');
    else fail(COMMAND_MS, 'Command timed out');
  }

  private travel(): number {
    const { chance } = this.ports.time;
    const ms = chance.next() < this.weather.slow ? SLOW_MAX_MS : 3;
    return Math.round(chance.next() * ms * 10) / 10;
  }

  private fate(): keyof Weather | 'fine' {
    const { lostBefore, lostAfter, late, doubled } = this.weather;
    let at = this.ports.time.chance.next();
    for (const [name, share] of Object.entries({ lostBefore, lostAfter, late, doubled })) {
      if (at < share) return name as keyof Weather;
      at -= share;
    }
    return 'fine';
  }
}

const SHOWN_MAX = 90;
const ITEMS_MAX = 6;
/** Enough to tell one reply from another; whole pages of a state are costly to say. */
function shown(reply: unknown): string {
  if (reply === undefined || reply === null) return reply === null ? 'nothing' : 'done';
  if (typeof reply === 'string')
    return reply.length <= SHOWN_MAX ? reply : `${reply.slice(0, SHOWN_MAX)}… (${reply.length})`;
  if (!Array.isArray(reply)) return String(reply);
  const items = reply.slice(0, ITEMS_MAX).map(shown).join(', ');
  return reply.length <= ITEMS_MAX ? `[${items}]` : `[${items}… (${reply.length})]`;
}
