// New machine: a machine before its first fact.
// In: its rules and the plant's settings. Out: the machine, with its windows' tracks.
// Pure.

import { type Carry, emptyCarry } from './carry.ts';
import { newConfirmationBook } from './confirmation-book.ts';
import { emptyBlocks } from './fact-blocks.ts';
import type { Machine } from './machine.ts';
import { machineTracks } from './machine-tracks.ts';
import type { PlantSettings } from './plant-model.ts';
import type { ReadingRules } from './reading-rules.ts';

export function newMachine(rules: ReadingRules, settings: PlantSettings, base: Carry = emptyCarry()): Machine {
  const machine: Machine = {
    rules,
    settings,
    store: emptyBlocks(base),
    base,
    keptFrom: 0,
    corrections: new Map(),
    latest: null,
    heardAt: 0,
    behindMs: 0,
    beginning: Number.POSITIVE_INFINITY,
    edge: 0,
    fresh: [],
    freshCorrections: [],
    openSegments: [],
    openStretches: [],
    runs: [],
    book: newConfirmationBook(),
    tracks: [],
    dirty: new Set(),
    unfinished: new Set(),
    finalUpTo: 0,
    revisions: new Map(),
    revisionsUnsaved: false,
    baseUnsaved: false,
    intervals: [],
    openToldTo: 0,
    alteredFrom: Number.POSITIVE_INFINITY,
    alteredBy: null,
    stateTold: '',
    restless: false,
    toldAt: 0,
  };
  machine.tracks = machineTracks(machine);
  return machine;
}
