import { useMutation, useQuery } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useDeferredValue, useState } from 'react';
import { useLocation } from 'wouter';
import { dashboardPaths } from '../../../api/dashboard-api.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import { proposeCode } from '../../../insight/propose-code.ts';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { Refusals } from '../controls/refusals.tsx';
import { ScreenHead } from '../controls/screen-head.tsx';
import { useToast } from '../controls/toast.tsx';
import { useSettled } from '../controls/use-settled.ts';
import { type Draft, emptyDraft } from '../draft/draft.ts';
import { DraftForm } from '../draft/draft-form.tsx';
import { findFieldErrors, noErrors } from '../draft/find-field-errors.ts';
import { LabelField } from '../draft/label-field.tsx';
import { callApi } from '../state/call-api.ts';
import { usePage } from '../state/page-context.tsx';
import { useAccess } from '../state/use-access.ts';
import { buildManifest, formatManifest, type Manifest } from './build-manifest.ts';
import { ManifestPanel } from './manifest-panel.tsx';
import { NameFields } from './name-fields.tsx';
import { proposeName } from './propose-name.ts';

/** What was typed over what is proposed; absent: the proposal holds. */
interface Names {
  readonly code?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** A new connection: the manifest to commit, or to apply from here. What the cluster would refuse stands beside its field. */
export function CreateScreen(): JSX.Element {
  const { namespaces } = usePage();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [typed, setTyped] = useState<Names>({});
  const [, go] = useLocation();
  const say = useToast();
  const code = typed.code ?? proposeCode(draft.label);
  const name = typed.name ?? proposeName(code);
  const namespace = typed.namespace ?? namespaces.find((one) => one === 'connectors') ?? namespaces[0] ?? '';
  const manifest = buildManifest(draft, { name, namespace, code });
  const [mayCreate] = useAccess(namespace === '' ? [] : [{ verb: 'create', resource: 'connections', namespace }]);
  const isComplete = draft.label.trim().length > 0 && name !== '' && namespace !== '';
  const check = useDryRun(manifest, isComplete && mayCreate !== false);
  const apply = useMutation({
    mutationFn: () => callApi<Connection>('POST', dashboardPaths.connections(namespace), manifest),
    onSuccess: () => {
      say(`${draft.label.trim()} is created`);
      go(`/connections/${namespace}/${name}`);
    },
  });
  const failure = apply.error ?? check.error;
  const errors = failure === null ? noErrors : findFieldErrors(failure);
  const yaml = useDeferredValue(formatManifest(manifest));

  /** What an earlier try was refused for counts no more. */
  function changeDraft(part: Partial<Draft>): void {
    apply.reset();
    setDraft({ ...draft, ...part });
  }

  return (
    <>
      <ScreenHead
        title="Create a connection"
        words="One for each third party. Commit the manifest, or apply it from here."
      />
      <form
        className="grid items-start gap-5 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)]"
        onSubmit={(event) => {
          event.preventDefault();
          apply.mutate();
        }}
      >
        <Panel title="Settings">
          <div className="flex flex-col gap-6">
            <LabelField
              value={draft.label}
              hint="What people call it: Magento, ERP of the plant in Lyon."
              error={errors.fields.get('spec.label')}
              change={(label) => changeDraft({ label })}
            />
            <NameFields
              code={code}
              name={name}
              namespace={namespace}
              errors={errors.fields}
              change={(part) => {
                apply.reset();
                setTyped({ ...typed, ...part });
              }}
            />
            <DraftForm draft={draft} change={changeDraft} errors={errors.fields} namespace={namespace} />
          </div>
        </Panel>
        <div className="flex min-w-0 flex-col gap-4 lg:sticky lg:top-20">
          <Refusals sentences={errors.others} />
          {mayCreate === false && (
            <Notice tone="info">
              Your user may not create connections in {namespace}: commit the manifest instead.
            </Notice>
          )}
          <ManifestPanel
            yaml={yaml}
            name={name}
            state={
              !isComplete ? 'incomplete' : failure !== null ? 'refused' : check.isSuccess ? 'accepted' : 'checking'
            }
            isBusy={apply.isPending}
            mayApply={isComplete && mayCreate !== false}
          />
        </div>
      </form>
    </>
  );
}

/** What the API server says to it, without storing anything, once the viewer stops typing. */
function useDryRun(
  manifest: Manifest,
  isAskable: boolean,
): { readonly error: Error | null; readonly isSuccess: boolean } {
  const text = JSON.stringify(manifest);
  const settled = useSettled(text, 500);
  const isSettled = settled === text;
  const check = useQuery({
    queryKey: ['dry-run', settled],
    queryFn: () => {
      const asked = JSON.parse(settled) as Manifest;
      return callApi<Connection>('POST', `${dashboardPaths.connections(asked.metadata.namespace)}?dryRun=true`, asked);
    },
    enabled: isAskable && isSettled,
    retry: false,
    gcTime: 0,
  });
  return { error: isAskable && isSettled ? check.error : null, isSuccess: isSettled && check.isSuccess };
}
