// Spoken alert: an alert with its sentences in the language of the page.
// In: an alert of the wire, the rules of GET /v1/plant. Out: the same alert in other words.
// Pure.

import { alertText } from '../core/alert-text.ts';
import type { WireAlert } from '../core/alert-to-wire.ts';
import { rephrased } from '../core/engine-phrase.ts';
import type { WirePlant } from '../core/wire-plant.ts';
import { ALERT_WORDS, PHRASE_TEXT } from './spoken-texts.ts';

/** What the engine wrote in a person's place, in our words; what a person wrote stays. */
export const ourWords = (text: string): string => rephrased(text, PHRASE_TEXT, ALERT_WORDS.decimal);

/**
 * The engine's sentence is made again of its parts, and only where that gives the very same one the parts are those that it was
 * made of; then they are said in our words. A rule that was changed or taken out since would tell of limits that were not judged by:
 * its older alerts keep the engine's own.
 */
export function spokenAlert(alert: WireAlert, plant: Pick<WirePlant, 'alerts'> | null): WireAlert {
  const rule = plant?.alerts.find(({ id }) => id === alert.rule);
  const isSame = rule !== undefined && alertText(rule, alert.members, alert) === alert.text;
  return {
    ...alert,
    text: isSame ? alertText(rule, alert.members, alert, ALERT_WORDS) : alert.text,
    why: alert.why === null ? null : ourWords(alert.why),
  };
}
