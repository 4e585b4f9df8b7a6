// Plant source: YAML text as a plain value that still knows where each of its parts stands.
// In: the text of a plant file. Out: the value, a finder of places, and what is wrong with the YAML itself.
// Pure.

import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import type { Path, Place, PlaceOf, Report } from './plant-fault.ts';

export interface PlantSource {
  readonly value: unknown;
  readonly placeOf: PlaceOf;
  /** Tells the faults of the YAML. @returns whether the value can be checked further */
  reportSyntax(report: Report): boolean;
}

/** A plant of 10,000 machines is about 2 MB; more is not a plant file. */
const TEXT_MAX = 16_000_000;

export function readSource(text: string): PlantSource {
  const lineCounter = new LineCounter();
  const tooBig = text.length > TEXT_MAX;
  const doc = parseDocument(tooBig ? '' : text, { lineCounter, merge: true, logLevel: 'error' });
  keysAsWritten(doc);
  let value: unknown = null;
  let aliasTrouble: string | null = null;
  try {
    value = doc.toJS();
  } catch (error) {
    aliasTrouble = error instanceof Error ? error.message : String(error);
  }

  const reportSyntax = (report: Report): boolean => {
    let usable = true;
    const refuse = (message: string, remedy: string): void => {
      report('SYNTAX', [], message, remedy);
      usable = false;
    };
    if (tooBig) refuse(`the file has ${text.length} characters`, `Keep it below ${TEXT_MAX}.`);
    if (aliasTrouble !== null) refuse(aliasTrouble, 'Use fewer anchors and aliases, or none.');
    for (const error of doc.errors) {
      const duplicate = error.code === 'DUPLICATE_KEY';
      usable &&= duplicate;
      const path = pathAt(doc, error.pos[0]);
      const message = error.message.split(' at line')[0] ?? error.message;
      if (duplicate) report('DUPLICATE_KEY', path, `${String(path.at(-1))} stands twice`, 'Keep one of them.', 'key');
      else
        report('SYNTAX', [error.pos[0]], `not YAML: ${message}`, 'Check the indentation, quotes, brackets and colons.');
    }
    return usable;
  };
  return { value, placeOf: placeFinder(doc, lineCounter, value), reportSyntax };
}

/** A key such as 0123 or 1e3 is a name: it stays as it is written and does not become the number 123 or 1000. */
function keysAsWritten(doc: Document): void {
  visit(doc, {
    Pair(_, pair) {
      if (isScalar(pair.key) && typeof pair.key.value !== 'string' && pair.key.source !== undefined) {
        pair.key.value = pair.key.source;
      }
    },
  });
}

const keyText = (key: unknown): string => String(isScalar(key) ? key.value : key);

/** The path of the last key that starts at the offset (a repeated key: the repetition). */
function pathAt(doc: Document, offset: number): Path {
  let found: (string | number)[] = [];
  visit(doc, {
    Pair(_, pair, ancestors) {
      if (isNode(pair.key) && pair.key.range?.[0] === offset) found = [...pathOf(ancestors), keyText(pair.key)];
    },
  });
  return found;
}

function pathOf(ancestors: readonly unknown[]): (string | number)[] {
  return ancestors.flatMap((ancestor, index): (string | number)[] => {
    const child = ancestors[index + 1];
    if (isSeq(ancestor) && child !== undefined) return [ancestor.items.indexOf(child)];
    if (ancestor !== null && typeof ancestor === 'object' && 'key' in ancestor) return [keyText(ancestor.key)];
    return [];
  });
}

function placeFinder(doc: Document, lineCounter: LineCounter, value: unknown): PlaceOf {
  const placeAt = (path: string, offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset);
    return { path, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return (path, part) => {
    // A lone number is an offset: a fault of the text, which has no key path.
    if (path.length === 1 && typeof path[0] === 'number') return placeAt('(the text)', path[0]);
    let node: unknown = doc.contents;
    let offset = (doc.contents as Node | null)?.range?.[0] ?? 0;
    for (const [index, step] of path.entries()) {
      const found = childOf(node, step, doc);
      if (found === null) break;
      const last = index === path.length - 1;
      offset = (last && part === 'key' ? found.key : (found.value ?? found.key)) ?? offset;
      node = found.node;
    }
    return placeAt(shownPath(path, value), offset);
  };
}

interface Child {
  readonly node: unknown;
  readonly key: number | undefined;
  readonly value: number | undefined;
}

const offsetOf = (node: unknown): number | undefined => (isNode(node) ? node.range?.[0] : undefined);

/** The last pair of that key (a repeated key: the one that counts), or the entry of that position. */
function childOf(given: unknown, step: string | number, doc: Document): Child | null {
  const node = isAlias(given) ? given.resolve(doc) : given;
  if (isSeq(node) && typeof step === 'number') {
    const item = node.items[step];
    return item === undefined ? null : { node: item, key: offsetOf(item), value: offsetOf(item) };
  }
  if (!isMap(node)) return null;
  const pair = node.items.findLast(each => keyText(each.key) === String(step));
  return pair === undefined ? null : { node: pair.value, key: offsetOf(pair.key), value: offsetOf(pair.value) };
}

/** sites.bergen.areas.filling: entries of a list by their id, else by their position. */
function shownPath(path: Path, value: unknown): string {
  let text = '';
  let at: unknown = value;
  for (const step of path) {
    const next: unknown = at !== null && typeof at === 'object' ? (at as Record<string | number, unknown>)[step] : null;
    if (typeof step === 'number') {
      const id = next !== null && typeof next === 'object' && 'id' in next ? next.id : undefined;
      text += typeof id === 'string' ? `.${id}` : `[${step}]`;
    } else text += text === '' ? step : `.${step}`;
    at = next;
  }
  return text === '' ? '(the whole file)' : text;
}
