// Who wants: which receivers are told of an output, by what they asked for and by whom an alert was escalated to.
// In: the plant's receivers and alert rules. Out: ids of receivers per output.
// Pure.

import type { Alert } from '../../core/alert.ts';
import type { Plant } from '../../core/plant-model.ts';
import type { ReceiverModel, WebhookType } from '../../core/receiver.ts';
import type { Output } from '../../core/result.ts';

type Wanting = Pick<Plant, 'receivers' | 'alerts'>;

/** @returns which receivers hear of an output, in the plant's order */
export function whoWants({ receivers, alerts }: Wanting): (output: Output, type: WebhookType) => readonly string[] {
  const steps = new Map(alerts.map(({ id, escalation }) => [id, escalation.map(({ to }) => to)]));
  /** Whoever an alert was escalated to hears how it goes on. */
  const called = ({ rule, escalated }: Alert): readonly string[] => (steps.get(rule) ?? []).slice(0, escalated).flat();
  return (output, type) => {
    const byName = output.type === 'alert' ? namedIn(output, called(output)) : [];
    if (byName === null) return [];
    return receivers
      .filter(receiver => byName.includes(receiver.id) || (isForAll(output) && isWanted(receiver, output, type)))
      .map(({ id }) => id);
  };
}

/** @returns null: nobody is told */
function namedIn({ tell }: Alert, called: readonly string[]): readonly string[] | null {
  if (tell === 'none') return null;
  return tell === 'all' ? called : tell;
}

const isForAll = (output: Output): boolean => output.type !== 'alert' || output.tell === 'all';

function isWanted({ types, units, severities }: ReceiverModel, output: Output, type: WebhookType): boolean {
  if (!types.includes(type) || (units !== null && !units.includes(output.unit))) return false;
  return output.type !== 'alert' || severities.includes(output.severity);
}
