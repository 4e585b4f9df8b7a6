// Confirmation book: what was said of a machine's orders, shift by shift, and where orders run otherwise than was known then.
// In: confirmations as they are said, spans in which runs moved. Out: fields to save, and from them the same book.
// Pure; changed in place by its machine's one owner. Bounded by the horizon: what is before `keptFrom` is let go.

import type { Confirmation } from './confirmation.ts';
import type { Span } from './time.ts';

/** Time in which orders run otherwise than was known, and who said so. */
export interface MovedRun extends Span {
  readonly by: string | null;
  readonly why: string | null;
}

export interface ConfirmationBook {
  /** shift start -> order -> what was said last */
  readonly said: Map<number, Map<string, Confirmation>>;
  /** what is over of it is looked at again at the next tick */
  moved: MovedRun[];
  /** shifts that changed since they were last saved */
  readonly unsaved: Set<number>;
  movedUnsaved: boolean;
}

/** A flood of late order changes between two ticks is remembered as so many spans, then as the one that holds them all. */
const MOVED_MAX = 256;
const MOVED_FIELD = 'moved';

export function newConfirmationBook(): ConfirmationBook {
  return { said: new Map(), moved: [], unsaved: new Set(), movedUnsaved: false };
}

/** Notes that orders of [from, to) run otherwise than was known. */
export function noteMoved(book: ConfirmationBook, span: MovedRun): void {
  if (span.from >= span.to) return;
  book.moved.push(span);
  book.movedUnsaved = true;
  if (book.moved.length <= MOVED_MAX) return;
  const from = Math.min(...book.moved.map(each => each.from));
  const to = Math.max(...book.moved.map(each => each.to));
  book.moved = [{ ...span, from, to }];
}

/** Takes the spans that wait to be looked at. */
export function takeMoved(book: ConfirmationBook): readonly MovedRun[] {
  const { moved } = book;
  if (moved.length === 0) return moved;
  book.moved = [];
  book.movedUnsaved = true;
  return moved;
}

export function remember(book: ConfirmationBook, said: Confirmation): void {
  const { start } = said.shift;
  const orders = book.said.get(start) ?? new Map<string, Confirmation>();
  orders.set(said.order, said);
  book.said.set(start, orders);
  book.unsaved.add(start);
}

/** What was said of the orders of a shift, in the order of their first instants. */
export function saidOf(book: ConfirmationBook, shiftStart: number): readonly Confirmation[] {
  return [...(book.said.get(shiftStart)?.values() ?? [])].sort(
    (a, b) => a.from - b.from || (a.order < b.order ? -1 : 1),
  );
}

/** Lets shifts go that no fact can change any more, for their own facts have been let go. */
export function forgetSaid(book: ConfirmationBook, keptFrom: number): void {
  for (const start of book.said.keys()) {
    if (start >= keptFrom) continue;
    book.said.delete(start);
    book.unsaved.add(start);
  }
}

/** Fields to set for what changed since the last call; an empty text deletes one. */
export function saveBook(fields: Map<string, string>, machine: string, book: ConfirmationBook): void {
  for (const start of book.unsaved) {
    const orders = book.said.get(start);
    fields.set(`k:${machine}|${start}`, orders === undefined ? '' : JSON.stringify([...orders.values()]));
  }
  if (book.movedUnsaved) {
    fields.set(`k:${machine}|${MOVED_FIELD}`, book.moved.length === 0 ? '' : JSON.stringify(book.moved));
  }
  book.unsaved.clear();
  book.movedUnsaved = false;
}

/** Every machine's book. */
export function loadBooks(fields: ReadonlyMap<string, string>): Map<string, ConfirmationBook> {
  const books = new Map<string, ConfirmationBook>();
  for (const [field, text] of fields) {
    if (!field.startsWith('k:') || text === '') continue;
    const bar = field.lastIndexOf('|');
    const machine = field.slice(2, bar);
    const book = books.get(machine) ?? newConfirmationBook();
    books.set(machine, book);
    if (field.slice(bar + 1) === MOVED_FIELD) book.moved = JSON.parse(text) as MovedRun[];
    else for (const said of JSON.parse(text) as Confirmation[]) remember(book, said);
    book.unsaved.clear();
  }
  return books;
}
