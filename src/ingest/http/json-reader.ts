// JSON reader: text of anybody into plain values, without what JSON.parse lets through: depth without end, keys said twice.
// In: text. Out: one reading per event: a value, or a rejection.
// Pure.

import { type Rejection, rejection } from '../../core/rejection.ts';

/** An event is flat; some depth is left for fields that we ignore. Deeper text would overflow a stack somewhere. */
export const DEPTH_MAX = 16;

/** What stands at one place of a body. */
export type Reading = { readonly value: unknown } | Rejection;

/** Reads a text that holds one event. */
export function readJsonEvent(text: string): Reading {
  return checked(text, DEPTH_MAX);
}

/**
 * Reads a body: one event, or an array of them, each judged for itself.
 * @returns a single rejection when the body is no JSON at all
 */
export function readJsonBody(text: string): readonly Reading[] | Rejection {
  const whole = checked(text, DEPTH_MAX + 1);
  if ('value' in whole) return Array.isArray(whole.value) ? whole.value.map(value => ({ value })) : [whole];
  if (whole.code === 'OEE_HTTP_JSON') return whole;
  const items = itemsOf(text);
  return items === null ? [whole] : items.map(readJsonEvent);
}

function checked(text: string, depthMax: number): Reading {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return rejection(
      'OEE_HTTP_JSON',
      `not JSON: ${cut((error as Error).message)}`,
      'Send valid JSON, UTF-8, one event as one object.',
    );
  }
  const { depth, keys } = shapeOf(text);
  if (depth > depthMax) {
    return rejection(
      'OEE_HTTP_TOO_DEEP',
      `nested ${depth} levels deep`,
      `Events are flat: nest at most ${DEPTH_MAX} levels.`,
    );
  }
  if (keys !== keysOf(value)) {
    return rejection(
      'OEE_HTTP_DUPLICATE_KEY',
      'a key stands twice in one object',
      'Say each field once: which of the two holds is anybody’s guess.',
    );
  }
  return { value };
}

const cut = (message: string): string => (message.length > 120 ? `${message.slice(0, 120)}…` : message);

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;

/** Place after a string's closing quote; `from` is the place after the opening one. The text is known to be JSON. */
function afterString(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at + 1;
}

/** Depth and number of keys as written. A colon outside a string always follows a key. */
function shapeOf(text: string): { depth: number; keys: number } {
  let level = 0;
  let depth = 0;
  let keys = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    at += 1;
    if (unit === QUOTE) at = afterString(text, at);
    else if (unit === COLON) keys += 1;
    else if (isOpening(unit)) depth = Math.max(depth, ++level);
    else if (isClosing(unit)) level -= 1;
  }
  return { depth, keys };
}

const isOpening = (unit: number): boolean => unit === 123 || unit === 91;
const isClosing = (unit: number): boolean => unit === 125 || unit === 93;

/** Keys that JSON.parse kept. The depth is bounded before this is called. */
function keysOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const parts = Object.values(value);
  let sum = Array.isArray(value) ? 0 : parts.length;
  for (const part of parts) sum += keysOf(part);
  return sum;
}

/** The texts of an array's items; null when the text is no array. The text is known to be JSON. */
function itemsOf(text: string): string[] | null {
  if (!/^\s*\[/.test(text)) return null;
  const items: string[] = [];
  let level = 0;
  let start = text.indexOf('[') + 1;
  for (let at = start; at < text.length; ) {
    const unit = text.charCodeAt(at);
    at += 1;
    if (unit === QUOTE) at = afterString(text, at);
    else if (isOpening(unit)) level += 1;
    else if (isClosing(unit) && level > 0) level -= 1;
    else if (level === 0 && (unit === 44 || unit === 93)) {
      items.push(text.slice(start, at - 1));
      start = at;
    }
  }
  return items;
}
