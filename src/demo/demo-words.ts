// Demo words: how a demo machine says its condition in the words and reasons that its plant file knows.
// In: a machine of the plant and a condition. Out: claim, word and reason.
// Pure.

import type { MachineModel } from '../core/plant-model.ts';
import type { Claim } from '../core/vocabulary.ts';

export type Condition =
  | 'producing'
  | 'jam'
  | 'failing'
  | 'broken'
  | 'warmUp'
  | 'changeover'
  | 'adjustment'
  | 'rest'
  | 'waiting'
  | 'starved'
  | 'noMaterial'
  | 'blocked'
  | 'planned'
  | 'noPower';

interface Wish {
  readonly claim: Claim;
  /** a claim that comes to the same, for vocabularies without a word for the first */
  readonly or?: Claim;
  /** in order of preference; a word that the machine's vocabulary lacks is passed over */
  readonly words: readonly string[];
  /** reasons that say so, or name the cause */
  readonly reasons: readonly string[];
}

const WISHES: Readonly<Record<Condition, Wish>> = {
  producing: { claim: 'producing', words: ['EXECUTE', 'ACTIVE', 'PRD'], reasons: [] },
  jam: { claim: 'stop', words: ['HELD', 'FEED_HOLD', 'UDT'], reasons: ['E1'] },
  failing: { claim: 'stop', words: ['HELD', 'INTERRUPTED', 'UDT'], reasons: [] },
  broken: { claim: 'breakdown', or: 'stop', words: ['ABORTED', 'UDT', 'STOPPED'], reasons: ['F1'] },
  warmUp: { claim: 'setup', words: ['WARMUP', 'STARTING', 'PROGRAM_STOPPED'], reasons: ['C2'] },
  changeover: { claim: 'setup', words: ['RESETTING', 'STOPPED'], reasons: ['C1'] },
  adjustment: { claim: 'setup', words: ['HELD', 'OPTIONAL_STOP'], reasons: ['L1', 'C2'] },
  rest: { claim: 'idle', words: ['IDLE', 'READY', 'SBY'], reasons: [] },
  waiting: { claim: 'idle', words: ['IDLE', 'READY', 'SBY'], reasons: ['W1'] },
  starved: { claim: 'starved', words: ['SUSPENDED'], reasons: ['M1'] },
  noMaterial: { claim: 'starved', words: ['READY', 'SUSPENDED'], reasons: ['M1'] },
  blocked: { claim: 'blocked', words: [], reasons: [] },
  planned: { claim: 'plannedStop', words: ['CIP', 'SDT'], reasons: ['P1'] },
  noPower: { claim: 'unknown', words: ['UNAVAILABLE', 'UNDEFINED'], reasons: [] },
};

export interface Saying {
  readonly claim: Claim;
  readonly word: string;
  readonly reason: string | null;
}

/** A word that means it by itself, else one that a reason lifts to it, else the canonical word, which all machines may say. */
function sayingOf(machine: MachineModel, wish: Wish): Saying {
  const { claim } = wish;
  const known = wish.reasons.filter(reason => Object.hasOwn(machine.reasons, reason));
  const lifting = known.find(reason => machine.reasons[reason]?.claim === claim) ?? null;
  const naming = known.find(reason => (machine.reasons[reason]?.claim ?? claim) === claim) ?? null;
  for (const word of wish.words) {
    if (!Object.hasOwn(machine.vocabulary, word)) continue;
    if (machine.vocabulary[word] === claim) return { claim, word, reason: naming };
    if (lifting !== null) return { claim, word, reason: lifting };
    if (wish.or !== undefined && machine.vocabulary[word] === wish.or) return { claim: wish.or, word, reason: null };
  }
  return { claim, word: claim, reason: naming };
}

export function sayingsOf(machine: MachineModel): Readonly<Record<Condition, Saying>> {
  const sayings = Object.entries(WISHES).map(([condition, wish]) => [condition, sayingOf(machine, wish)]);
  return Object.fromEntries(sayings) as Record<Condition, Saying>;
}
