// Commit: one step's changes in one act, and the way out of doubt when its reply is lost.
// In: the call's bytes. Out: resolved when exactly once there; LostOwnership when it never will be.
// Touches Redis through the connection.

import type { CommitCall, CommitFrom } from './changes-to-args.ts';
import type { Connection } from './connection.ts';
import { JournalAway, LostOwnership } from './journal-error.ts';
import { FIRST_ID, type PartitionKeys } from './keys.ts';
import { fellBack } from './reader.ts';

/**
 * How long a commit stays in doubt before the state is given up: it is loaded anew once Redis is back, and is then right
 * whichever way the doubt was resolved. Longer than a fail-over, shorter than anybody's patience with a stopping program.
 */
const DOUBT_MS = 30_000;

export async function commitStep(
  connection: Connection,
  keys: PartitionKeys,
  from: CommitFrom,
  offset: string,
  call: CommitCall,
  /** told when a reply was lost, before it is found out whether the commit is there */
  onDoubt: () => void = () => {},
): Promise<void> {
  let verdict: string;
  try {
    verdict = (await connection.act('commit-step', call.keys, call.args, 0)) as string;
  } catch (error) {
    if (!(error instanceof JournalAway)) throw error;
    onDoubt();
    verdict = await resolveDoubt(connection, keys, from, offset, call);
  }
  if (verdict === 'lost') throw lostTo(`partition of ${keys.meta} has a new owner`);
  if (verdict === 'restarted') throw lostTo(`Redis of ${keys.meta} was restarted or failed over: load again`);
  if (verdict === 'behind')
    throw fellBack(`${keys.meta} is not at checkpoint ${from.number - 1}, offset ${from.previous}`);
}

/** Reads where the journal is, then: there = done; one behind and the fence ours = the same bytes again; else lost. */
async function resolveDoubt(
  connection: Connection,
  keys: PartitionKeys,
  from: CommitFrom,
  offset: string,
  call: CommitCall,
): Promise<string> {
  try {
    const held = (await connection.read('hmget', [keys.meta, 'fence', 'owner', 'cp', 'offset'], DOUBT_MS)) as (
      | string
      | null
    )[];
    const [fence, owner, cp, at] = held;
    if (fence !== String(from.fence) || owner !== from.owner) return 'lost';
    const reached = Number(cp ?? 0);
    if (reached === from.number && at === offset) return 'already';
    if (reached !== from.number - 1 || (at ?? FIRST_ID) !== from.previous) return 'behind';
    // The act asks the same questions again, so sending it any number of times is safe.
    return (await connection.act('commit-step', call.keys, call.args, DOUBT_MS)) as string;
  } catch (error) {
    if (!(error instanceof JournalAway)) throw error;
    throw new LostOwnership(
      'OEE_JOURNAL_LOST_OWNERSHIP',
      `checkpoint ${from.number} of ${keys.meta} stayed in doubt: ${error.message}`,
      'Drop the state and own the partition anew when Redis is back; whether it was committed shows then.',
      { cause: error },
    );
  }
}

export const lostTo = (what: string): LostOwnership =>
  new LostOwnership(
    'OEE_JOURNAL_LOST_OWNERSHIP',
    `the ${what}`,
    'Drop all state of it; another worker goes on where the last commit ended. Own it again if it is to come back.',
  );
