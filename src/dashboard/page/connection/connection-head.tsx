import type { JSX } from 'react';
import { useEffect } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { codeOf } from '../../../credentials/code.ts';
import { findGitOwner } from '../../../insight/find-git-owner.ts';
import { findWarnings } from '../../../insight/find-warnings.ts';
import { readHealth } from '../../../insight/read-health.ts';
import { Avatar } from '../controls/avatar.tsx';
import { FlowMark } from '../controls/flow-mark.tsx';
import { HealthBadge } from '../controls/health-badge.tsx';
import { Notice } from '../controls/notice.tsx';
import { useNow } from '../controls/use-now.ts';
import { isHint } from '../controls/warning-words.ts';
import { useReportedWarnings } from '../state/use-reports.ts';
import { ConnectionActions } from './connection-actions.tsx';

/** Name, health and actions of a connection, and everything that a person should know of it. */
export function ConnectionHead({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec } = connection;
  const now = useNow();
  const reported = useReportedWarnings().get(metadata.uid) ?? [];
  const health = readHealth(connection);
  const owner = findGitOwner(metadata);
  useEffect(() => {
    document.title = `${spec.label} · Connections`;
  }, [spec.label]);
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-4 gap-y-3">
        <Avatar connection={connection} size={56} isClickable />
        <div className="min-w-0 flex-1">
          <h1 className="truncate text-xl font-semibold tracking-tight">{spec.label}</h1>
          <p className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm text-muted">
            <span className="font-mono text-xs">{codeOf(connection)}</span>
            <span>{metadata.namespace}</span>
            <FlowMark flowType={spec.flowType} />
            <HealthBadge health={health} />
          </p>
        </div>
        <div className="flex w-full items-center gap-2 sm:w-auto">
          <ConnectionActions connection={connection} />
        </div>
      </div>
      <div className="mb-5 flex flex-col gap-2 empty:hidden">
        {health.state !== 'ready' && (
          <Notice tone={health.state === 'failed' ? 'error' : health.state === 'waiting' ? 'warning' : 'info'}>
            <span className="font-medium">{health.reason}:</span> {health.message}
          </Notice>
        )}
        {findWarnings(connection, reported, now).map(({ kind, sentence }) => (
          <Notice key={kind} tone={isHint(kind) ? 'neutral' : 'warning'}>
            {sentence}
          </Notice>
        ))}
        {owner !== undefined && (
          <Notice tone="info">{owner.sentence} Rotating and revoking here is fine: they stay.</Notice>
        )}
      </div>
    </>
  );
}
