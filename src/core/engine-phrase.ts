// Engine phrase: what the engine itself writes where a person's word may stand (by, why), so that a page can say it in its language.
// In: values. Out: the phrase in English; and a phrase that was read again, in other words.
// Pure. What is written never changes with the language: it is kept, sent and compared.

/** `{name}` is where a value stands; none of them is empty. */
export const ENGINE_PHRASES = {
  plantFile: 'plant file',
  revision: 'revision {revision}',
  plantRevision: 'plant file revision {revision}',
  ofConstraint: 'ideal cycle of the constraint',
  byPlantFile: 'plant file: revision {revision}',
  ruleGone: 'its rule {rule} is not in the plant file any more (revision {revision})',
  neverWas: 'late facts: it never was',
  engineNeverWas: 'it never was',
  explained: 'explained by {rule} of {unit}',
  moved: 'late facts moved its beginning: it is {alert} now',
  cycleTooLong: 'the ideal cycle is too long: {minutes} minutes of production have shown {seconds} s a piece',
  cycleOfTooLong:
    'the ideal cycle of {product} is too long: {minutes} minutes of production have shown {seconds} s a piece',
  partition: 'partition {partition}',
  deadLetters: 'dead letters',
} as const;

export type EnginePhraseName = keyof typeof ENGINE_PHRASES;
/** The same phrases in the words of a language, with the same values in them. */
export type EnginePhrases = Readonly<Record<EnginePhraseName, string>>;

type Holes<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}` ? Name | Holes<Rest> : never;
type Values<Name extends EnginePhraseName> = Readonly<Record<Holes<(typeof ENGINE_PHRASES)[Name]>, string | number>>;

const HOLE = /\{(\w+)\}/g;
const filled = (template: string, valueAt: (name: string) => string): string =>
  template.replace(HOLE, (_, name: string) => valueAt(name));

export function enginePhrase<Name extends EnginePhraseName>(name: Name, values: Values<Name>): string {
  const given: Readonly<Record<string, string | number>> = values;
  return filled(ENGINE_PHRASES[name], hole => `${given[hole] ?? ''}`);
}

/** Each phrase as what it is recognised by. */
const PATTERNS = Object.entries(ENGINE_PHRASES).map(([name, template]) => {
  const parts = template.split(/\{\w+\}/).map(part => part.replace(/[.()]/g, '\\$&'));
  const holes = [...template.matchAll(HOLE)].map(([, hole = '']) => hole);
  return { name: name as EnginePhraseName, holes, pattern: new RegExp(`^${parts.join('(.+)')}$`) };
});

/**
 * @param text anything: a phrase of the engine, or a person's own word, which stays as it is
 * @param decimal what parts whole and parts of numbers in these words
 */
export function rephrased(text: string, phrases: Partial<EnginePhrases>, decimal: string): string {
  for (const { name, holes, pattern } of PATTERNS) {
    const found = pattern.exec(text);
    const words = phrases[name];
    if (found === null || words === undefined) continue;
    return filled(words, hole => {
      const value = found[holes.indexOf(hole) + 1] ?? '';
      return /^\d+\.\d+$/.test(value) ? value.replace('.', decimal) : value;
    });
  }
  return text;
}
