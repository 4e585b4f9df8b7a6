// World: a whole installation in one thread: engines, journal, history, gateways, and the ways between them.
// In: a seed. Out: the parts, wired; what can befall them.
// Touches virtual time only.

import type { Plant } from '../../src/core/plant-model.ts';
import type { Roles } from '../../src/engine/roles.ts';
import { partitionOfLine } from '../../src/journal/keys.ts';
import type { Chance } from '../support/chance-of.ts';
import { ModelRedis } from '../support/model-redis.ts';
import { FaultNetwork } from './fault-network.ts';
import { Ledger } from './ledger.ts';
import { beginOf, plantOf, type Sending, trafficOf } from './made-up-traffic.ts';
import { ModelInflux } from './model-influx.ts';
import { type Books, emptyBooks, type Spool, type Submit, sendSpool, sendUnnumbered } from './senders.ts';
import { journalFor, SimulatedEngine, type Surroundings } from './simulated-engine.ts';
import { Trace } from './trace.ts';
import { Life, VirtualTime } from './virtual-time.ts';

const SUBMIT_PATIENCE_MS = 6_000;
const TICK_MS = 5_000;
const LEASE_MS = 3_000;
const LETTERS_TENDED_MAX = 3;

export interface Said {
  readonly who: string;
  readonly level: string;
  readonly message: string;
  readonly code: string | undefined;
  readonly error: string;
}

export class World {
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly redis: ModelRedis;
  readonly ledger: Ledger;
  readonly influx = new ModelInflux();
  readonly network: FaultNetwork;
  readonly engines: SimulatedEngine[];
  readonly spools: Spool[] = [];
  readonly unnumbered: Sending[] = [];
  readonly books: Books = emptyBooks();
  readonly said: Said[] = [];
  readonly begin: number;
  readonly spanMs: number;
  readonly partitions: number;
  plant: Plant;
  /** senders that still have something */
  sending = 0;
  /** nothing goes wrong any more */
  healed = false;
  failOvers = 0;
  deaths = 0;
  stops = 0;
  leavings = 0;
  tendings = 0;
  /** programs that die when so many more messages have passed them */
  readonly doomed = new Map<Life, number>();
  private readonly around: Surroundings;
  private readonly gateways = new Map<Spool, Life>();
  private gatewayLives = 0;

  constructor(seed: number, tell: ((line: string) => void) | null) {
    const time = new VirtualTime(0, seed);
    const { chance } = time;
    this.time = time;
    this.begin = beginOf(chance);
    time.now = this.begin;
    this.spanMs = 20_000 + chance.below(30_000);
    this.partitions = 1 + chance.below(5);
    this.plant = plantOf(chance, 'r1');
    this.trace = new Trace(() => time.now, this.begin, tell);
    this.redis = new ModelRedis({ now: () => Math.floor(time.now), onAct: done => this.ledger.note(done) });
    this.ledger = new Ledger(tag => this.redis.slot(tag));
    const trace = (who: string, what: string): void => this.trace.add(who, what);
    this.network = new FaultNetwork({ time, redis: this.redis, trace, passing: life => this.passing(life) });
    const log: Surroundings['log'] = (who, level, message, fields) => {
      const { code, error = '' } = (fields ?? {}) as { code?: string; error?: string };
      this.said.push({ who, level, message, code, error });
      this.trace.add(who, `says ${level}: ${message}${fields === undefined ? '' : ` ${JSON.stringify(fields)}`}`);
    };
    const { network, influx, partitions } = this;
    const here = { time, network, influx, partitions, leaseMs: LEASE_MS, tickMs: TICK_MS, log };
    this.around = { ...here, replicas: 1 };
    this.engines = crewOf(chance).map((roles, n) => new SimulatedEngine(`engine-${n + 1}`, roles, this.around));
    this.shareOut(trafficOf(chance, { begin: this.begin, spanMs: this.spanMs, events: 20 + chance.below(40) }));
  }

  partitionOf(unit: string): number {
    return partitionOfLine(unit, this.partitions);
  }

  tag(partition: number): string {
    return `p${String(partition).padStart(3, '0')}`;
  }

  /** Partitions that carry a unit. */
  inhabited(): number[] {
    const units = [...this.plant.lines, ...this.plant.areas, ...this.plant.sites];
    return [...new Set(units.map(unit => this.partitionOf(unit.id)))].sort((a, b) => a - b);
  }

  /** Half of what is said of one machine goes through gateways that number, the rest, and what names no machine, does not. */
  private shareOut(sendings: readonly Sending[]): void {
    const { chance } = this.time;
    const lineOf = new Map(this.plant.machines.map(machine => [machine.id, machine.line]));
    const byGateway = new Map<string, Sending[]>();
    for (const sending of sendings) {
      const line = lineOf.get(sending.event.machine ?? '');
      if (line === undefined || chance.below(2) === 0) this.unnumbered.push(sending);
      else byGateway.set(line, [...(byGateway.get(line) ?? []), sending]);
    }
    for (const [line, mine] of byGateway) {
      const batches: Sending[][] = [];
      for (let from = 0; from < mine.length; ) {
        const size = 1 + chance.below(4);
        batches.push(mine.slice(from, from + size));
        from += size;
      }
      this.spools.push({ name: `gateway-${line}`, partition: this.partitionOf(line), batches, held: 0 });
    }
  }

  openDoors(): void {
    const { chance } = this.time;
    for (const engine of this.engines) {
      // one that joins later, when the others have shared everything out
      if (chance.below(4) > 0) engine.start(this.plant);
      else this.startLater(engine, chance.below(this.spanMs / 2));
    }
    for (const spool of this.spools) this.startGateway(spool);
    const life = new Life('machines');
    this.sending += 1;
    this.time.after(0, life, () => {
      const submit: Submit = (events, origin) => this.submit(life, events, origin);
      void sendUnnumbered(this.unnumbered, submit, this.time, this.books).then(() => {
        this.sending -= 1;
      });
    });
  }

  private startGateway(spool: Spool): void {
    this.gatewayLives += 1;
    const life = new Life(`${spool.name}.${this.gatewayLives}`);
    const known = this.gateways.get(spool);
    if (known === undefined) this.sending += 1;
    this.gateways.set(spool, life);
    this.time.after(0, life, () => {
      void sendSpool(spool, journalFor(life, this.around, 0), this.time, this.books, () => this.healed).then(() => {
        this.sending -= 1;
        this.gateways.delete(spool);
      });
    });
  }

  /** A gateway that still has something dies and begins anew from what it noted. */
  restartGateway(spool: Spool): void {
    const life = this.gateways.get(spool);
    if (life === undefined) return;
    this.trace.add(spool.name, 'dies and begins anew');
    this.time.kill(life);
    this.startGateway(spool);
  }

  /** A request over HTTP to one of the engines: it may get lost on either way, or arrive twice. */
  private submit(life: Life, events: Parameters<Submit>[0], origin: Parameters<Submit>[1]): ReturnType<Submit> {
    const { time } = this;
    const { chance } = time;
    const doors = this.engines.filter(engine => engine.roles.ingest);
    const there = doors[chance.below(doors.length)];
    return new Promise((resolve, reject) => {
      const give = (answer: boolean): void => {
        if (there === undefined) return;
        time.after(chance.below(20), there.life, () => {
          const { engine } = there;
          if (engine === null) return;
          engine.intake.submit(events, origin).then(
            receipt => answer && time.after(chance.below(20), life, () => resolve(receipt)),
            error => answer && time.after(chance.below(20), life, () => reject(error)),
          );
        });
      };
      const { lostBefore, lostAfter, doubled } = this.network.weather;
      const roll = chance.next();
      if (roll >= lostBefore) give(roll >= lostBefore + lostAfter);
      if (chance.next() < doubled) give(false);
      time.after(SUBMIT_PATIENCE_MS, life, () => reject(new Error('no answer')));
    });
  }

  private passing(life: Life): void {
    const left = this.doomed.get(life);
    if (left === undefined || life.state === 'dead') return;
    if (left > 0) {
      this.doomed.set(life, left - 1);
      return;
    }
    this.doomed.delete(life);
    const engine = this.engines.find(each => each.life === life);
    if (engine !== undefined) this.kill(engine, this.time.chance.below(5_000));
  }

  kill(engine: SimulatedEngine, awayMs: number): void {
    if (engine.life.state === 'dead') return;
    this.deaths += 1;
    engine.die();
    this.startLater(engine, awayMs);
  }

  private startLater(engine: SimulatedEngine, ms: number): void {
    this.time.after(ms, this.time.world, () => {
      if (engine.life.state === 'dead') engine.start(this.plant);
    });
  }

  /** One is told to stop, gives back what it owns, and comes again after a while. */
  restart(engine: SimulatedEngine, awayMs: number): void {
    this.leavings += 1;
    engine.leave(() => this.startLater(engine, awayMs));
  }

  /** Somebody looks after the dead letters of a partition: replays one, lets another go. */
  tendLetters(partition: number): void {
    const { time, around } = this;
    this.tendings += 1;
    const life = new Life(`operator.${this.tendings}`);
    const tend = async (): Promise<void> => {
      const { deadLetters, close } = journalFor(life, around, 0);
      for (const { id } of await deadLetters.list({ partition, countMax: LETTERS_TENDED_MAX })) {
        if (time.chance.below(3) === 0) await deadLetters.discard(partition, id);
        else await deadLetters.replay(partition, id);
      }
      await close();
    };
    time.after(0, life, () => void tend().catch(error => this.trace.add(life.name, `gives up: ${String(error)}`)));
  }
}

/** Programs that do everything, or a door and a screen apart from those that compute. */
function crewOf(chance: Chance): Roles[] {
  const everything = { ingest: true, compute: true, web: chance.below(4) === 0 };
  const computing = Array.from({ length: 1 + chance.below(3) }, () => ({ ingest: false, compute: true, web: false }));
  const shape = chance.below(4);
  if (shape < 2) return computing.map(() => everything);
  if (shape === 2) return [{ ingest: true, compute: false, web: true }, ...computing];
  return [{ ...everything, web: true }, { ingest: false, compute: false, web: true }, ...computing];
}
