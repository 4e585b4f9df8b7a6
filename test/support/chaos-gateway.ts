// Chaos gateway: what the machines of one site say, and in which batches their gateway sends it, by seed.
// In: lines, chance, how dense. Out: batches in the order in which they are sent.
// Pure. Every generator may be run once, in order: what a machine says next follows from what it said.

import { MINUTE_MS, SECOND_MS } from '../../src/core/time.ts';
import { type Chance, chanceOf } from './chance-of.ts';
import { type ChaosForm, roundOf } from './chaos-form.ts';
import { lateNews } from './chaos-late-news.ts';
import { BEGIN, MACHINES, machinesOf, PAUSE_MS, tellsCounter } from './chaos-plant.ts';
import { type ChaosBatch, type ChaosEvent, tell, type Voice, voiceOf } from './chaos-voice.ts';

const TROUBLES = ['stop', 'stop', 'setup', 'starved', 'blocked', 'idle', 'breakdown'];
const ORDER_MS = 30 * MINUTE_MS;
/** Below the lateness: windows wait for it. */
const DELAY_MAX_MS = 90 * SECOND_MS;
/** Part of the time in which a machine produces, about. */
const PRODUCING = 0.78;

interface Underway {
  readonly arrives: number;
  readonly event: ChaosEvent;
}

export class ChaosGateway {
  private readonly voices: ReadonlyMap<string, Voice>;
  private readonly chance: Chance;
  private readonly gapMs: number;
  private before: ChaosBatch = [];

  constructor(
    readonly lines: readonly string[],
    private readonly form: ChaosForm,
    place: number,
  ) {
    this.chance = chanceOf(form.seed * 1_000 + place);
    const spanMs = form.rounds * (roundOf(0).to - roundOf(0).from);
    this.gapMs = (PRODUCING * spanMs) / (form.events / MACHINES.length);
    this.voices = new Map(lines.flatMap(machinesOf).map(machine => [machine, voiceOf(machine)]));
  }

  /** The first word of every machine: nothing of it is final, so nobody's sums are before all are heard. */
  *rollCall(): Generator<ChaosBatch> {
    yield [...this.voices.values()].flatMap(voice => {
      voice.changeAt = BEGIN + 5 * MINUTE_MS + this.chance.below(5 * MINUTE_MS);
      voice.nextAt = BEGIN + 31 * SECOND_MS;
      const first = tellsCounter(voice.machine) ? [tell(voice, 'counter', BEGIN, { total: 0, reject: 0 })] : [];
      const state = tell(voice, 'state', BEGIN, { state: 'producing' });
      return [...first, state, tell(voice, 'heartbeat', BEGIN + 30 * SECOND_MS)];
    });
  }

  /** The shifts of a round, and the last word after them, by which they are final. */
  *shifts(round: number): Generator<ChaosBatch> {
    const { from, to, end } = roundOf(round);
    for (const voice of this.voices.values()) voice.nextAt = Math.max(voice.nextAt, from + (round > 0 ? PAUSE_MS : 0));
    let underway: Underway[] = [];
    let batch: ChaosEvent[] = [];
    for (let minute = from; minute < to; minute += MINUTE_MS) {
      for (const voice of this.voices.values()) for (const each of this.minuteOf(voice, minute)) underway.push(each);
      underway.sort((a, b) => a.arrives - b.arrives);
      const isLast = minute + MINUTE_MS >= to;
      const arrived = underway.filter(({ arrives }) => isLast || arrives < minute + MINUTE_MS);
      underway = underway.slice(arrived.length);
      for (const { event } of arrived) {
        batch.push(event);
        if (batch.length < this.form.batch) continue;
        yield* this.packed(batch);
        batch = [];
      }
    }
    for (const voice of this.voices.values()) batch.push(tell(voice, 'heartbeat', end));
    yield* this.packed(batch);
  }

  /** What people and slow devices of a line say of shifts that are over, in one batch. */
  *late(line: string, round: number): Generator<ChaosBatch> {
    const news = lateNews(this.voices, line, round, this.chance);
    yield this.chance.shuffled([...news, ...this.before.slice(0, 5)]);
  }

  /** Shuffled, with a few that were sent before and now and then a machine that nobody knows; some batches come twice. */
  private *packed(events: readonly ChaosEvent[]): Generator<ChaosBatch> {
    const again = this.before.slice(0, this.chance.below(4));
    const stranger = { id: `s${events[0]?.at}`, machine: 'nobody', type: 'heartbeat', at: BEGIN };
    const batch = this.chance.shuffled([...events, ...again, ...(this.chance.below(40) === 0 ? [stranger] : [])]);
    this.before = events;
    yield batch;
    if (this.chance.below(50) === 0) yield batch;
  }

  /** States and orders arrive as they happen; one piece in twenty is told late, never so late that its window is over. */
  private *minuteOf(voice: Voice, minute: number): Generator<Underway> {
    const { chance } = this;
    if (voice.machine.endsWith('-a') && (minute - BEGIN) % ORDER_MS === 0) {
      const [last, next] = [Math.floor((minute - BEGIN) / ORDER_MS) - 1, Math.floor((minute - BEGIN) / ORDER_MS)];
      const product = next % 3 === 1 ? 'q' : 'p';
      if (last >= 0) yield asItHappens(tell(voice, 'order', minute, { phase: 'end', order: `o${last}` }));
      yield asItHappens(tell(voice, 'order', minute, { phase: 'start', order: `o${next}`, product }));
    }
    while (Math.min(voice.nextAt, voice.changeAt) < minute + MINUTE_MS) {
      if (voice.changeAt <= voice.nextAt || !voice.producing) {
        const at = Math.max(voice.changeAt, minute);
        voice.producing = !voice.producing;
        const state = voice.producing ? 'producing' : (TROUBLES[chance.below(TROUBLES.length)] ?? 'stop');
        yield asItHappens(tell(voice, 'state', at, { state }));
        voice.changeAt = at + (voice.producing ? 3 * MINUTE_MS + chance.below(12 * MINUTE_MS) : troubleMs(chance));
        voice.nextAt = voice.producing ? at + 1 + chance.below(this.gapMs) : voice.changeAt;
        continue;
      }
      const event = this.piecesOf(voice);
      voice.nextAt += Math.ceil(this.gapMs * (0.5 + chance.next()));
      yield { event, arrives: event.at + (chance.below(20) === 0 ? chance.below(DELAY_MAX_MS) : 0) };
    }
  }

  private piecesOf(voice: Voice): ChaosEvent {
    const [good, reject] = [1 + this.chance.below(3), this.chance.below(12) === 0 ? 1 : 0];
    voice.total += good + reject;
    voice.reject += reject;
    const { total, reject: rejects, nextAt } = voice;
    return tellsCounter(voice.machine)
      ? tell(voice, 'counter', nextAt, { total, reject: rejects })
      : tell(voice, 'count', nextAt, { good, reject });
  }
}

const asItHappens = (event: ChaosEvent): Underway => ({ event, arrives: event.at });
const troubleMs = (chance: Chance): number =>
  20 * SECOND_MS + chance.below(chance.below(3) === 0 ? 6 * MINUTE_MS : MINUTE_MS);
