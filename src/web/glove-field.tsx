// Glove field: inputs and choices that a finger in a work glove can hit.
// In: a label, a signal, choices. Out: what was entered, in the signal.
// Pure.

import type { Signal } from '@preact/signals';

interface GloveInputProps {
  readonly label: string;
  readonly value: Signal<string>;
  readonly lengthMax?: number;
  readonly isNumber?: boolean;
  readonly isRequired?: boolean;
}

export function GloveInput({ label, value, lengthMax = 300, isNumber = false, isRequired = false }: GloveInputProps) {
  return (
    <label>
      {label}
      <input
        class="glove"
        // a number is text with the keyboard of numbers: nothing that was typed is thrown away unseen
        inputMode={isNumber ? 'numeric' : 'text'}
        pattern={isNumber ? '[0-9]*' : undefined}
        maxLength={lengthMax}
        required={isRequired}
        autocomplete="off"
        value={value.value}
        onInput={event => {
          value.value = event.currentTarget.value;
        }}
      />
    </label>
  );
}

interface GloveChoicesProps<T extends string> {
  readonly label: string;
  readonly choices: readonly (readonly [T, string])[];
  readonly chosen: T | null;
  readonly choose: (choice: T) => void;
}

/** A few big buttons of which one is pressed. */
export function GloveChoices<T extends string>({ label, choices, chosen, choose }: GloveChoicesProps<T>) {
  return (
    <fieldset class="choices" aria-label={label}>
      {choices.map(([choice, name]) => (
        <button
          key={choice}
          type="button"
          class="glove"
          data-choice={choice}
          aria-pressed={chosen === choice}
          onClick={() => choose(choice)}
        >
          {name}
        </button>
      ))}
    </fieldset>
  );
}
