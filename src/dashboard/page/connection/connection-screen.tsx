import { ChevronLeft, Unplug } from 'lucide-react';
import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { isLoading } from '../state/live-snapshot.ts';
import { useLive } from '../state/page-context.tsx';
import { ConnectionHead } from './connection-head.tsx';
import { ErrorsTab } from './errors-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import { PermissionsTab } from './permissions-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';

interface ConnectionScreenProps {
  readonly namespace: string;
  readonly name: string;
  readonly tab: string;
}

interface Tab {
  readonly name: string;
  readonly words: string;
  readonly content: (connection: Connection) => JSX.Element;
}

const overview: Tab = {
  name: 'overview',
  words: 'Overview',
  content: (connection) => <OverviewTab connection={connection} />,
};

const tabs: readonly Tab[] = [
  overview,
  { name: 'settings', words: 'Settings', content: (connection) => <SettingsTab connection={connection} /> },
  { name: 'permissions', words: 'Permissions', content: (connection) => <PermissionsTab connection={connection} /> },
  { name: 'errors', words: 'Errors', content: (connection) => <ErrorsTab connection={connection} /> },
  { name: 'history', words: 'History', content: (connection) => <HistoryTab connection={connection} /> },
];

/** One connection: what it is, what it may do, what it does, and everything that can be done with it. */
export function ConnectionScreen({ namespace, name, tab }: ConnectionScreenProps): JSX.Element {
  const live = useLive();
  const connection = live.connections.get(`${namespace}/${name}`);
  const back = (
    <Link href="/" className="mb-3 inline-flex items-center gap-1 text-sm text-muted hover:text-base-content">
      <ChevronLeft size={15} aria-hidden /> All connections
    </Link>
  );
  if (connection === undefined) {
    if (isLoading(live, 'connections')) return <Spinner words={`Reading ${name}`} />;
    return (
      <>
        {back}
        <div className="panel">
          <EmptyState icon={Unplug} title={`No connection ${name} in namespace ${namespace}`}>
            It was deleted, never was, or your user may not see it.
          </EmptyState>
        </div>
      </>
    );
  }
  const shown = tabs.find((one) => one.name === tab) ?? overview;
  return (
    <>
      {back}
      <ConnectionHead connection={connection} />
      <nav aria-label="Of this connection" className="tab-line mb-5">
        {tabs.map(({ name: own, words }) => (
          <Link
            key={own}
            href={`/connections/${namespace}/${name}${own === 'overview' ? '' : `/${own}`}`}
            aria-current={own === shown.name ? 'page' : undefined}
          >
            {words}
          </Link>
        ))}
      </nav>
      {shown.content(connection)}
    </>
  );
}
