// State revision: which shape of saved state this program writes, and how older shapes become it.
// In: a checkpoint of any revision. Out: the same state in today's shape and what to commit for it, or a refusal.
// Pure.

import type { Changes, Checkpoint } from './log-entry.ts';

/** From revision n to n + 1: a pure function, never changed once it was released. */
export type StateStep = (before: Checkpoint) => Checkpoint;

export interface StateLaw {
  /** raised when what is saved changes shape */
  readonly revision: number;
  /** steps[n] leads from n to n + 1; none is ever taken out, for somebody upgrades from there */
  readonly steps: Readonly<Record<number, StateStep>>;
}

/**
 * Revision 1 is the first. Facts are the state and everything else is derived from them, so a change of the law alone needs no
 * step; a change of what a field of the checkpoint says does.
 *
 * Revision 2 has what was told of alerts. A state without it has told nothing and judged nothing: it begins where its facts end.
 */
export const STATE_LAW: StateLaw = { revision: 3, steps: { 1: before => before, 2: sayWhatIsOpen } };

/**
 * Since 3 a machine says which of its windows are open, which of them changed, and whether it has news to tell. Before, it
 * named only windows with a word beside them (`stands`: unchanged), and was taken to have news.
 */
function sayWhatIsOpen({ fields, ...rest }: Checkpoint): Checkpoint {
  type Row = [kind: string, start: number, by: string | null, why: string | null, beside?: { stands?: true }];
  const lifted = [...fields].map(([name, text]): [string, string] => {
    if (!name.startsWith('m:') || text === '') return [name, text];
    const before = JSON.parse(text) as { readonly pending: readonly Row[] };
    const pending = before.pending.map(([kind, start, by, why, { stands, ...beside } = {}]) => {
      return [kind, start, by, why, stands === true ? 2 : 1, beside];
    });
    return [name, JSON.stringify({ ...before, restless: true, open: null, pending })];
  });
  return { ...rest, fields: new Map(lifted) };
}

/** The state is not for this program. The partition stays as it is, for the program that can read it. */
export class StateRefused extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
    this.name = 'StateRefused';
  }
}

export interface Upgrade {
  readonly checkpoint: Checkpoint;
  /** what the commit of the upgrade writes, all at once; null when the state has today's shape already */
  readonly changes: Changes | null;
}

/** The head of a checkpoint: the field that names its revision. */
export const HEAD_FIELD = 'p';

/** @returns null for a partition that has no state yet */
export function stateRevisionOf(head: string | undefined): number | null {
  if (head === undefined || head === '') return null;
  const { stateRevision } = JSON.parse(head) as { readonly stateRevision?: number };
  return stateRevision ?? 0;
}

/** @throws StateRefused when the state is newer than this program, or older than its oldest step */
export function upgradeState(checkpoint: Checkpoint, law: StateLaw = STATE_LAW): Upgrade {
  const found = stateRevisionOf(checkpoint.fields.get(HEAD_FIELD));
  if (found === null || found === law.revision) return { checkpoint, changes: null };
  if (found > law.revision) throw newerState(found, law.revision);
  let current = checkpoint;
  for (let revision = found; revision < law.revision; revision++) {
    const step = law.steps[revision];
    if (step === undefined) throw olderState(found, law.revision, revision);
    current = headed(step(current), revision + 1);
  }
  return { checkpoint: current, changes: changesBetween(checkpoint, current) };
}

export const newerState = (found: number, known: number): StateRefused =>
  new StateRefused(
    'OEE_STATE_NEWER',
    `its state has revision ${found}, this program knows ${known}`,
    'A newer program wrote it: start that version everywhere. The partition waits unharmed for a worker that can read it.',
  );

const olderState = (found: number, known: number, missing: number): StateRefused =>
  new StateRefused(
    'OEE_STATE_TOO_OLD',
    `its state has revision ${found}, and this program, which writes ${known}, has no step from ${missing}`,
    'Upgrade by a version in between first; the partition waits unharmed.',
  );

function headed(checkpoint: Checkpoint, stateRevision: number): Checkpoint {
  const head = JSON.parse(checkpoint.fields.get(HEAD_FIELD) ?? '{}') as object;
  const fields = new Map(checkpoint.fields).set(HEAD_FIELD, JSON.stringify({ ...head, stateRevision }));
  return { ...checkpoint, fields };
}

/** The whole difference in one commit, so that no crash leaves half of a partition in one shape and half in another. */
function changesBetween(before: Checkpoint, after: Checkpoint): Changes {
  const set = new Map([...after.fields].filter(([field, text]) => before.fields.get(field) !== text));
  for (const field of before.fields.keys()) if (!after.fields.has(field)) set.set(field, '');
  const append = new Map([...after.texts].filter(([suffix, text]) => before.texts.get(suffix) !== text));
  // A text only grows by appending: one that changed is dropped first and written anew, in the same act.
  const drop = [...before.texts.keys()].filter(suffix => append.has(suffix) || !after.texts.has(suffix));
  return { offset: after.offset, append, set, drop, outputs: [], deadLetters: [] };
}
