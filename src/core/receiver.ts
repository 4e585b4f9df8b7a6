// Receiver: who is told by webhook, of what, and how far an address may be trusted.
// In: made by plant/ from the plant file. Out: what the webhook sink sends, and where.
// Pure; plain JSON.

import type { AlertSeverity } from './alert-rule.ts';

/** What a message is about; `test` is sent by hand only. */
export const WEBHOOK_TYPES = [
  'alert.raised',
  'alert.updated',
  'alert.escalated',
  'alert.resolved',
  'alert.withdrawn',
  'report.shift',
  'report.shift.restated',
  'confirmation',
  'confirmation.restated',
  'test',
] as const;
export type WebhookType = (typeof WEBHOOK_TYPES)[number];

export interface ReceiverModel {
  readonly id: string;
  readonly url: string;
  /** names of environment variables that hold its secrets; several while one is being replaced: each of them signs */
  readonly secrets: readonly string[];
  /** empty: only alerts that are escalated to it by name */
  readonly types: readonly WebhookType[];
  /** ids with all that lie below them; null: all units, and the engine itself */
  readonly units: readonly string[] | null;
  /** of alerts */
  readonly severities: readonly AlertSeverity[];
  /** plain http is allowed */
  readonly plain: boolean;
  /** networks (CIDR) that are not public and may be called all the same */
  readonly networks: readonly string[];
}
