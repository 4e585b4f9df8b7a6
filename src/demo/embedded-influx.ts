// Embedded Influx: an influxd 1.x of our own when nobody names one: the history of a machine without an InfluxDB.
// In: where its data is kept, the database that must be there. Out: its address; up again by itself; gone after stop().
// Touches: a child process, loopback ports, `<dataDir>/influx`.

import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { type ChildLog, DemoServerError } from './demo-server.ts';
import { superviseChild } from './supervised-child.ts';

export interface EmbeddedInflux {
  readonly url: string;
  readonly database: string;
  pid(): number;
  onRestart(listener: () => void): void;
  stop(): Promise<void>;
}

/** Longest wait for one answer while it starts. */
const ANSWER_MAX_MS = 5_000;

/** Everything off but the one HTTP door; the door for back-ups takes any free port, because it cannot be shut. */
function configOf(folder: string, port: number): string {
  const at = (name: string) => JSON.stringify(join(folder, name));
  return `# Written anew at every start.
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
dir = ${at('meta')}
[data]
dir = ${at('data')}
wal-dir = ${at('wal')}
index-version = "tsi1"
query-log-enabled = false
[monitor]
store-enabled = false
[subscriber]
enabled = false
[continuous_queries]
enabled = false
[http]
bind-address = "127.0.0.1:${port}"
log-enabled = false
[logging]
level = "warn"
suppress-logo = true
${['graphite', 'collectd', 'opentsdb', 'udp'].map(name => `[[${name}]]\nenabled = false\n`).join('')}`;
}

async function ready(port: number, database: string): Promise<void> {
  const base = `http://127.0.0.1:${port}`;
  const ping = await fetch(`${base}/ping`, { signal: AbortSignal.timeout(ANSWER_MAX_MS) });
  if (ping.status !== 204) throw new Error(`/ping answered ${ping.status}`);
  const query = new URLSearchParams({ q: `CREATE DATABASE "${database.replaceAll(/["\\]/g, '\\$&')}"` });
  const answer = await fetch(`${base}/query`, {
    method: 'POST',
    body: query,
    signal: AbortSignal.timeout(ANSWER_MAX_MS),
  });
  const body = await answer.text();
  if (!answer.ok || body.includes('"error"')) throw new Error(`CREATE DATABASE answered ${answer.status}: ${body}`);
}

/** An influxd of version 2 or 3 is another program: it has no configuration file of this kind and asks for tokens. */
async function checkVersion(command: string): Promise<void> {
  const remedy = 'install InfluxDB 1.x (Debian: influxdb), or set INFLUX_URL to one that runs elsewhere';
  try {
    const { stdout } = await promisify(execFile)(command, ['version'], { timeout: ANSWER_MAX_MS });
    if (/\bv?1\.\d+/.test(stdout)) return;
    throw new DemoServerError('OEE_DEMO_NO_INFLUX', `${command} is no 1.x: ${stdout.trim()}`, remedy);
  } catch (error) {
    if (error instanceof DemoServerError) throw error;
    throw new DemoServerError('OEE_DEMO_NO_INFLUX', `${command} is not installed`, remedy, { cause: error });
  }
}

/** @throws DemoServerError `OEE_DEMO_NO_INFLUX` when none of version 1 is installed */
export async function startInflux(options: {
  readonly dataDir: string;
  readonly database: string;
  readonly log: ChildLog;
  readonly command?: string;
}): Promise<EmbeddedInflux> {
  const command = options.command ?? 'influxd';
  await checkVersion(command);
  const folder = join(resolve(options.dataDir), 'influx');
  const config = join(folder, 'influxd.conf');
  mkdirSync(folder, { recursive: true });
  const child = await superviseChild({
    name: 'influx',
    folder,
    commands: [command],
    arguments: port => {
      writeFileSync(config, configOf(folder, port));
      return ['run', '-config', config];
    },
    ready: port => ready(port, options.database),
    log: options.log,
  });
  return {
    url: `http://127.0.0.1:${child.port}`,
    database: options.database,
    pid: () => child.pid(),
    onRestart: listener => child.onRestart(listener),
    stop: () => child.stop(),
  };
}
