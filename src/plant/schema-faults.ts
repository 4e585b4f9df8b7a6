// Schema faults: the plant file against its schema, every fault in plain words.
// In: the file's value. Out: reported faults, and the value without the parts that are wrong, so that the rest can be checked.
// Pure.

import { Ajv, type ErrorObject } from 'ajv';
import { nearestName } from '../core/near-name.ts';
import { type Path, type Report, shownValue } from './plant-fault.ts';
import { plantSchema } from './plant-schema.ts';

const ajv = new Ajv({ allErrors: true, verbose: true, allowUnionTypes: true, strictTypes: false });
ajv.addKeyword('errorMessage');
const validate = ajv.compile(plantSchema);

/** Reports every fault of shape. @returns a copy of the value in which what is wrong is undefined */
export function checkShape(value: unknown, report: Report): unknown {
  if (validate(value)) return value;
  const copy: unknown = structuredClone(value);
  const errors = validate.errors ?? [];
  const misspelt = new Set(errors.map(meantKey));
  for (const error of errors) {
    const path = pathOf(error.instancePath, value);
    // A required key that is there under a misspelt name is one fault, not two.
    if (error.keyword === 'required' && misspelt.has(`${error.instancePath}/${error.params.missingProperty}`)) continue;
    const wrong = reportOne(error, path, report);
    if (wrong !== null) takeOut(copy, wrong);
  }
  return copy;
}

/** The key that an unknown key was probably meant to be. */
function meantKey(error: ErrorObject): string | null {
  if (error.keyword !== 'additionalProperties') return null;
  const known = Object.keys((error.parentSchema as Annotated).properties ?? {});
  return `${error.instancePath}/${nearestName(String(error.params.additionalProperty), known)}`;
}

/** JSON pointer → path; list positions become numbers. */
function pathOf(pointer: string, value: unknown): (string | number)[] {
  let at: unknown = value;
  return pointer
    .split('/')
    .slice(1)
    .map(part => {
      const step = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const isList = Array.isArray(at);
      at = (at as Record<string, unknown>)[step];
      return isList ? Number(step) : step;
    });
}

const kindOf = (value: unknown): string => {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? shownValue(value) : `${shownValue(value)} (a ${typeof value})`;
};

interface Annotated {
  readonly errorMessage?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
}

/** @returns the path of what must be taken out, null when nothing stands there that could be */
function reportOne(error: ErrorObject, path: Path, report: Report): Path | null {
  const schema = (error.parentSchema ?? {}) as Annotated;
  const params = error.params as Readonly<Record<string, unknown>>;
  const remedy = schema.errorMessage;
  // The rule for a map's keys is told by the error inside it, which names the key.
  if (error.keyword === 'propertyNames') return null;
  if (error.propertyName !== undefined) {
    const key = [...path, error.propertyName];
    report('VALUE', key, `the key is ${shownValue(error.propertyName)}`, remedy ?? `${error.message}.`, 'key');
    return key;
  }
  switch (error.keyword) {
    case 'additionalProperties': {
      const name = String(params.additionalProperty);
      const known = Object.keys(schema.properties ?? {});
      const near = nearestName(name, known);
      const hint = near === null ? `Known here: ${known.join(', ')}.` : `Did you mean ${near}?`;
      report('UNKNOWN_KEY', [...path, name], `the key ${shownValue(name)} is not known here`, hint, 'key');
      return [...path, name];
    }
    case 'required': {
      const name = String(params.missingProperty);
      const described = String(path.length === 0 ? 'the plant' : path.at(-1));
      report('MISSING', [...path, name], `${name} is missing`, `Give ${describedKey(schema, name, described)}.`, 'key');
      return null;
    }
    case 'enum': {
      const allowed = (params.allowedValues as unknown[]).map(String);
      const near = typeof error.data === 'string' ? nearestName(error.data, allowed) : null;
      const hint = `Use one of ${allowed.join(', ')}.`;
      report(
        'VALUE',
        path,
        `the value is ${kindOf(error.data)}`,
        near === null ? hint : `Did you mean ${near}? ${hint}`,
      );
      return path;
    }
    default:
      report('VALUE', path, `the value is ${kindOf(error.data)}`, remedy ?? plainRemedy(error));
      return path;
  }
}

function describedKey(schema: Annotated, name: string, where: string): string {
  const description = (schema.properties?.[name] as { description?: string } | undefined)?.description;
  return `${name}${description === undefined ? '' : ` (${description})`} to ${where}`;
}

const WANTED: Readonly<Record<string, string>> = { object: 'a map (key: value)', array: 'a list', string: 'a text' };

function plainRemedy({ keyword, params, message }: ErrorObject): string {
  if (keyword === 'type') {
    const types: string[] = [params.type].flat();
    return `Give ${types.map(type => WANTED[type] ?? type).join(' or ')}.`;
  }
  if (keyword === 'minItems') return 'Give at least one.';
  return `It ${message}.`;
}

/** The key stays, without a value: what it names is still declared, so that references to it are no faults of their own. */
function takeOut(root: unknown, path: Path): void {
  let at: unknown = root;
  for (const step of path.slice(0, -1)) {
    at = (at as Record<string | number, unknown> | undefined)?.[step];
    if (at === undefined || at === null) return;
  }
  const last = path.at(-1);
  if (last !== undefined) (at as Record<string | number, unknown>)[last] = undefined;
}
