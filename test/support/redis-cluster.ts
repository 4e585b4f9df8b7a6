// Redis cluster: three masters with a replica each, real ones, that can be killed, cut off and have their slots moved.
// In: settings. Out: URLs; who holds a slot; fail-over, slot moves; close() that leaves nothing behind.
// Touches: child redis-servers, redis-cli, loopback.

import { execFile } from 'node:child_process';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { claimPort } from './claimed-port.ts';
import { type RedisChild, startRedisChild } from './redis-child.ts';

const run = promisify(execFile);
/** A master that is silent for so long is voted dead. */
const NODE_TIMEOUT_MS = 1_000;
const LOOK_MS = 10;
/** How often a state is looked for before the test gives up: a minute. */
const LOOKS_MAX = 6_000;
const SLOTS = 16_384;

export interface RedisCluster {
  /** three nodes by name; the others are found */
  readonly url: string;
  readonly nodes: readonly RedisChild[];
  slotOf(key: string): Promise<number>;
  masterOf(slot: number): Promise<RedisChild>;
  replicasOf(master: RedisChild): Promise<RedisChild[]>;
  /** kill -9; resolves when a replica has been promoted and the cluster answers for every slot */
  failOver(master: RedisChild): Promise<RedisChild>;
  /** A killed node again; resolves when it follows its master. */
  bringBack(node: RedisChild): Promise<void>;
  /** From here on the replicas of this master learn nothing more, and hear that they do not. */
  cutReplication(master: RedisChild): Promise<void>;
  mendReplication(master: RedisChild): Promise<void>;
  /** Moves a slot key by key; `between` runs after each, while the slot lies in two places. */
  moveSlot(slot: number, to: RedisChild, between?: () => Promise<void>): Promise<void>;
  close(): Promise<void>;
}

export async function startRedisCluster(...settings: readonly string[]): Promise<RedisCluster> {
  const nodes = await startedNodes(settings);
  const addresses = nodes.map(node => `127.0.0.1:${node.port}`);
  const close = async (): Promise<void> => void (await Promise.all(nodes.map(node => node.close())));
  try {
    await run('redis-cli', ['--cluster', 'create', ...addresses, '--cluster-replicas', '1', '--cluster-yes']);
    await until('all know each other', async () => (await Promise.all(nodes.map(isSettled))).every(Boolean));
  } catch (error) {
    await close();
    throw error;
  }
  return controlled(nodes, close);
}

/** All six, or none: those that did start are closed again. */
async function startedNodes(settings: readonly string[]): Promise<RedisChild[]> {
  const starts = await Promise.allSettled(Array.from({ length: 6 }, () => startNode(settings)));
  const nodes = starts.flatMap(start => (start.status === 'fulfilled' ? [start.value] : []));
  const failed = starts.find(start => start.status === 'rejected');
  if (failed === undefined) return nodes;
  await Promise.all(nodes.map(node => node.close()));
  throw failed.reason;
}

async function startNode(settings: readonly string[]): Promise<RedisChild> {
  const bus = await claimPort();
  const cluster = ['--cluster-enabled', 'yes', '--cluster-port', `${bus}`, '--cluster-announce-ip', '127.0.0.1'];
  const timing = ['--cluster-node-timeout', `${NODE_TIMEOUT_MS}`, '--repl-diskless-sync-delay', '0'];
  return startRedisChild(...cluster, ...timing, '--cluster-replica-validity-factor', '0', ...settings);
}

function controlled(nodes: readonly RedisChild[], close: () => Promise<void>): RedisCluster {
  const down = new Set<RedisChild>();
  const living = (): RedisChild[] => nodes.filter(node => !down.has(node));
  const known = async (by?: RedisChild): Promise<KnownNode[]> => {
    const [first] = living();
    return knownNodes(String(await (by ?? first)?.command('CLUSTER', 'NODES')));
  };
  const childAt = (port: number): RedisChild => {
    const child = nodes.find(node => node.port === port);
    if (child === undefined) throw new Error(`no node at port ${port}`);
    return child;
  };
  const masterOf = async (slot: number, by?: RedisChild): Promise<RedisChild | null> => {
    const holder = (await known(by)).find(({ slots }) => slots.some(([from, to]) => from <= slot && slot <= to));
    return holder === undefined ? null : childAt(holder.port);
  };
  const replicasOf = async (master: RedisChild): Promise<RedisChild[]> => {
    const id = (await known()).find(({ port }) => port === master.port)?.id;
    return (await known()).filter(({ of }) => of === id).map(({ port }) => childAt(port));
  };
  return {
    url: urlOf(nodes),
    nodes,
    slotOf: async key => Number(await living()[0]?.command('CLUSTER', 'KEYSLOT', key)),
    masterOf: async slot => {
      const master = await masterOf(slot);
      if (master === null) throw new Error(`nobody holds slot ${slot}`);
      return master;
    },
    replicasOf,
    failOver: async master => {
      const [from = 0] = (await known()).find(({ port }) => port === master.port)?.slots[0] ?? [];
      down.add(master);
      await master.kill();
      let heir: RedisChild | null = null;
      await until('a replica is promoted', async () => {
        const heirs = new Set(await Promise.all(living().map(node => masterOf(from, node))));
        [heir = null] = heirs;
        return heirs.size === 1 && heir !== null && heir !== master && (await areWhole(living()));
      });
      return heir ?? master;
    },
    bringBack: async node => {
      await node.start();
      down.delete(node);
      await until('it follows its master', () => isSettled(node));
    },
    ...replicationOfMaster(replicasOf),
    moveSlot: async (slot, to, between = async () => {}) => {
      const from = await masterOf(slot);
      if (from === null) throw new Error(`nobody holds slot ${slot}`);
      await migrateSlot(slot, from, to, between);
      await until('everybody knows', async () =>
        (await Promise.all(living().map(node => masterOf(slot, node)))).every(master => master === to),
      );
    },
    close,
  };
}

/** Each of them answers for every slot. */
async function areWhole(nodes: readonly RedisChild[]): Promise<boolean> {
  const states = await Promise.all(nodes.map(async node => String(await node.command('CLUSTER', 'INFO'))));
  return states.every(state => state.includes('cluster_state:ok'));
}

const urlOf = (nodes: readonly RedisChild[]): string =>
  nodes
    .slice(0, 3)
    .map(node => node.url)
    .join(',');

/** Replicas that cannot follow their master any more, and can again. */
function replicationOfMaster(
  replicasOf: (master: RedisChild) => Promise<RedisChild[]>,
): Pick<RedisCluster, 'cutReplication' | 'mendReplication'> {
  return {
    cutReplication: async master => {
      for (const replica of await replicasOf(master)) await replica.command('CONFIG', 'SET', 'masterauth', 'wrong');
      await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
      await until('no replica follows', async () => (await replicationOf(master)).includes('connected_slaves:0'));
    },
    mendReplication: async master => {
      for (const replica of await replicasOf(master)) await replica.command('CONFIG', 'SET', 'masterauth', '');
      await until('a replica follows', async () => (await replicationOf(master)).includes('state=online'));
    },
  };
}

/** Moves a slot key by key, as an administrator's tool does. */
async function migrateSlot(
  slot: number,
  from: RedisChild,
  to: RedisChild,
  between: () => Promise<void>,
): Promise<void> {
  const idOf = async (node: RedisChild): Promise<string> => String(await node.command('CLUSTER', 'MYID'));
  const [fromId, toId] = await Promise.all([idOf(from), idOf(to)]);
  await to.command('CLUSTER', 'SETSLOT', slot, 'IMPORTING', fromId);
  await from.command('CLUSTER', 'SETSLOT', slot, 'MIGRATING', toId);
  for (;;) {
    const [key] = (await from.command('CLUSTER', 'GETKEYSINSLOT', slot, 1)) as string[];
    if (key === undefined) break;
    await from.command('MIGRATE', '127.0.0.1', to.port, key, 0, 5_000);
    await between();
  }
  for (const node of [to, from]) await node.command('CLUSTER', 'SETSLOT', slot, 'NODE', toId);
}

interface KnownNode {
  readonly id: string;
  readonly port: number;
  /** id of its master, '-' for none */
  readonly of: string;
  readonly slots: readonly (readonly [from: number, to: number])[];
}

/** Lines of CLUSTER NODES; of slots on the move (in brackets) only where they are. */
function knownNodes(text: string): KnownNode[] {
  return text
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [id = '', address = '', , of = '-', , , , , ...slots] = line.split(' ');
      const port = Number(/:(\d+)@/.exec(address)?.[1]);
      const spans = slots.filter(span => !span.startsWith('[')).map(span => span.split('-').map(Number));
      return { id, port, of, slots: spans.map(([from = SLOTS, to = from]) => [from, to] as const) };
    });
}

const replicationOf = async (node: RedisChild): Promise<string> => String(await node.command('INFO', 'replication'));

/** It knows six nodes, answers for all slots, and as a replica it has what its master has. */
async function isSettled(node: RedisChild): Promise<boolean> {
  const state = String(await node.command('CLUSTER', 'INFO'));
  if (!state.includes('cluster_state:ok') || !state.includes('cluster_known_nodes:6')) return false;
  const replication = await replicationOf(node);
  return replication.includes('role:master')
    ? /connected_slaves:[1-9][\s\S]*state=online/.test(replication)
    : replication.includes('master_link_status:up');
}

async function until(what: string, good: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < LOOKS_MAX; looks++) {
    if (await good().catch(() => false)) return;
    await wait(LOOK_MS);
  }
  throw new Error(`waited in vain until ${what}`);
}
