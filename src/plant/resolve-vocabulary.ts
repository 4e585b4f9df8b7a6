// Resolve vocabularies: the shipped maps and the plant's own, each with what it extends.
// In: the vocabularies of a plant file. Out: whole maps by name, faults reported.
// Pure.

import { type Claim, SHIPPED_VOCABULARIES, type Vocabulary } from '../core/vocabulary.ts';
import { checkReference } from './check-reference.ts';
import type { Report } from './plant-fault.ts';
import type { Entries, VocabularyEntry } from './plant-file.ts';

export function resolveVocabularies(
  entries: Entries<VocabularyEntry>,
  report: Report,
): ReadonlyMap<string, Vocabulary> {
  const known = new Map<string, Vocabulary>(Object.entries(SHIPPED_VOCABULARIES));
  const names = [...known.keys(), ...Object.keys(entries)];

  const resolve = (name: string, under: readonly string[]): Vocabulary => {
    const ready = known.get(name);
    const entry = Object.hasOwn(entries, name) ? entries[name] : undefined;
    if (ready !== undefined || entry === undefined) return ready ?? {};
    const path = ['vocabularies', name, 'extends'];
    const base = entry.extends;
    let words: Vocabulary = {};
    if (base !== undefined && [...under, name].includes(base)) {
      report('REFERENCE_CIRCLE', path, `${name} extends itself`, 'Let one of the circle extend nothing, or packml.');
    } else if (base !== undefined && checkReference('vocabulary', base, names, path, report)) {
      words = resolve(base, [...under, name]);
    }
    const own = Object.entries(entry.words ?? {}).filter((each): each is [string, Claim] => each[1] !== undefined);
    // fromEntries, not assignment: a machine may call a state __proto__ and it stays a word.
    const whole = Object.fromEntries([...Object.entries(words), ...own]);
    known.set(name, whole);
    return whole;
  };

  for (const name of Object.keys(entries)) {
    if (Object.hasOwn(SHIPPED_VOCABULARIES, name)) {
      const message = `${name} is the name of a shipped vocabulary`;
      report('DUPLICATE_ID', ['vocabularies', name], message, `Choose another name, with extends: ${name}.`, 'key');
    } else resolve(name, []);
  }
  return known;
}
