// Document check: whether messages are what a published document says, with nothing that it does not name.
// In: a document with components. Out: what is wrong with a message, by its key; nothing when it fits.
// Pure.

import { Ajv, type ValidateFunction } from 'ajv';

interface Document {
  readonly components: {
    readonly schemas: object;
    readonly messages: Readonly<Record<string, { readonly payload: object }>>;
  };
}

/** A published schema leaves room for fields to come; here nothing may come that is not named. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const isShape = 'properties' in parts && parts.type === 'object' && !('additionalProperties' in parts);
  return isShape ? { ...parts, additionalProperties: false } : parts;
}

/** @returns what the document's schema of a key has against a message */
export function documentCheck(document: object): (key: string, message: unknown) => string[] {
  const { components } = document as Document;
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'document', components: closed(components) as object });
  const known = new Map<string, ValidateFunction>();
  return (key, message) => {
    if (!(key in components.messages)) return [`${key}: no such message in the document`];
    const $ref = `document#/components/messages/${key}/payload`;
    const validate = known.get(key) ?? ajv.compile({ $ref });
    known.set(key, validate);
    if (validate(message)) return [];
    return (validate.errors ?? []).map(({ instancePath, message: why, params }) => {
      return `${key}${instancePath} ${why} ${JSON.stringify(params)}`;
    });
  };
}
