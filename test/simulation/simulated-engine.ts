// Simulated engine: the program as it is started on a computer, with its journal, its sinks and its doors, in virtual time.
// In: a plant, the network. Out: an engine that works, dies, is stopped and wakes up; what it logged.
// Touches the network; everything of the engine and the journal is the real one but the connection and the history's server.

import type { Plant } from '../../src/core/plant-model.ts';
import { type Engine, startEngine } from '../../src/engine/engine.ts';
import type { Roles } from '../../src/engine/roles.ts';
import { assembleJournal, type OpenJournal } from '../../src/journal/journal.ts';
import { type Sink, SinkError } from '../../src/sinks/sink.ts';
import type { FaultNetwork } from './fault-network.ts';
import type { ModelInflux } from './model-influx.ts';
import { Life, type VirtualTime } from './virtual-time.ts';

/** As late as a call is carried out that its program has given up, or died over. */
const LATE_MS = 8_000;

export interface Surroundings {
  readonly time: VirtualTime;
  readonly network: FaultNetwork;
  readonly influx: ModelInflux;
  readonly partitions: number;
  readonly leaseMs: number;
  readonly tickMs: number;
  /** appends of the engine's doors wait for so many replicas */
  readonly replicas: number;
  readonly log: (who: string, level: string, message: string, fields?: object) => void;
}

/** The journal of one program, as `openJournal` puts it together. */
export function journalFor(life: Life, around: Surroundings, replicas: number): OpenJournal {
  const { network, partitions, leaseMs } = around;
  const options = {
    url: 'redis://simulated',
    prefix: 'oee',
    partitions,
    horizonMs: 2 * 86_400_000,
    owner: life.name,
    leaseMs,
    steadyNow: () => around.time.now,
    log: (level: string, message: string, fields?: object) => around.log(life.name, level, message, fields),
  };
  return assembleJournal(options, network.connection(life, 0), network.connection(life, replicas));
}

export class SimulatedEngine {
  life: Life;
  engine: Engine | null = null;
  private lives = 0;
  private close: () => Promise<void> = async () => {};

  constructor(
    private readonly name: string,
    readonly roles: Roles,
    private readonly around: Surroundings,
  ) {
    this.life = new Life(`${name}.0`);
    this.around.time.kill(this.life);
  }

  start(plant: Plant): void {
    const { time, log, tickMs } = this.around;
    const { roles } = this;
    this.lives += 1;
    const life = new Life(`${this.name}.${this.lives}`);
    this.life = life;
    this.engine = null;
    time.after(0, life, () => {
      const journal = journalFor(life, this.around, this.around.replicas);
      this.close = () => journal.close();
      this.engine = startEngine({
        journal,
        plant,
        roles,
        sinks: [influxSink(life, this.around)],
        awaitedSinks: [],
        onOutputs: () => {},
        tickMs,
        steadyTime: () => time.now,
        log: (level, message, fields) => log(life.name, level, message, fields),
      });
    });
  }

  /** As by SIGTERM: commits, gives everything back, and ends; it may die or freeze on the way. */
  leave(left: () => void): void {
    const { life, engine, close } = this;
    const { time, log } = this.around;
    if (engine === null || life.state !== 'alive') return;
    log(life.name, 'info', 'is told to stop');
    time.after(0, life, () => {
      const over = async (): Promise<void> => {
        await engine.stop();
        await close();
        log(life.name, 'info', 'has stopped');
        time.kill(life);
        left();
      };
      void over();
    });
  }

  /** As by SIGKILL, or a power cut: everything that was in memory is gone. */
  die(): void {
    this.around.log(this.life.name, 'info', 'dies');
    this.around.time.kill(this.life);
    this.engine = null;
  }
}

/**
 * The history's server is away, refuses, answers late or not at all, takes the same twice, or takes what was given up when newer
 * words are there: the sink hears a SinkError.
 */
function influxSink(life: Life, { network, influx }: Surroundings): Sink {
  return {
    name: 'influx',
    lateMs: LATE_MS,
    write: async outputs => {
      try {
        await network.send({ life, name: 'write', tag: 'influx', atOnce: true, run: () => influx.take(outputs) });
      } catch (error) {
        throw new SinkError('OEE_SINKS_INFLUX_AWAY', (error as Error).message, 'wait');
      }
      return [];
    },
    close: async () => {},
  };
}
