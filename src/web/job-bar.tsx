// Job bar: what was just told, honestly: sending, accepted, in the figures with the old number beside the new one; undo.
// In: the jobs of a machine. Out: a bar at the bottom that a screen reader speaks.
// Pure; acts through the work store.

import { UndoButton } from './done-list.tsx';
import { useStore } from './page-store.ts';
import { date, percent } from './show-values.ts';
import { STAGE_TEXT, WORK_TEXT } from './spoken-texts.ts';
import { troubleText } from './trouble-text.ts';
import type { Job } from './work-job.ts';

/** Older ones stand in the list of what was done. */
const SHOWN_MAX = 3;

interface JobBarProps {
  readonly unit: string;
  readonly zone: string;
}

export function JobBar({ unit, zone }: JobBarProps) {
  const jobs = useStore().work.jobs.value.filter(job => job.unit === unit);
  return (
    <section class="job-bar" role="status" aria-label={WORK_TEXT.jobs}>
      {jobs.slice(0, SHOWN_MAX).map(job => (
        <JobItem key={job.event.id} job={job} zone={zone} />
      ))}
    </section>
  );
}

function JobItem({ job, zone }: { readonly job: Job; readonly zone: string }) {
  const { work } = useStore();
  const { stage, text, trouble, event, target, stands } = job;
  const isDone = stage === 'accepted' || stage === 'restated';
  const known = work.explained.value?.changes.find(({ id }) => id === target);
  // while the figures do not show it yet, it can be taken back all the same
  const undone = known === undefined ? (stands ? null : { id: event.id, by: '', why: '', at: '' }) : known.undone;
  return (
    <article class={`job is-${stage}`} data-stage={stage}>
      <div class="change-words">
        <b>{text}</b>
        <p>
          {STAGE_TEXT[stage]}
          {trouble !== null && `: ${troubleText(trouble)}`}
          {stage === 'unsent' && ` ${WORK_TEXT.typedKept}`}
        </p>
        <Restated job={job} zone={zone} />
      </div>
      {stage === 'unsent' && (
        <button type="button" class="glove is-main" onClick={() => void work.again(job)}>
          {WORK_TEXT.again}
        </button>
      )}
      {isDone && (
        <UndoButton
          unit={job.unit}
          change={{ id: target, undone, at: new Date(job.at).toISOString(), from: null }}
          text={text}
        />
      )}
      {stage !== 'sending' && (
        <button
          type="button"
          class="glove"
          aria-label={`${WORK_TEXT.dismiss}: ${text}`}
          onClick={() => work.dismiss(job)}
        >
          ✕
        </button>
      )}
    </article>
  );
}

/** The number that was, beside the number that is. */
function Restated({ job, zone }: { readonly job: Job; readonly zone: string }) {
  const { before, after } = job;
  if (after === null) return null;
  const name = WORK_TEXT.figures(after.window.name ?? '');
  const day = date(Date.parse(after.window.start), zone);
  const isSame = before !== null && before.oee === after.oee && before.revision === after.revision;
  return (
    <p data-restated={after.revision}>
      {name}, {day}:{' '}
      {before === null || isSame
        ? WORK_TEXT.same(percent(after.oee))
        : WORK_TEXT.wasIs(percent(before.oee), before.revision, percent(after.oee), after.revision)}
    </p>
  );
}
