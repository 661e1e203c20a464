import { CircleCheckBig, Search, SearchX } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';
import type { ReportedError } from '../../../api/flow-report.ts';
import type { Connection } from '../../../api/generated/connection.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { Problem } from '../controls/problem.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { formatTime, Time } from '../controls/time.tsx';
import { SilentGateways } from '../flows/silent-gateways.tsx';
import { usePage } from '../state/page-context.tsx';
import { useErrors } from '../state/use-reports.ts';

/** The last 100 business errors over 7 days: what the PIM said about the data of this connection. */
export function ErrorsTab({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec } = connection;
  const { session } = usePage();
  const errors = useErrors(metadata.namespace, metadata.name);
  const why = findReason(connection, session.flows);
  return (
    <Panel
      title="Business errors"
      words="The last 100 over 7 days: what the PIM did not accept of the data, such as an unknown attribute."
    >
      {why !== undefined ? (
        <EmptyState icon={CircleCheckBig} title="Nothing is collected here">
          {why}
        </EmptyState>
      ) : errors.isPending ? (
        <Spinner words="Asking the gateways" />
      ) : errors.isError ? (
        <Problem error={errors.error} retry={() => errors.refetch()} />
      ) : (
        <>
          <SilentGateways silent={errors.data.silent} />
          <ErrorList errors={errors.data.errors} label={spec.label} />
        </>
      )}
    </Panel>
  );
}

function findReason({ spec }: Connection, hasGateway: boolean): string | undefined {
  if (!hasGateway) return 'This dashboard has no gateway to ask: start it with --gateway.';
  if (spec.flowType !== 'Source') return 'Errors are collected for connections of flow type Source, which put data in.';
  if (spec.tracked !== true) return 'Tracking is off: switch it on in Settings, and errors are collected from then on.';
  return undefined;
}

interface ErrorListProps {
  readonly errors: readonly ReportedError[];
  readonly label: string;
}

function textsOf(error: ReportedError): string {
  return [error.message, error.product, error.property, error.attribute, error.locale, error.channel, error.route]
    .join('\n')
    .toLowerCase();
}

function ErrorList({ errors, label }: ErrorListProps): JSX.Element {
  const [search, setSearch] = useState('');
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = errors.filter((error) => words.every((word) => textsOf(error).includes(word)));
  if (errors.length === 0) {
    return (
      <EmptyState icon={CircleCheckBig} title="No errors in the last 7 days">
        The PIM accepted all data that {label} sent.
      </EmptyState>
    );
  }
  return (
    <>
      <label className="input input-sm mb-3 w-full">
        <Search size={15} aria-hidden className="text-muted" />
        <span className="sr-only">Search errors</span>
        <input
          type="search"
          value={search}
          placeholder="Search message, product, attribute …"
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <p role="status" className="mb-1 text-xs text-muted">
        {found.length} of {errors.length}, newest first
      </p>
      {found.length === 0 && (
        <EmptyState icon={SearchX} title="Nothing matches">
          Search goes through message, product, attribute, locale, channel and route.
        </EmptyState>
      )}
      <ol className="divide-y divide-base-300">
        {found.map((error, index) => (
          // Two errors can be the same in every word.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is read anew as a whole
          <li key={`${error.at} ${index}`} className="py-3 text-sm">
            <p className="font-medium break-words">{error.message}</p>
            <p className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-muted">
              <span title={formatTime(error.at)}>
                <Time at={error.at} />
              </span>
              {(['product', 'attribute', 'property', 'locale', 'channel'] as const).map(
                (key) =>
                  error[key] !== undefined && (
                    <span key={key} className="break-all">
                      {key} <span className="font-mono text-base-content">{error[key]}</span>
                    </span>
                  ),
              )}
              <span className="font-mono break-all">{error.route}</span>
            </p>
          </li>
        ))}
      </ol>
      {errors.length >= 100 && <Notice tone="neutral">Only the newest 100 are kept.</Notice>}
    </>
  );
}
