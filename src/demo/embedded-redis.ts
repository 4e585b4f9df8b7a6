// Embedded Redis: a redis-server of our own when nobody names one: the journal of a machine without a Redis.
// In: where its data is kept. Out: its address; up again by itself after a death; gone after stop().
// Touches: a child process, a loopback port, `<dataDir>/redis`.

import { connect } from 'node:net';
import { totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import type { ChildLog } from './demo-server.ts';
import { superviseChild } from './supervised-child.ts';

export interface EmbeddedRedis {
  readonly url: string;
  pid(): number;
  onRestart(listener: () => void): void;
  stop(): Promise<void>;
}

/** Of the machine's memory; the rest is for the engine and the rewriting of the append-only file. */
const MEMORY_SHARE = 0.4;
/** One PING is answered in less than a millisecond; a server that loads its file answers too, but not with PONG. */
const PING_MAX_MS = 1_000;

/** Resolves when a server on this machine answers PING. */
export function redisAnswers(port: number): Promise<void> {
  return new Promise((settle, fail) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.setTimeout(PING_MAX_MS, () => socket.destroy(new Error('no answer to PING')));
    socket.once('data', data => {
      socket.destroy();
      if (data.toString().startsWith('+PONG')) settle();
      else fail(new Error(data.toString().trim()));
    });
    socket.once('error', fail);
    socket.once('close', () => fail(new Error('closed without an answer to PING')));
  });
}

/** @throws DemoServerError `OEE_DEMO_NO_REDIS` when none is installed */
export async function startRedis(options: {
  readonly dataDir: string;
  readonly log: ChildLog;
  readonly command?: string;
}): Promise<EmbeddedRedis> {
  const folder = join(resolve(options.dataDir), 'redis');
  const child = await superviseChild({
    name: 'redis',
    folder,
    commands: options.command === undefined ? ['redis-server', 'valkey-server'] : [options.command],
    arguments: port => [
      ...['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, '--daemonize', 'no'],
      // Every write is on the disk before its answer: with everysec a kill of Redis while it syncs was seen to take acknowledged
      // events along. It costs about 1 ms an answer; 200,000 events a second are left. None is ever thrown away to make room.
      ...['--appendonly', 'yes', '--appendfsync', 'always', '--save', '', '--maxmemory-policy', 'noeviction'],
      // Near its limit it refuses, and the door answers 503; without one it would be killed with everything in it.
      ...['--maxmemory', String(Math.floor(totalmem() * MEMORY_SHARE))],
      // The command line keeps its arguments, so that a later run can tell an orphan of ours from a stranger.
      ...['--set-proc-title', 'no', '--loglevel', 'warning'],
    ],
    ready: redisAnswers,
    log: options.log,
  });
  return {
    url: `redis://127.0.0.1:${child.port}`,
    pid: () => child.pid(),
    onRestart: listener => child.onRestart(listener),
    stop: () => child.stop(),
  };
}
