// Webhook secrets: the values of the variables that the plant file names, so that no secret ever stands in a file.
// In: receivers, the environment. Out: secrets per receiver, or everything that is missing or wrong, at once.
// Pure: the environment is an argument.

import type { Environment } from './config.ts';
import type { ReceiverModel } from './core/receiver.ts';
import { secretTrouble } from './sinks/webhook/sign-message.ts';

export type WebhookSecrets = ReadonlyMap<string, readonly string[]>;

const REMEDY =
  'Set the variable to a secret that the receiver knows: whsec_ and at least 24 bytes in base64 (echo "whsec_$(openssl rand -base64 32)").';

/** @throws Error with code OEE_CONFIG and remedy, naming every variable that is missing or no secret; never its value */
export function readWebhookSecrets(receivers: readonly ReceiverModel[], environment: Environment): WebhookSecrets {
  const faults = receivers.flatMap(({ id, secrets }) =>
    secrets.flatMap(name => {
      const value = environment[name] ?? '';
      const trouble = value === '' ? 'is not set' : secretTrouble(value);
      return trouble === null ? [] : [`${name}, a secret of receiver ${id}, ${trouble}`];
    }),
  );
  if (faults.length > 0) throw Object.assign(new Error(faults.join('; ')), { code: 'OEE_CONFIG', remedy: REMEDY });
  return new Map(receivers.map(({ id, secrets }) => [id, secrets.map(name => environment[name] ?? '')]));
}
