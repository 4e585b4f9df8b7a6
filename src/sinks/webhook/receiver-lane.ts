// Receiver lane: delivers what waits for one receiver: in order per unit, several units at once, nobody else's time.
// In: its queues in the partitions that are ours. Out: messages with the receiver, or in the dead letters with a reason.
// Touches the queues and the network through its ports, and the clock it is given.
//
// A message leaves its queue only after the receiver's answer; a crash in between sends the same bytes under the same id again.

import { type DeliveryNote, letterOfMessage, type QueuedMessage, type Tries } from '../../core/webhook-queue.ts';
import { type BreakerState, CircuitBreaker } from './circuit-breaker.ts';
import type { Waiting } from './lane-index.ts';
import type { LanePorts } from './lane-ports.ts';
import { LaneReader } from './lane-reader.ts';
import { postPinned } from './post-pinned.ts';
import { EXPIRED, LIFE_MS, type Verdict, verdictOf } from './retry-plan.ts';

/** Attempts under way at once per receiver. */
export const ATTEMPTS_AT_ONCE = 4;
/** The journal is asked again after this, when it failed. */
const AGAIN_MS = 1_000;
/** Without news a lane looks again after this. */
const IDLE_MS = 5_000;
/** What is under way when a partition leaves has so long to end; then it is broken off, and comes again elsewhere. */
const LEAVE_MS = 2_000;

export interface LaneStatus {
  readonly receiver: string;
  readonly breaker: BreakerState;
  readonly waiting: number;
  readonly underWay: number;
}

export class ReceiverLane {
  private readonly breaker = new CircuitBreaker();
  private readonly reader: LaneReader;
  /** attempts under way, and how to break them off */
  private readonly running = new Map<AbortController, { readonly partition: number; readonly done: Promise<void> }>();
  private readonly woken = new Set<number>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private news = new AbortController();
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  constructor(private readonly ports: LanePorts) {
    this.reader = new LaneReader(ports.receiver.id, ports.queues);
    this.done = this.run();
  }

  wake(partition: number): void {
    this.woken.add(partition);
    this.news.abort();
  }

  follow(partition: number): void {
    this.reader.follow(partition);
    this.wake(partition);
  }

  /** Resolves when nothing of the partition is under way. */
  async leave(partition: number): Promise<void> {
    this.reader.leave(partition);
    await this.ended(partition);
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    this.news.abort();
    await this.ended(null);
    await this.done;
  }

  status(): LaneStatus {
    const { receiver, now } = this.ports;
    const breaker = this.breaker.state(now());
    return { receiver: receiver.id, breaker, waiting: this.reader.index.total(), underWay: this.running.size };
  }

  private async ended(partition: number | null): Promise<void> {
    const those = [...this.running].filter(([, each]) => partition === null || each.partition === partition);
    const all = Promise.all(those.map(([, { done }]) => done));
    const late = setTimeout(() => {
      for (const [control] of those) control.abort();
    }, LEAVE_MS);
    await all;
    clearTimeout(late);
  }

  private async run(): Promise<void> {
    const { log, sleep, receiver } = this.ports;
    while (!this.stopping.signal.aborted) {
      // taken anew before the look: news that come during the look end the pause that follows it
      this.news = new AbortController();
      let pauseMs = AGAIN_MS;
      try {
        await this.look();
        await this.begin();
        pauseMs = this.untilNext();
      } catch (error) {
        this.lookedAt = Number.NEGATIVE_INFINITY;
        log('debug', 'webhook queue not read', { receiver: receiver.id, error: String(error) });
      }
      if (!this.stopping.signal.aborted) await sleep(pauseMs, this.news.signal);
    }
  }

  private async look(): Promise<void> {
    const { now, idleMs = IDLE_MS } = this.ports;
    if (now() - this.lookedAt >= idleMs) {
      this.woken.clear();
      await this.reader.lookAround();
      this.lookedAt = now();
    } else {
      const those = [...this.woken];
      this.woken.clear();
      await this.reader.look(those);
    }
  }

  private async begin(): Promise<void> {
    const { receiver, isPaused, now, holds } = this.ports;
    if (await isPaused(receiver.id)) return;
    await this.giveUpOld();
    const may = (partition: number): boolean => this.reader.follows(partition) && holds(partition);
    while (this.running.size < this.breaker.room(now(), ATTEMPTS_AT_ONCE)) {
      const head = this.reader.index.due(now(), may);
      if (head === null) return;
      head.busy = true;
      const control = new AbortController();
      const done = this.attempt(head, control.signal).finally(() => {
        head.busy = false;
        this.running.delete(control);
        this.news.abort();
      });
      this.running.set(control, { partition: head.partition, done });
    }
  }

  /** How long nothing happens without news. */
  private untilNext(): number {
    const now = this.ports.now();
    const idle = this.ports.idleMs ?? IDLE_MS;
    const opens = this.breaker.opensAt(now);
    const next = opens > 0 ? opens : this.reader.index.nextAt();
    // a due head that was not begun waits for one under way to end, which is news
    return next <= now ? idle : Math.min(idle, next - now);
  }

  private async attempt(head: Waiting, signal: AbortSignal): Promise<void> {
    const { receiver, queues, now, random, signer, post, log } = this.ports;
    try {
      const message = await queues.get(head.partition, receiver.id, head.entry);
      if (message === null) return this.reader.index.remove(head);
      const attempt = head.attempts + 1;
      const began = now();
      const answer = await postPinned({
        ...{ target: receiver, headers: signer.headers(message.id, began, message.body), body: message.body },
        ...{ attempt, signal, ...post },
      });
      if (signal.aborted) return;
      const ended = now();
      const verdict = verdictOf(answer, { attempts: attempt, ageMs: ended - head.at, now: ended, random: random() });
      this.hear(verdict, ended);
      const note: DeliveryNote = {
        ...{ at: ended, id: message.id, type: message.type, unit: message.unit, attempt },
        ...{ status: answer.status, ms: ended - began },
        ...{ outcome: verdict.outcome, code: verdict.code, message: verdict.message },
      };
      if (verdict.gone) await this.holdBack(ended);
      await this.keep(head, message, note, verdict, signal);
    } catch (error) {
      head.nextAt = now() + AGAIN_MS;
      log('debug', 'webhook not attempted', { receiver: receiver.id, entry: head.entry, error: String(error) });
    }
  }

  private hear({ health, quietMs }: Verdict, now: number): void {
    if (quietMs > 0) this.breaker.quiet(now + quietMs);
    if (health === 'ill') this.breaker.failed(now, this.ports.random());
    // it is back: what waited for its turn comes now
    if (health === 'well' && this.breaker.succeeded()) for (const head of this.reader.index.heads()) head.nextAt = now;
  }

  /** 410 Gone: it wants nothing any more, until a person says otherwise. */
  private async holdBack(since: number): Promise<void> {
    const { queues, receiver } = this.ports;
    await queues.pause(receiver.id, { since, by: 'the receiver', why: 'it answered 410 Gone' });
    this.ports.askPauses();
  }

  /** The answer is known: as long as the journal is away it is kept in mind, so that nothing is sent twice for want of a note. */
  private async keep(
    head: Waiting,
    message: QueuedMessage,
    note: DeliveryNote,
    verdict: Pick<Verdict, 'code' | 'message' | 'remedy'> & { readonly pauseMs?: number },
    signal: AbortSignal,
  ): Promise<void> {
    const { queues, receiver, sleep, log } = this.ports;
    const { code, message: why, remedy, pauseMs = 0 } = verdict;
    const tries: Tries = { attempts: note.attempt, nextAt: note.at + pauseMs };
    const then = {
      delivered: null,
      again: tries,
      dead: letterOfMessage(receiver.id, message, { code: code ?? '', message: why ?? '', remedy }),
    };
    while (!signal.aborted) {
      try {
        await queues.note(head.partition, receiver.id, head.entry, note, then[note.outcome]);
        break;
      } catch (error) {
        log('debug', 'webhook answer not noted', { receiver: receiver.id, error: String(error) });
        await sleep(AGAIN_MS, signal);
      }
    }
    if (note.outcome === 'again') Object.assign(head, tries);
    else this.reader.index.remove(head);
    if (note.outcome === 'dead')
      log('info', `webhook given up: ${why}`, { receiver: receiver.id, code, id: message.id });
  }

  /** While the receiver is given up nothing is attempted; what has waited for too long meanwhile goes to the dead letters. */
  private async giveUpOld(): Promise<void> {
    const { receiver, queues, now, holds } = this.ports;
    if (this.breaker.state(now()) === 'closed') return;
    const isOld = (head: Waiting): boolean => now() - head.at >= LIFE_MS && holds(head.partition);
    for (;;) {
      const head = [...this.reader.index.heads()].find(isOld);
      if (head === undefined || this.stopping.signal.aborted) return;
      const message = await queues.get(head.partition, receiver.id, head.entry);
      if (message === null) {
        this.reader.index.remove(head);
        continue;
      }
      const note: DeliveryNote = {
        ...{ at: now(), id: message.id, type: message.type, unit: message.unit, attempt: head.attempts },
        ...{ status: null, ms: 0, outcome: 'dead', code: EXPIRED.code, message: EXPIRED.message },
      };
      await this.keep(head, message, note, EXPIRED, this.stopping.signal);
    }
  }
}
