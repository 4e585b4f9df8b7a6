// SHDR parser: the lines that an MTConnect adapter writes (`time|key|value|key|value…`), one after the other.
// In: lines. Out: their meaning: data, condition, message, asset, protocol; or why a line has none.
// Pure; remembers only whether it is inside a multi-line value.

import { type Rejection, rejection } from '../../core/rejection.ts';
import { parseInstant } from '../../core/time.ts';

/** One key with its value; `place` counts from 1 along the line. */
export interface ShdrItem {
  readonly key: string;
  readonly value: string;
  readonly place: number;
}
export interface ShdrMoment {
  /** epoch ms, digits below cut off */
  readonly at: number;
  /** the digits below the millisecond, without trailing zeros added: `7146` of 34.7167146 */
  readonly below: string;
}
/**
 * `asset`: tool data and the like, stamped with the asset's own time, not the machine's present. `protocol`: the
 * adapter's talk with the agent (`* PONG 10000`). `inside`: a line of a multi-line value.
 */
export type ShdrLine =
  | (ShdrMoment & { readonly kind: 'data' | 'condition' | 'message'; readonly items: readonly ShdrItem[] })
  | { readonly kind: 'asset' | 'protocol' | 'inside' | 'blank' }
  | { readonly kind: 'fault'; readonly fault: Rejection };

const MULTILINE = '--multiline--';
/** Lines of one multi-line value: beyond, its end was lost, and the lines count again. */
const MULTILINE_LINES_MAX = 10_000;

/** Conditions come alone on their line, as key, level, native code, native severity, qualifier, text. */
const CONDITION_TOKENS = 6;
const LEVELS = new Set(['NORMAL', 'WARNING', 'FAULT', 'UNAVAILABLE']);

/** @returns a function that reads one line after the other of one file or connection */
export function shdrParser(): (line: string) => ShdrLine {
  let closing: string | null = null;
  let inside = 0;
  return line => {
    if (closing !== null) {
      inside += 1;
      if (line.trim() === closing || inside >= MULTILINE_LINES_MAX) closing = null;
      return { kind: 'inside' };
    }
    const text = line.trim();
    if (text === '') return { kind: 'blank' };
    if (text.startsWith('*')) return { kind: 'protocol' };
    const tokens = tokensOf(text);
    const last = tokens.at(-1) ?? '';
    if (last.startsWith(MULTILINE)) {
      closing = last;
      inside = 0;
    }
    return read(tokens);
  };
}

/** A backslash keeps a bar inside a value. */
function tokensOf(text: string): string[] {
  if (!text.includes('\\|')) return text.split('|');
  return text.split(/(?<!\\)\|/).map(token => token.replaceAll('\\|', '|'));
}

function read(tokens: readonly string[]): ShdrLine {
  const [stamp = '', ...rest] = tokens;
  if (rest[0]?.startsWith('@')) return { kind: 'asset' };
  const moment = momentOf(stamp);
  if (moment === null) {
    return fault(
      `"${stamp.slice(0, 40)}" is no time`,
      'An adapter line starts with its time in ISO 8601, then |key|value|key|value…',
    );
  }
  if (rest.length < 2 || rest[0] === '') return fault('no key and value after the time', 'Write time|key|value.');
  if (isCondition(rest)) return { kind: 'condition', ...moment, items: itemsOf(rest.slice(0, 2)) };
  const isMessage = rest.length === 3 && rest[2] !== '';
  return { kind: isMessage ? 'message' : 'data', ...moment, items: itemsOf(rest) };
}

const fault = (message: string, remedy: string): ShdrLine => ({
  kind: 'fault',
  fault: rejection('OEE_SHDR_LINE', message, remedy),
});

/** Three numbers and words in a row look like a condition too: an empty native code, or a word of trouble, decides. */
function isCondition(rest: readonly string[]): boolean {
  const level = rest[1]?.toUpperCase() ?? '';
  if (rest.length !== CONDITION_TOKENS || !LEVELS.has(level)) return false;
  return rest[2] === '' || level === 'WARNING' || level === 'FAULT';
}

/** Pairs along the line; a last key without a value (a bar too many, a message's text) is left out. */
function itemsOf(rest: readonly string[]): ShdrItem[] {
  const items: ShdrItem[] = [];
  for (let i = 0; i + 1 < rest.length; i += 2) {
    const key = rest[i]?.trim() ?? '';
    if (key !== '') items.push({ key, value: rest[i + 1]?.trim() ?? '', place: i / 2 + 1 });
  }
  return items;
}

/** `2022-08-08T13:51:34.7167146Z`, with an optional duration `@12.5`; without an offset it is UTC, as the standard says. */
function momentOf(stamp: string): ShdrMoment | null {
  const [time = ''] = stamp.split('@');
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(time) ? time : `${time}Z`;
  const at = parseInstant(zoned);
  if (at === null) return null;
  return { at, below: /\.\d{3}(\d*)/.exec(zoned)?.[1] ?? '' };
}
