// Log: one line of JSON per thing worth knowing, level by consequence; on a terminal, one readable line.
// In: level, message, fields. Out: lines on standard error, so that a verb's output stays clean.
// Touches standard error.

import { pino } from 'pino';

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string, fields?: object) => void;

/** @param readable short lines for people instead of JSON for machines */
export function openLog(level: LogLevel, readable: boolean): Log {
  const stream = readable
    ? { write: (line: string): void => void process.stderr.write(shortLine(line)) }
    : process.stderr;
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return (at, message, fields = {}) => logger[at](fields, message);
}

const NAMES: Readonly<Record<number, string>> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' };

function shortLine(line: string): string {
  const { level, time, msg, ...rest } = JSON.parse(line) as { level: number; time: string; msg: string };
  const fields = Object.entries(rest).map(
    ([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return `${time.slice(11, 19)} ${(NAMES[level] ?? '').padEnd(5)} ${msg}${fields.length === 0 ? '' : `  ${fields.join(' ')}`}\n`;
}
