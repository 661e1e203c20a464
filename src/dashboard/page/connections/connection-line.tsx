import { Activity, Info, TriangleAlert } from 'lucide-react';
import type { JSX } from 'react';
import { memo } from 'react';
import { Link } from 'wouter';
import type { Warning } from '../../../insight/find-warnings.ts';
import { Avatar } from '../controls/avatar.tsx';
import { HealthBadge } from '../controls/health-badge.tsx';
import { isHint, warningWords } from '../controls/warning-words.ts';
import type { ConnectionRow } from './build-row.ts';

/** One connection of the list: a table row on a desk, two lines on a phone. */
export const ConnectionLine: React.NamedExoticComponent<{ readonly row: ConnectionRow }> = memo(
  function ConnectionLine({ row }: { readonly row: ConnectionRow }): JSX.Element {
    const { connection, code, health, warnings } = row;
    const { metadata, spec, status } = connection;
    const lastUsed = status?.lastUsedDate ?? 'Never used';
    return (
      <>
        <span role="cell" className="shrink-0">
          <Avatar connection={connection} size={32} />
        </span>
        <span role="cell" className="min-w-0 flex-1">
          <Link
            href={`/connections/${metadata.namespace}/${metadata.name}`}
            className="block truncate font-medium after:absolute after:inset-0 after:rounded-[inherit]"
          >
            {spec.label}
          </Link>
          <span className="block truncate text-xs text-muted">
            <span className="font-mono">{code}</span>
            <span aria-hidden> · </span>
            {metadata.namespace}
          </span>
        </span>
        <span role="cell" className="hidden w-28 shrink-0 items-center text-sm md:flex">
          {spec.tracked === true ? (
            <span className="inline-flex items-center gap-1.5">
              <Activity size={15} aria-hidden className="text-primary" /> Tracked
            </span>
          ) : (
            <span className="text-muted">{spec.flowType === 'Other' ? '–' : 'Not tracked'}</span>
          )}
        </span>
        <span role="cell" className="hidden w-32 shrink-0 text-sm text-muted md:block">
          {lastUsed}
        </span>
        <span role="cell" className="flex w-auto shrink-0 items-center justify-end gap-2 md:w-40 md:justify-start">
          {spec.tracked === true && (
            <Activity size={15} role="img" aria-label="Tracked" className="text-primary md:hidden" />
          )}
          <Warnings warnings={warnings} />
        </span>
        <span role="cell" className="flex w-auto shrink-0 flex-col items-end justify-center md:w-28 md:items-start">
          <HealthBadge health={health} />
          <span className="text-xs text-muted md:hidden">{lastUsed}</span>
        </span>
      </>
    );
  },
);

function Warnings({ warnings }: { readonly warnings: readonly Warning[] }): JSX.Element | undefined {
  const [first] = warnings;
  if (first === undefined) return undefined;
  const isOnlyHints = warnings.every(({ kind }) => isHint(kind));
  const sentences = warnings.map(({ sentence }) => sentence);
  return (
    <span
      className={`inline-flex items-center gap-1.5 text-sm ${isOnlyHints ? 'text-muted' : 'text-warning'}`}
      title={sentences.join('\n')}
    >
      {isOnlyHints ? <Info size={15} aria-hidden /> : <TriangleAlert size={15} aria-hidden />}
      <span className="hidden whitespace-nowrap md:inline">
        {warningWords[first.kind]}
        {warnings.length > 1 && ` +${warnings.length - 1}`}
      </span>
      <span className="sr-only">: {sentences.join(' ')}</span>
    </span>
  );
}
