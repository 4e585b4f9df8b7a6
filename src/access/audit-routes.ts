// Audit routes: who changed what, when and from where, youngest first.
// In: HTTP. Out: deeds with ISO times.
// Touches the book.

import type { FastifyInstance } from 'fastify';
import type { AccessBook, KeptDeed } from '../core/access.ts';
import { isoOf } from '../core/time.ts';

const COUNT_MAX = 1_000;
const COUNT_DEFAULT = 100;
const SCHEMA = {
  summary: 'Who changed what, when and from where; youngest first',
  description: 'status: what came of it; null: it ended in the middle, and nobody knows.',
  tags: ['sign-in'],
  querystring: {
    type: 'object',
    properties: {
      count: { type: 'integer', minimum: 1, maximum: COUNT_MAX, default: COUNT_DEFAULT },
      before: { type: 'string', pattern: '^\\d+-\\d+$', description: 'next of the page before' },
    },
  },
};
type Asked = { readonly Querystring: { readonly count: number; readonly before?: string } };

export async function auditRoutes(app: FastifyInstance, { book }: { readonly book: AccessBook }): Promise<void> {
  app.get<Asked>('/v1/audit', { schema: SCHEMA }, async ({ query: { count, before = null } }) => {
    const deeds = await book.deeds(count, before);
    return { deeds: deeds.map(deedToWire), next: deeds.length < count ? null : (deeds.at(-1)?.entry ?? null) };
  });
}

export const deedToWire = ({ entry, at, ...deed }: KeptDeed): object => ({ ...deed, at: isoOf(at), entry });
