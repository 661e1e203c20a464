import { Cable, FolderSearch, Plus, SearchX } from 'lucide-react';
import type { JSX } from 'react';
import { useDeferredValue, useMemo } from 'react';
import { Link } from 'wouter';
import { EmptyState } from '../controls/empty-state.tsx';
import { Notice } from '../controls/notice.tsx';
import { ScreenHead } from '../controls/screen-head.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { isLoading } from '../state/live-snapshot.ts';
import { useLive, usePage } from '../state/page-context.tsx';
import { ConnectionFilter } from './connection-filter.tsx';
import { ConnectionList } from './connection-list.tsx';
import { findRows } from './find-rows.ts';
import { NamespaceNaming } from './namespace-naming.tsx';
import { useFilter } from './use-filter.ts';
import { useRows } from './use-rows.ts';

/** All connections at a glance, grouped by flow type. */
export function ConnectionsScreen(): JSX.Element {
  const { isNamed, namespaces } = usePage();
  const [filter, change] = useFilter();
  const rows = useRows();
  const live = useLive();
  // Typing stays quick, whatever the list takes.
  const wanted = useDeferredValue(filter);
  const found = useMemo(() => findRows(rows, wanted), [rows, wanted]);
  const denied = live.sources.filter(({ kind, state }) => kind === 'connections' && state === 'denied');
  const isWaiting = isLoading(live, 'connections');

  return (
    <>
      <ScreenHead
        title="Connections"
        words="Every third party that calls the API: how it is, and whether somebody should look at it."
        action={
          <Link href="/create" className="btn btn-primary btn-sm">
            <Plus size={16} aria-hidden /> Create
          </Link>
        }
      />
      {isNamed && namespaces.length === 0 && denied.length > 0 ? (
        <div className="panel">
          <EmptyState icon={FolderSearch} title="Which namespaces?" action={<NamespaceNaming />}>
            Your user may not list namespaces, so name those that you work in. They are remembered in this browser.
          </EmptyState>
        </div>
      ) : (
        <>
          <ConnectionFilter filter={filter} change={change} found={found} />
          {denied.map(({ namespace = 'all namespaces', message }) => (
            <div key={namespace} className="mb-3">
              <Notice tone="warning">
                {namespace}: {message}
              </Notice>
            </div>
          ))}
          {found.lines.length > 0 && <ConnectionList lines={found.lines} />}
          {found.lines.length === 0 && isWaiting && <Spinner words="Reading connections" />}
          {found.lines.length === 0 && !isWaiting && rows.length > 0 && (
            <div className="panel">
              <EmptyState
                icon={SearchX}
                title="Nothing matches"
                action={
                  <button
                    type="button"
                    className="btn btn-sm"
                    onClick={() => change({ search: '', flow: 'all', namespace: '', attention: false })}
                  >
                    Show all {rows.length}
                  </button>
                }
              >
                Search goes through label, code, name, namespace, client id, username, and role:name or group:name.
              </EmptyState>
            </div>
          )}
          {rows.length === 0 && !isWaiting && denied.length === 0 && (
            <div className="panel">
              <EmptyState
                icon={Cable}
                title="No connection yet"
                action={
                  <Link href="/create" className="btn btn-primary btn-sm">
                    Create the first one
                  </Link>
                }
              >
                A connection gives one third party its own credentials, and shows what it does with them.
              </EmptyState>
            </div>
          )}
        </>
      )}
    </>
  );
}
