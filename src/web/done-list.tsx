// Done list: what people changed in a shift, by whom and why, what each change did to the figures, and its undo.
// In: the explanation of the shift. Out: a list; one revocation per tap.
// Pure; acts through the work store.

import type { WireChange } from '../core/explanation.ts';
import { useRights } from './page-rights.ts';
import { useStore } from './page-store.ts';
import type { MachineAnswer } from './plant-answer.ts';
import { changeRows } from './saved-rows.ts';
import { hourMinute, percent } from './show-values.ts';
import { CATEGORY_TEXT, TEXT, WORK_TEXT } from './spoken-texts.ts';
import { TableDownload } from './table-download.tsx';
import { troubleOr } from './trouble-text.ts';

interface DoneListProps {
  readonly machine: MachineAnswer;
  readonly zone: string;
}

export function DoneList({ machine, zone }: DoneListProps) {
  const { work } = useStore();
  const explained = work.explained.value;
  if (explained === null) return <p class="muted">{troubleOr(work.trouble.value, WORK_TEXT.noShift)}</p>;
  const { changes, figures, asTold, more } = explained;
  return (
    <section class="done">
      {figures.oee !== asTold.oee && (
        <p class="now-counted">{WORK_TEXT.asTold(percent(asTold.oee), percent(figures.oee))}</p>
      )}
      {changes.length === 0 ? (
        <p class="muted">{WORK_TEXT.noChanges}</p>
      ) : (
        <p class="list-save">
          <TableDownload
            name={TEXT.changes}
            rows={() => changeRows(changes, change => changeText(change, machine, zone), zone)}
          />
        </p>
      )}
      <ol>
        {changes.map(change => (
          <DoneItem key={change.id} change={change} machine={machine} zone={zone} />
        ))}
      </ol>
      {more > 0 && <p class="muted">+{more}</p>}
    </section>
  );
}

interface DoneItemProps extends DoneListProps {
  readonly change: WireChange;
}

function DoneItem({ change, machine, zone }: DoneItemProps) {
  const { undone, without, by, why, id } = change;
  const text = changeText(change, machine, zone);
  return (
    <li class={undone === null ? '' : 'is-undone'} data-change={id}>
      <div class="change-words">
        <b>{text}</b>
        {by !== null && <p>{WORK_TEXT.said(by, why ?? '')}</p>}
        {undone !== null && (
          <p>
            {WORK_TEXT.undone(undone.by)}: {undone.why}
          </p>
        )}
        {without !== null && <p class="muted">{WORK_TEXT.without(percent(without.oee))}</p>}
      </div>
      {change.type !== 'cycle' && <UndoButton unit={machine.id} change={change} text={text} />}
    </li>
  );
}

interface UndoButtonProps {
  readonly unit: string;
  readonly change: Pick<WireChange, 'id' | 'undone' | 'at' | 'from'>;
  readonly text: string;
}

/** Takes a change back, or puts it back: that is a change, too, with a name and a reason. */
export function UndoButton({ unit, change, text }: UndoButtonProps) {
  const { work, alerts } = useStore();
  const may = useRights();
  if (!may('event.revoke')) return null;
  const isUndone = change.undone !== null;
  const words = isUndone
    ? { text: WORK_TEXT.redoing(text), why: WORK_TEXT.redoWhy }
    : { text: WORK_TEXT.undoing(text), why: WORK_TEXT.undoWhy };
  return (
    <button
      type="button"
      class="glove"
      aria-label={isUndone ? WORK_TEXT.redoOf(text) : WORK_TEXT.undoOf(text)}
      disabled={alerts.by.value === ''}
      onClick={() => void work.undo(unit, change, Date.parse(change.from ?? change.at), alerts.by.value, words)}
    >
      {isUndone ? WORK_TEXT.redo : WORK_TEXT.undo}
    </button>
  );
}

/** A change in one line. */
export function changeText(change: WireChange, machine: MachineAnswer | null, zone: string): string {
  const { type, from, to, category, reason, good, reject, rework, phase, order, product, at } = change;
  const time = (iso: string | null): string => (iso === null ? '' : hourMinute(Date.parse(iso), zone));
  if (type === 'reclassify') {
    const name = reason === null ? null : (machine?.reasons?.[reason]?.text ?? reason);
    const kind = CATEGORY_TEXT[category as keyof typeof CATEGORY_TEXT];
    return WORK_TEXT.gave(name === null ? kind : `${name} (${kind})`, time(from), time(to));
  }
  if (type === 'requalify') {
    const parts = [
      [good, TEXT.good],
      [reject, TEXT.reject],
      [rework, TEXT.rework],
    ] as const;
    const moved = parts.filter(([count]) => count !== 0);
    return `${moved.map(([count, word]) => `${count > 0 ? '+' : '−'}${Math.abs(count)} ${word}`).join(', ')}, ${time(at)}`;
  }
  if (type === 'order') {
    const words = phase === 'start' ? WORK_TEXT.started(order ?? '') : WORK_TEXT.ended(order ?? '');
    return `${words}, ${time(at)}`;
  }
  if (type === 'cycle') return `${WORK_TEXT.changeCycle(product ?? '')}, ${time(from)}`;
  const planned = WORK_TEXT.plannedKinds[category as keyof typeof WORK_TEXT.plannedKinds];
  return `${WORK_TEXT.changeShift(planned)}, ${time(from)} – ${time(to)}`;
}
