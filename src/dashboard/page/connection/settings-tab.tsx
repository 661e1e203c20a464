import { useMutation } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useState } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { findGitOwner } from '../../../insight/find-git-owner.ts';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { Refusals } from '../controls/refusals.tsx';
import { useToast } from '../controls/toast.tsx';
import { buildSpecPatch, mergeDrafts, readDraft } from '../draft/draft.ts';
import { DraftForm } from '../draft/draft-form.tsx';
import { findFieldErrors, noErrors } from '../draft/find-field-errors.ts';
import { LabelField } from '../draft/label-field.tsx';
import { ApiFailure } from '../state/call-api.ts';
import { useAccess } from '../state/use-access.ts';
import { patchConnection } from './change-connection.ts';
import { LifelongPanel } from './lifelong-panel.tsx';

/**
 * Settings as a form. It keeps what it began with: when somebody else changes the settings meanwhile, it says so and
 * sends nothing until the viewer has chosen. What only the status changed, such as a rotation, is no conflict.
 */
export function SettingsTab({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata } = connection;
  const [base, setBase] = useState(connection);
  const [draft, setDraft] = useState(() => readDraft(connection));
  const say = useToast();
  const owner = findGitOwner(metadata);
  const [mayPatch] = useAccess([
    { verb: 'patch', resource: 'connections', namespace: metadata.namespace, name: metadata.name },
  ]);
  const patch = buildSpecPatch(readDraft(base), draft);
  const isChanged = Object.keys(patch).length > 0;
  const isNewer = metadata.uid !== base.metadata.uid || metadata.generation > base.metadata.generation;

  const save = useMutation({
    mutationFn: () =>
      patchConnection(connection, { metadata: { resourceVersion: connection.metadata.resourceVersion }, spec: patch }),
    onSuccess: (saved) => {
      begin(saved);
      say('Saved');
    },
  });
  function begin(from: Connection): void {
    setBase(from);
    setDraft(readDraft(from));
  }
  function keepMine(): void {
    setDraft(mergeDrafts(readDraft(base), draft, readDraft(connection)));
    setBase(connection);
  }
  // Nobody is editing: show what is there now.
  if (!isChanged && isNewer) begin(connection);
  // The stream may tell of our own change before the answer to it comes.
  const isConflict = isChanged && isNewer && !save.isPending;

  const isRefusedAsOld = save.error instanceof ApiFailure && save.error.reason === 'Conflict';
  const errors = save.error === null || isRefusedAsOld ? noErrors : findFieldErrors(save.error);
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <form
        className="flex min-w-0 flex-col gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        {owner !== undefined && <Notice tone="warning">{owner.sentence}</Notice>}
        {mayPatch === false && <Notice tone="info">Your user may look at these settings, but not change them.</Notice>}
        {isConflict && (
          <Notice
            tone="warning"
            action={
              <span className="flex flex-wrap gap-2">
                <button type="button" className="btn btn-xs" onClick={() => begin(connection)}>
                  Take theirs
                </button>
                <button type="button" className="btn btn-xs" onClick={keepMine}>
                  Keep mine
                </button>
              </span>
            }
          >
            Somebody else changed these settings since you began. Take theirs, or keep yours and look at the difference
            before you save.
          </Notice>
        )}
        {isRefusedAsOld && !isConflict && (
          <Notice tone="warning">It changed in this very moment: nothing was saved. Save again.</Notice>
        )}
        <Refusals sentences={errors.others} />
        <Panel
          title="Settings"
          words="In force with the next call. No token dies by them, but role and group count at once."
        >
          <fieldset className="flex flex-col gap-6" disabled={mayPatch === false}>
            <LabelField
              value={draft.label}
              error={errors.fields.get('spec.label')}
              change={(label) => setDraft({ ...draft, label })}
            />
            <DraftForm
              draft={draft}
              change={(part) => setDraft({ ...draft, ...part })}
              errors={errors.fields}
              namespace={metadata.namespace}
            />
          </fieldset>
        </Panel>
        <div className="sticky bottom-16 z-10 flex items-center justify-end gap-2 rounded-box border border-base-300 bg-base-100 px-4 py-3 shadow-lg md:bottom-4">
          <span role="status" className="mr-auto text-sm text-muted">
            {isChanged ? `Changed: ${Object.keys(patch).join(', ')}` : 'No changes'}
          </span>
          <button
            type="button"
            className="btn btn-ghost btn-sm"
            disabled={!isChanged}
            onClick={() => begin(connection)}
          >
            Discard
          </button>
          <button
            type="submit"
            className="btn btn-primary btn-sm"
            disabled={!isChanged || isConflict || save.isPending || mayPatch === false}
          >
            {save.isPending ? 'Saving' : 'Save'}
          </button>
        </div>
      </form>
      <LifelongPanel connection={connection} />
    </div>
  );
}
