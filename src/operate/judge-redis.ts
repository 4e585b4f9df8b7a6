// Judge redis: what the facts about a Redis mean for the data in it.
// In: what was seen. Out: findings with remedies.
// Pure.

import { compareVersions } from '../journal/journal-health.ts';
import type { ServerLook } from '../journal/journal-look.ts';
import { REDIS_VERSION_MIN } from '../journal/settle-journal.ts';
import { bad, type Finding, ok, shownBytes, shownTime, warn } from './finding.ts';

const MEMORY_WARN = 0.7;
/** Above it the log is trimmed to what is unread; at 1 events are refused. */
const MEMORY_BAD = 0.9;
/** Ticks and arrivals are stamped by Redis, events by machines: a difference shows as lateness or as a time ahead. */
export const SKEW_WARN_MS = 2_000;
export const SKEW_BAD_MS = 60_000;
const SLOTS = 16_384;

export function judgeRedis(look: ServerLook): Finding[] {
  const { info } = look;
  const old = compareVersions(info.redisVersion, REDIS_VERSION_MIN) < 0;
  const version = `version ${info.redisVersion}, ${info.nodes === 1 ? 'one node' : `${info.nodes} nodes that take writes`}`;
  return [
    old ? bad('redis', version, `Use Redis ${REDIS_VERSION_MIN} or newer.`) : ok('redis', version),
    ...judgeCluster(look),
    judgePersistence(look),
    judgeEviction(look),
    judgeMemory(look),
    judgeRights(look),
    judgeSkew('redis', look.skewMs, look.skewUnsureMs),
  ];
}

function judgeCluster({ cluster }: ServerLook): Finding[] {
  if (cluster === null) return [];
  const { state, masters, nodes, slotsServed, slotsFailing } = cluster;
  const what = `cluster ${state}: ${masters} masters, ${nodes} nodes, ${slotsServed} of ${SLOTS} slots served`;
  if (state !== 'ok' || slotsServed < SLOTS)
    return [bad('redis', what, 'See CLUSTER NODES: bring the failing nodes back.')];
  if (slotsFailing > 0) return [warn('redis', `${what}, ${slotsFailing} in doubt`, 'See CLUSTER NODES.')];
  if (nodes === masters)
    return [warn('redis', `${what}, no replicas`, 'Give every master a replica, and set REDIS_REPLICAS=1.')];
  return [ok('redis', what)];
}

function judgePersistence({ info }: ServerLook): Finding {
  if (!info.appendOnly) {
    return bad(
      'redis',
      'keeps no append-only file: a crash loses what it holds',
      'CONFIG SET appendonly yes, and in redis.conf.',
    );
  }
  if (!info.appendOnlyHealthy) {
    return bad('redis', 'cannot write its append-only file', 'Look at its log and at the space on its disk.');
  }
  const what = `append-only file written, appendfsync ${info.appendFsync ?? 'unknown: we may not ask'}`;
  if (info.appendFsync === 'no')
    return warn('redis', what, 'CONFIG SET appendfsync always: now a crash of its machine loses half a minute.');
  if (info.appendFsync === 'everysec') {
    return warn(
      'redis',
      `${what}: a crash of its machine may take the last second`,
      'CONFIG SET appendfsync always, unless the sources can send again.',
    );
  }
  return ok('redis', what);
}

function judgeEviction({ info: { maxmemoryPolicy } }: ServerLook): Finding {
  const what = `maxmemory-policy ${maxmemoryPolicy}`;
  if (maxmemoryPolicy === 'noeviction') return ok('redis', what);
  return bad('redis', `${what}: it may delete state`, 'CONFIG SET maxmemory-policy noeviction, and in redis.conf.');
}

function judgeMemory({ info: { usedMemoryBytes: used, maxmemoryBytes: limit } }: ServerLook): Finding {
  if (limit === 0) {
    return warn(
      'redis',
      `${shownBytes(used)} used, no memory limit`,
      'Set maxmemory below what its machine has: refusing is better than being killed.',
    );
  }
  const share = used / limit;
  const what = `${shownBytes(used)} of ${shownBytes(limit)} memory used (${Math.round(share * 100)} %)`;
  if (share >= MEMORY_BAD)
    return bad('redis', what, 'Raise maxmemory now, or bring absent sinks back: at 100 % events are refused.');
  if (share >= MEMORY_WARN)
    return warn('redis', what, 'Raise maxmemory, shorten the horizon, or bring absent sinks back.');
  return ok('redis', what);
}

function judgeRights({ denied }: ServerLook): Finding {
  if (denied.length === 0) return ok('redis', 'our user may do what the engine needs');
  const only = denied.every(command => command === 'function');
  const what = `our user may not use ${denied.join(', ')}`;
  if (only) return warn('redis', what, 'Grant +function|load, or start every new version once with a user that may.');
  return bad('redis', what, 'Grant the rights that the README lists (ACL SETUSER).');
}

export function judgeSkew(subject: string, skewMs: number, unsureMs: number): Finding {
  const off = Math.max(0, Math.abs(skewMs) - unsureMs);
  const sense = skewMs > 0 ? 'ahead of' : 'behind';
  if (off < SKEW_WARN_MS)
    return ok(subject, `its clock and this machine's agree (within ${shownTime(Math.max(off, unsureMs))})`);
  const what = `its clock is ${shownTime(off)} ${sense} this machine's`;
  const remedy = 'Set both clocks by NTP: events of a machine that is ahead are refused, of one behind are late.';
  return off >= SKEW_BAD_MS ? bad(subject, what, remedy) : warn(subject, what, remedy);
}
