// Order form: which order runs, ended with one tap; another one started with its product.
// In: the machine, its live state, the plant's products. Out: the start or the end of an order, now.
// Pure; acts through the work store.

import { useSignal } from '@preact/signals';
import { GloveChoices, GloveInput } from './glove-field.tsx';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { WORK_TEXT } from './spoken-texts.ts';

const ORDER_MAX = 128;

export function OrderForm({ machine }: { readonly machine: MachineAnswer }) {
  const store = useStore();
  const { work } = store;
  const order = useSignal('');
  const quantity = useSignal('');
  const product = useSignal<string | null>(null);
  const state = store.stateOf(machine.id).value;
  const products = store.plant.value?.products ?? [];
  const running = state?.order ?? null;
  const nameOf = (id: string | null): string => products.find(each => each.id === id)?.name ?? id ?? '';
  const wanted = product.value ?? state?.product ?? machine.product;

  const end = (name: string): void => {
    const at = Math.floor(store.now.value);
    void work.tell({ type: 'order', machine: machine.id, at, phase: 'end', order: name }, at, WORK_TEXT.ended(name));
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const at = Math.floor(store.now.value);
    const name = order.value.trim();
    const start = startOf(machine.id, at, name, wanted, quantity.value);
    order.value = '';
    quantity.value = '';
    void work.tell(start, at, WORK_TEXT.started(name));
  };
  return (
    <form class="work-form" onSubmit={submit}>
      <p class="now-counted">
        {running === null ? WORK_TEXT.noOrder : WORK_TEXT.runs(running, nameOf(state?.product ?? null))}
      </p>
      {running !== null && (
        <button type="button" class="glove" onClick={() => end(running)}>
          {WORK_TEXT.end(running)}
        </button>
      )}
      <GloveInput label={WORK_TEXT.order} value={order} lengthMax={ORDER_MAX} isRequired />
      <GloveChoices
        label={WORK_TEXT.product}
        choices={products.map(({ id, name }) => [id, name])}
        chosen={wanted}
        choose={id => {
          product.value = id;
        }}
      />
      <GloveInput label={WORK_TEXT.quantity} value={quantity} isNumber />
      <button type="submit" class="glove is-main">
        {WORK_TEXT.start}
      </button>
    </form>
  );
}

function startOf(machine: string, at: number, order: string, product: string | null, quantity: string) {
  const many = Number(quantity);
  return {
    type: 'order' as const,
    machine,
    at,
    phase: 'start',
    order,
    ...(product === null ? {} : { product }),
    ...(quantity === '' || !Number.isInteger(many) ? {} : { quantity: many }),
  };
}
