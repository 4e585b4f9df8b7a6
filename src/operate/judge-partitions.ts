// Judge partitions: how the journal's partitions stand: owned, up to date, told on, whole, of this plant.
// In: what was seen of each, what the plant needs. Out: findings with remedies: one line for what is well, one per trouble.
// Pure.

import { STATE_LAW } from '../core/state-revision.ts';
import type { PartitionLook } from '../journal/journal-look.ts';
import { bad, type Finding, ok, shownTime, warn } from './finding.ts';

export interface PlantNeeds {
  readonly revision: string;
  /** partitions that carry a unit of it */
  readonly partitions: readonly number[];
}

const LAG_WARN_MS = 5_000;
const LAG_BAD_MS = 60_000;
/** Some minutes of a plant of a hundred machines: a sink that is merely slow has less. */
const SINK_LAG_WARN = 20_000;
const HOLE_FRESH_MS = 24 * 3_600_000;
/** Partitions, reasons and machines that one line names. */
const NAMES_MAX = 5;

export function judgePartitions(looks: readonly PartitionLook[], needs: PlantNeeds | null, now: number): Finding[] {
  const needed = looks.filter(({ partition }) => needs === null || needs.partitions.includes(partition));
  return [
    ...judgeOwners(needed, needs),
    ...judgeLag(needed),
    ...judgeSinks(looks),
    ...judgeState(needed, needs),
    ...judgeHoles(looks, now),
    ...judgeGaps(looks),
    ...judgeLetters(looks),
    ...judgeStrangers(looks, needs),
  ];
}

const named = (partitions: readonly number[]): string =>
  `${partitions.length === 1 ? 'partition' : `${partitions.length} partitions`} ${partitions.slice(0, NAMES_MAX).join(', ')}${partitions.length > NAMES_MAX ? ' …' : ''}`;
const indexes = (looks: readonly PartitionLook[]): number[] => looks.map(({ partition }) => partition);
const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

function judgeOwners(needed: readonly PartitionLook[], needs: PlantNeeds | null): Finding[] {
  const begun = new Set(indexes(needed));
  const missing = (needs?.partitions ?? []).filter(partition => !begun.has(partition));
  const unowned = [...indexes(needed.filter(({ owner }) => owner === null)), ...missing].sort((a, b) => a - b);
  const owners = new Set(needed.flatMap(({ owner }) => owner ?? []));
  const fences = needed.reduce((sum, { fence }) => sum + fence, 0);
  const found: Finding[] = [];
  if (unowned.length > 0) {
    found.push(
      bad(
        'partitions',
        `nobody works ${named(unowned)}`,
        'Start an engine; if one runs, its log and /health/ready say why it does not take them.',
      ),
    );
  }
  if (owners.size === 0) return found;
  const what = `${plural(needed.length - unowned.length + missing.length, 'partition')} worked by ${plural(owners.size, 'process').replace('processs', 'processes')}, ${plural(fences, 'change')} of owner so far`;
  return [ok('partitions', what), ...found];
}

function judgeLag(needed: readonly PartitionLook[]): Finding[] {
  const behind = needed
    .filter(({ lag }) => lag.oldestMs >= LAG_WARN_MS)
    .sort((a, b) => b.lag.oldestMs - a.lag.oldestMs);
  const [worst] = behind;
  const kept = needed.reduce((sum, { logLength }) => sum + logLength, 0);
  const age = Math.max(0, ...needed.map(({ logAgeMs }) => logAgeMs));
  if (worst === undefined)
    return [
      ok(
        'log',
        `worked in up to now; ${plural(kept, 'entry').replace('entrys', 'entries')} kept, the oldest for ${shownTime(age)}`,
      ),
    ];
  const what = `${named(indexes(behind))} behind, the oldest entry waits for ${shownTime(worst.lag.oldestMs)} (${worst.lag.entries} entries)`;
  const remedy =
    'If it grows, add workers or look for a partition that fails again and again in the log of the engine.';
  return [worst.lag.oldestMs >= LAG_BAD_MS ? bad('log', what, remedy) : warn('log', what, remedy)];
}

function judgeSinks(looks: readonly PartitionLook[]): Finding[] {
  const sums = new Map<string, number>();
  for (const { sinkLags } of looks) {
    for (const [sink, lag] of Object.entries(sinkLags)) sums.set(sink, (sums.get(sink) ?? 0) + lag);
  }
  return [...sums].map(([sink, lag]) => {
    const what = `${sink}: ${plural(lag, 'output')} not acknowledged`;
    if (lag < SINK_LAG_WARN) return ok('sinks', what);
    return warn(
      'sinks',
      what,
      'Nothing is lost: they wait in the journal and fill its memory. Bring the sink back, or forget it.',
    );
  });
}

function judgeState(needed: readonly PartitionLook[], needs: PlantNeeds | null): Finding[] {
  const newer = needed.filter(({ stateRevision }) => stateRevision !== null && stateRevision > STATE_LAW.revision);
  const older = needed.filter(({ stateRevision }) => stateRevision !== null && stateRevision < STATE_LAW.revision);
  const stale = needed.filter(
    ({ plantRevision }) => needs !== null && plantRevision !== null && plantRevision !== needs.revision,
  );
  return [
    ...(newer.length > 0
      ? [
          bad(
            'state',
            `${named(indexes(newer))} was saved by a newer program (OEE_STATE_NEWER)`,
            'Start the newer version; this one leaves it alone.',
          ),
        ]
      : []),
    ...(older.length > 0
      ? [ok('state', `${named(indexes(older))} of an earlier revision, to be upgraded by the next start`)]
      : []),
    ...(stale.length > 0
      ? [
          warn(
            'state',
            `${named(indexes(stale))} works by another plant file than this one`,
            'Restart the engine to take the file, or set OEE_PLANT to the file that it runs.',
          ),
        ]
      : []),
  ];
}

function judgeHoles(looks: readonly PartitionLook[], now: number): Finding[] {
  const holed = looks.filter(({ holes }) => holes > 0);
  if (holed.length === 0) return [ok('log', 'no entry ever vanished unread')];
  const last = Math.max(0, ...holed.map(({ lastHoleAt }) => lastHoleAt ?? 0));
  const what = `entries vanished unread from ${named(indexes(holed))}, last after ${new Date(last).toISOString()}`;
  const remedy =
    'Only the engine may trim or delete there: look for another program that does; send the events of that time again.';
  return [now - last < HOLE_FRESH_MS ? bad('log', what, remedy) : warn('log', what, remedy)];
}

function judgeGaps(looks: readonly PartitionLook[]): Finding[] {
  const gaps = looks.reduce((sum, each) => sum + each.gaps, 0);
  if (gaps === 0) return [];
  return [
    warn(
      'producers',
      `${plural(gaps, 'jump')} in the numbers of producers`,
      'Batches never came: look at the senders of the partitions in oee_journal_gaps_total.',
    ),
  ];
}

function judgeLetters(looks: readonly PartitionLook[]): Finding[] {
  const byCode = new Map<string, { letters: number; machines: Set<string> }>();
  for (const { code, machine, letters } of looks.flatMap(look => look.letters)) {
    const known = byCode.get(code) ?? { letters: 0, machines: new Set() };
    byCode.set(code, known);
    known.letters += letters;
    if (machine !== null) known.machines.add(machine);
  }
  if (byCode.size === 0) return [ok('letters', 'no dead letters')];
  return [...byCode].map(([code, { letters, machines }]) => {
    const of =
      machines.size === 0
        ? ''
        : ` of ${[...machines].slice(0, NAMES_MAX).join(', ')}${machines.size > NAMES_MAX ? ' …' : ''}`;
    return warn(
      'letters',
      `${plural(letters, 'dead letter')} ${code}${of}`,
      `npm run oee -- dead-letters list --code ${code}, then replay or discard.`,
    );
  });
}

function judgeStrangers(looks: readonly PartitionLook[], needs: PlantNeeds | null): Finding[] {
  if (needs === null) return [];
  const strangers = looks.filter(({ partition, lag }) => !needs.partitions.includes(partition) && lag.entries > 0);
  if (strangers.length === 0) return [];
  return [
    warn(
      'partitions',
      `${named(indexes(strangers))} holds unread entries but no unit of this plant`,
      'A line was renamed or taken out while events waited: put it back until they are worked in.',
    ),
  ];
}
