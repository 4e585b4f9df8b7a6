// Story table: a story in Markdown becomes rows that know their file and line.
// In: a story's text. Out: its title, sections and rows; a mistake in writing is an error with file and line.
// Pure.

export interface Row {
  /** `file:line` */
  readonly place: string;
  readonly cells: Readonly<Record<string, string>>;
}

export interface Story {
  readonly title: string;
  readonly settings: readonly Row[];
  readonly events: readonly Row[];
  readonly expectations: readonly Row[];
  readonly timeline: readonly Row[];
}

/** Columns of each table: those that must stand, and those that may. */
const COLUMNS = {
  settings: { must: ['setting', 'value'], may: [] },
  events: { must: ['time', 'machine', 'what'], may: ['id', 'by', 'why', 'arrives', 'refused'] },
  expectations: { must: ['unit', 'window', 'field', 'value'], may: ['seen'] },
  timeline: { must: ['machine', 'from', 'to', 'category'], may: ['source', 'stop', 'reason'] },
} as const;
type Section = keyof typeof COLUMNS;

export class StoryError extends Error {
  constructor(place: string, trouble: string) {
    super(`${place}: ${trouble}`);
  }
}

const cellsOf = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split('|')
    .map(cell => cell.trim());

export function parseStory(file: string, text: string): Story {
  const found: Record<Section, Row[]> = { settings: [], events: [], expectations: [], timeline: [] };
  const title = /^# (.+)$/m.exec(text)?.[1];
  if (title === undefined) throw new StoryError(`${file}:1`, 'a story opens with "# its title"');
  let section: Section | null = null;
  let header: string[] | null = null;
  for (const [index, line] of text.split('\n').entries()) {
    const place = `${file}:${index + 1}`;
    const heading = /^## (.+)$/.exec(line)?.[1]?.trim().toLowerCase();
    if (heading !== undefined) {
      if (!(heading in COLUMNS))
        throw new StoryError(place, `section "${heading}", not one of ${Object.keys(COLUMNS).join(', ')}`);
      section = heading as Section;
      header = null;
    }
    if (!line.trim().startsWith('|')) continue;
    if (section === null) throw new StoryError(place, 'a table before the first "## section"');
    const cells = cellsOf(line);
    if (cells.every(cell => /^:?-+:?$/.test(cell))) continue;
    if (header === null) header = headerOf(place, section, cells);
    else found[section].push(rowOf(place, header, cells));
  }
  if (found.expectations.length === 0 && found.timeline.length === 0) {
    throw new StoryError(`${file}:1`, 'a story without expectations proves nothing');
  }
  return { title, ...found };
}

function headerOf(place: string, section: Section, cells: readonly string[]): string[] {
  const { must, may } = COLUMNS[section];
  const header = cells.map(cell => cell.toLowerCase());
  const missing = must.filter(name => !header.includes(name));
  if (missing.length > 0) throw new StoryError(place, `the ${section} table lacks the column ${missing.join(', ')}`);
  const strange = header.filter(name => ![...must, ...may].includes(name as never));
  if (strange.length > 0) throw new StoryError(place, `the ${section} table has no column "${strange.join(', ')}"`);
  return header;
}

function rowOf(place: string, header: readonly string[], cells: readonly string[]): Row {
  if (cells.length !== header.length)
    throw new StoryError(place, `${cells.length} cells under ${header.length} columns`);
  return { place, cells: Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])) };
}

export function cell(row: Row, name: string): string {
  return row.cells[name] ?? '';
}

const UNITS_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** `47 min`, `1.5 s`, `7 h`: milliseconds, or null when it is no duration. */
export function durationOf(text: string): number | null {
  const parts = /^(-?\d+(?:\.\d+)?) (ms|s|min|h|d)$/.exec(text);
  return parts === null ? null : Number(parts[1]) * (UNITS_MS[parts[2] ?? ''] ?? 0);
}

/** Instants of a story: `HH:MM[:SS[.mmm]]` on its date, `+1 HH:MM` days later, or ISO 8601 with an offset. */
export function instantReader(date: string, local: (date: string, time: string) => number) {
  return (row: Row, text: string): number => {
    if (/^\d{4}-/.test(text)) {
      const instant = Date.parse(text);
      if (Number.isNaN(instant) || !/(Z|[+-]\d\d:\d\d)$/.test(text))
        throw new StoryError(row.place, `"${text}" is no instant with an offset`);
      return instant;
    }
    const parts = /^(?:([+-]\d+) )?(\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)$/.exec(text);
    if (parts === null)
      throw new StoryError(row.place, `"${text}" is no time: write HH:MM[:SS[.mmm]], "+1 HH:MM" or ISO 8601`);
    const day = new Date(Date.parse(`${date}T00:00:00Z`) + Number(parts[1] ?? 0) * 86_400_000)
      .toISOString()
      .slice(0, 10);
    return local(day, parts[2] ?? '');
  };
}
