// Finding: one thing that the doctor looked at: how it is, and what to do about it.
// In: findings. Out: one line each, a summary, the exit code.
// Pure.

export type Level = 'ok' | 'warn' | 'bad';

export interface Finding {
  readonly level: Level;
  /** what was looked at: redis, influxdb, plant, partitions, machine, engine */
  readonly subject: string;
  readonly what: string;
  /** what to do; null where all is well */
  readonly remedy: string | null;
}

export const ok = (subject: string, what: string): Finding => ({ level: 'ok', subject, what, remedy: null });
export const warn = (subject: string, what: string, remedy: string): Finding => ({
  level: 'warn',
  subject,
  what,
  remedy,
});
export const bad = (subject: string, what: string, remedy: string): Finding => ({
  level: 'bad',
  subject,
  what,
  remedy,
});

const SUBJECT_WIDTH = 11;

export function findingsText(findings: readonly Finding[]): string {
  const lines = findings.map(({ level, subject, what, remedy }) => {
    const said = `${level.padEnd(5)} ${subject.padEnd(SUBJECT_WIDTH)} ${what}`;
    return remedy === null ? said : `${said} → ${remedy}`;
  });
  const count = (level: Level): number => findings.filter(finding => finding.level === level).length;
  const [good, doubtful, broken] = [count('ok'), count('warn'), count('bad')];
  const verdict = broken > 0 ? 'not well' : doubtful > 0 ? 'works, with warnings' : 'all is well';
  return [
    ...lines,
    '',
    `${verdict}: ${good} ok, ${doubtful} ${doubtful === 1 ? 'warning' : 'warnings'}, ${broken} bad`,
    '',
  ].join('\n');
}

/** 0: all is well; 1: warnings; 2: something is broken. */
export function exitCodeOf(findings: readonly Finding[]): 0 | 1 | 2 {
  if (findings.some(({ level }) => level === 'bad')) return 2;
  return findings.some(({ level }) => level === 'warn') ? 1 : 0;
}

export function shownBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

export function shownTime(ms: number): string {
  const [seconds, minutes, hours] = [ms / 1_000, ms / 60_000, ms / 3_600_000];
  if (seconds < 1) return `${Math.round(ms)} ms`;
  if (minutes < 2) return `${Math.round(seconds)} s`;
  if (hours < 2) return `${Math.round(minutes)} min`;
  return hours < 48 ? `${Math.round(hours)} h` : `${Math.round(hours / 24)} days`;
}
