// Work view: an operator's page at one machine, for a finger in a glove: stops, scrap, orders, and what was done.
// In: the address names the machine. Out: a dialog over the page; Escape and the back button close it.
// Touches: the dialog's focus, the remembered name through a function handed in.

import { useEffect, useRef } from 'preact/hooks';
import { DoneList } from './done-list.tsx';
import { unitOf } from './found-unit.ts';
import { JobBar } from './job-bar.tsx';
import { StateBand } from './machine-card.tsx';
import { OrderForm } from './order-form.tsx';
import { type PageDeed, useRights } from './page-rights.ts';
import { useStore } from './page-store.ts';
import { type MachineAnswer, machinesOf } from './plant-answer.ts';
import { ScrapForm } from './scrap-form.tsx';
import { date, hourMinute } from './show-values.ts';
import { TAB_TEXT, WORK_TEXT } from './spoken-texts.ts';
import { StopDesk } from './stop-desk.tsx';
import { troubleOr } from './trouble-text.ts';
import { stopsIn, type WorkTab, workedUnit } from './work-store.ts';

const TABS: readonly WorkTab[] = ['stops', 'scrap', 'order', 'done'];
/** What a tab is for; what is only read is for everybody. */
const TAB_DEEDS: Partial<Record<WorkTab, PageDeed>> = { scrap: 'event.requalify', order: 'event.order' };

export function WorkView({ keepName }: { readonly keepName: (name: string) => void }) {
  const store = useStore();
  const dialog = useRef<HTMLDialogElement>(null);
  const plant = store.plant.value;
  const opened = store.opened.value ?? '';
  const id = workedUnit(opened);
  const machine = plant === null ? undefined : machinesOf(plant).find(each => each.id === id);
  const isOpen = machine !== undefined;

  useEffect(() => {
    if (isOpen && dialog.current?.open === false) dialog.current.showModal();
    if (!isOpen) dialog.current?.close();
  }, [isOpen]);

  const close = (): void => {
    if (isOpen) store.opened.value = null;
  };
  return (
    <dialog ref={dialog} class="work" aria-label={WORK_TEXT.title(machine?.name ?? '')} onClose={close}>
      {machine !== undefined && <WorkBody key={machine.id} machine={machine} keepName={keepName} close={close} />}
    </dialog>
  );
}

interface WorkBodyProps {
  readonly machine: MachineAnswer;
  readonly keepName: (name: string) => void;
  readonly close: () => void;
}

function WorkBody({ machine, keepName, close }: WorkBodyProps) {
  const store = useStore();
  const { work, alerts } = store;
  const plant = store.plant.value;
  const unit = plant === null ? null : unitOf(plant, machine.id);
  const zone = unit?.zone ?? 'UTC';
  useReading(machine.id);
  const needing = stopsIn(work.explained.value, store.now.value).filter(stop => stop.needsReason).length;
  const may = useRights();
  const tabs = TABS.filter(each => TAB_DEEDS[each] === undefined || may(TAB_DEEDS[each]));
  const tab = tabs.find(each => each === work.tab.value) ?? 'stops';
  return (
    <div class="work-body">
      <header class="work-head">
        <button type="button" class="glove" onClick={close}>
          ← {WORK_TEXT.back}
        </button>
        <div class="work-name">
          <p class="muted">{unit?.path}</p>
          <h2>{machine.name}</h2>
        </div>
        <StateBand state={store.stateOf(machine.id).value} knownTo={null} />
        {alerts.by.value !== '' && store.session.value?.user == null && (
          <button
            type="button"
            class="glove"
            onClick={() => {
              alerts.by.value = '';
            }}
          >
            {WORK_TEXT.changeName(alerts.by.value)}
          </button>
        )}
      </header>
      {store.link.value.mode === 'lost' && (
        <p class="work-offline" role="alert">
          {WORK_TEXT.offline}
        </p>
      )}
      {alerts.by.value === '' ? (
        <NameForm keepName={keepName} />
      ) : (
        <>
          <ShiftPicker zone={zone} />
          <Tabs tabs={tabs} needing={needing} />
          {tab === 'stops' && <StopDesk machine={machine} zone={zone} />}
          {tab === 'scrap' && <ScrapForm machine={machine} zone={zone} />}
          {tab === 'order' && <OrderForm machine={machine} />}
          {tab === 'done' && <DoneList machine={machine} zone={zone} />}
        </>
      )}
      <JobBar unit={machine.id} zone={zone} />
    </div>
  );
}

function Tabs({ tabs, needing }: { readonly tabs: readonly WorkTab[]; readonly needing: number }) {
  const { tab } = useStore().work;
  return (
    <nav class="work-tabs">
      {tabs.map(each => (
        <button
          key={each}
          type="button"
          class="glove"
          aria-current={tab.value === each ? 'page' : undefined}
          onClick={() => {
            tab.value = each;
          }}
        >
          {TAB_TEXT[each]}
          {each === 'stops' && needing > 0 && <b>{needing}</b>}
        </button>
      ))}
    </nav>
  );
}

/** Reads the shift when it is opened, and again when the machine's time takes a turn. */
function useReading(unit: string): void {
  const store = useStore();
  const turn = store.stretchesOf(unit).value.at(-1)?.from ?? 0;
  useEffect(() => void store.work.open(unit), [unit]);
  useEffect(() => void store.work.refresh(), [turn]);
}

function NameForm({ keepName }: { readonly keepName: (name: string) => void }) {
  const { alerts } = useStore();
  const name = useRef<HTMLInputElement>(null);
  useEffect(() => name.current?.focus(), []);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const by = (name.current?.value ?? '').trim();
    alerts.by.value = by;
    keepName(by);
  };
  return (
    <form class="work-who" onSubmit={submit}>
      <h3>{WORK_TEXT.who}</h3>
      <p class="muted">{WORK_TEXT.whoWhy}</p>
      <label>
        {WORK_TEXT.name}
        <input ref={name} class="glove" required maxLength={128} autocomplete="name" />
      </label>
      <button type="submit" class="glove is-main">
        {WORK_TEXT.begins}
      </button>
    </form>
  );
}

function ShiftPicker({ zone }: { readonly zone: string }) {
  const { work } = useStore();
  const shifts = work.shifts.value;
  const shift = work.shift.value;
  if (shift === null) return <p class="muted">{troubleOr(work.trouble.value, WORK_TEXT.noShift)}</p>;
  const at = shifts.indexOf(shift);
  const { name, start, end } = shift.window;
  const [from, to] = [Date.parse(start), Date.parse(end)];
  return (
    <div class="work-shift">
      <button type="button" class="glove" disabled={at <= 0} onClick={() => void work.goToShift(-1)}>
        ‹ {WORK_TEXT.earlier}
      </button>
      <p>
        <b>{WORK_TEXT.shift(name ?? '', date(from, zone), hourMinute(from, zone), hourMinute(to, zone))}</b>
        {shift.final && <small>{WORK_TEXT.closed}</small>}
      </p>
      <button type="button" class="glove" disabled={at >= shifts.length - 1} onClick={() => void work.goToShift(1)}>
        {WORK_TEXT.later} ›
      </button>
    </div>
  );
}
