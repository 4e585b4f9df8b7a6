// Replay summary: what became of every event of a replay, in a few lines that a person reads.
// In: receipts and unreadable lines. Out: text.
// Pure.

import type { Rejection } from '../../core/rejection.ts';

interface Reason {
  count: number;
  readonly example: string;
  readonly remedy: string;
}

export interface ReplaySummary {
  /** read = accepted + duplicates + rejected once everything was answered */
  read: number;
  accepted: number;
  duplicates: number;
  readonly rejected: Map<string, Reason>;
}

export const emptySummary = (): ReplaySummary => ({ read: 0, accepted: 0, duplicates: 0, rejected: new Map() });

/** Codes are few, so reasons are: the first of each stands for all. */
export function countRejected(summary: ReplaySummary, { code, message, remedy }: Rejection, where: string): void {
  const known = summary.rejected.get(code);
  if (known === undefined) summary.rejected.set(code, { count: 1, example: `${where}: ${message}`, remedy });
  else known.count += 1;
}

export function rejectedOf(summary: ReplaySummary): number {
  let sum = 0;
  for (const { count } of summary.rejected.values()) sum += count;
  return sum;
}

/** @param seconds how long it took */
export function summaryText(summary: ReplaySummary, seconds: number): string {
  const rejected = rejectedOf(summary);
  const rows: [string, number][] = [
    ['read', summary.read],
    ['accepted', summary.accepted],
    ['duplicate', summary.duplicates],
    ['rejected', rejected],
  ];
  const lines = rows.map(([name, count]) => `  ${name.padEnd(10)}${shown(count).padStart(12)}`);
  const unanswered = summary.read - summary.accepted - summary.duplicates - rejected;
  if (unanswered > 0) lines.push(`  ${'not sent'.padEnd(10)}${shown(unanswered).padStart(12)}`);
  const reasons = [...summary.rejected].sort((a, b) => b[1].count - a[1].count);
  for (const [code, { count, example, remedy }] of reasons) {
    lines.push(`  ${code}, ${shown(count)} times, e.g. ${example}`, `    ${remedy}`);
  }
  const rate = seconds > 0 ? ` (${shown(Math.round(summary.read / seconds))} events/s)` : '';
  return `Replayed in ${seconds.toFixed(1)} s${rate}:\n${lines.join('\n')}\n`;
}

const shown = (count: number): string => count.toLocaleString('en');
