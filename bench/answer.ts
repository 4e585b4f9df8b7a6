// Answer: what a bench says: figures with their meaning, and whether the one that matters is where it should be.
// In: figures. Out: JSON for machines, a table for people.
// Pure.

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
}

export interface Answer {
  readonly question: string;
  readonly figures: readonly Figure[];
  /** the figure that is judged */
  readonly verdict: {
    readonly what: string;
    readonly value: number;
    readonly aim: { readonly atLeast: number } | { readonly atMost: number };
    /** beyond this something has collapsed, whatever the machine: the run fails */
    readonly floor: number;
  };
  /** that all sides did the same work */
  readonly checksum: string;
}

export type Size = 'smoke' | 'full';

export interface Bench {
  readonly name: string;
  answer(size: Size): Promise<Answer>;
}

export function reaches({ value, aim }: Answer['verdict'], bound?: number): boolean {
  return 'atLeast' in aim ? value >= (bound ?? aim.atLeast) : value <= (bound ?? aim.atMost);
}

export const standsAboveFloor = (answer: Answer): boolean => reaches(answer.verdict, answer.verdict.floor);

const digits = (value: number): string => {
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return value >= 100 ? value.toFixed(0) : value.toFixed(3);
};

export function answerToText(name: string, answer: Answer): string {
  const { question, figures, verdict, checksum } = answer;
  const { aim, floor } = verdict;
  const bound = 'atLeast' in aim ? `aim at least ${aim.atLeast}` : `aim at most ${aim.atMost}`;
  const judged = reaches(verdict) ? 'reached' : standsAboveFloor(answer) ? 'not reached' : 'COLLAPSED';
  const rows = [
    ...figures.map(({ what, value, unit }) => [what, digits(value), unit] as const),
    [verdict.what, digits(verdict.value), `${bound}, floor ${floor}: ${judged}`] as const,
  ];
  const wide = (column: 0 | 1): number => Math.max(...rows.map(row => row[column].length));
  const lines = rows.map(row => `  ${row[0].padEnd(wide(0))}  ${row[1].padStart(wide(1))}  ${row[2]}`);
  return [`${name}: ${question}`, ...lines, `  checksum ${checksum}`].join('\n');
}
