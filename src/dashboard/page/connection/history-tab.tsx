import { useQuery } from '@tanstack/react-query';
import { History } from 'lucide-react';
import type { JSX } from 'react';
import { dashboardPaths, type EventList } from '../../../api/dashboard-api.ts';
import type { Connection, RotationCause } from '../../../api/generated/connection.ts';
import { partWords } from '../../../insight/part-words.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Panel } from '../controls/panel.tsx';
import { Problem } from '../controls/problem.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { formatTime, Time } from '../controls/time.tsx';
import { callApi } from '../state/call-api.ts';

const causes: Readonly<Record<RotationCause, string>> = {
  Requested: 'somebody asked for it',
  Scheduled: 'by schedule',
  Revoked: 'revoked: the old value stopped at once',
  Reissued: 'the Secret was gone',
  Tampered: 'somebody edited the Secret',
};

/** What was rotated, when and why, and what the operator reported. */
export function HistoryTab({ connection }: { readonly connection: Connection }): JSX.Element {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Rotations connection={connection} />
      <Events connection={connection} />
    </div>
  );
}

function Rotations({ connection }: { readonly connection: Connection }): JSX.Element {
  const history = connection.status?.rotation?.history?.toReversed() ?? [];
  const next = connection.status?.rotation?.clientSecret?.nextRotation;
  return (
    <Panel
      title="Rotations"
      words={
        next === undefined
          ? 'The last 10, newest first. No schedule is set.'
          : `The last 10, newest first. Next by schedule: ${formatTime(next)}.`
      }
    >
      {history.length === 0 ? (
        <EmptyState icon={History} title="Never rotated">
          The values are those of the first issue.
        </EmptyState>
      ) : (
        <ol className="divide-y divide-base-300 text-sm">
          {history.map(({ part, version, time, cause }) => (
            <li key={`${part} ${version}`} className="flex flex-wrap items-baseline gap-x-3 py-2.5">
              <span className="font-medium first-letter:uppercase">{partWords[part]}</span>
              <span className="font-mono text-xs text-muted">{version}</span>
              <span className="ml-auto text-xs text-muted" title={formatTime(time)}>
                <Time at={time} />
              </span>
              <span className="basis-full text-muted">
                {cause}: {causes[cause]}
              </span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

function Events({ connection }: { readonly connection: Connection }): JSX.Element {
  const { namespace, name, resourceVersion } = connection.metadata;
  const events = useQuery({
    queryKey: ['events', namespace, name, resourceVersion],
    queryFn: () => callApi<EventList>('GET', dashboardPaths.events(namespace, name)),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
  });
  return (
    <Panel title="Events" words="What the operator reported. Kubernetes keeps them for about an hour.">
      {events.isPending ? (
        <Spinner words="Reading events" />
      ) : events.isError ? (
        <Problem error={events.error} retry={() => events.refetch()} />
      ) : events.data.events.length === 0 ? (
        <EmptyState icon={History} title="No events">
          Nothing happened lately.
        </EmptyState>
      ) : (
        <ol className="divide-y divide-base-300 text-sm">
          {events.data.events.map(({ type, reason, note, at, count }) => (
            <li key={`${reason} ${at} ${note}`} className="py-2.5">
              <p className="flex items-baseline gap-3">
                <span className={`font-medium ${type === 'Warning' ? 'text-warning' : ''}`}>{reason}</span>
                {count > 1 && <span className="text-xs text-muted">{count} times</span>}
                <span className="ml-auto text-xs text-muted" title={formatTime(at)}>
                  <Time at={at} />
                </span>
              </p>
              <p className="break-words text-muted">{note}</p>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
