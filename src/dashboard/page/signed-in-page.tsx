import type { JSX } from 'react';
import { useEffect, useMemo } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { dashboardPaths, type Session } from '../../api/dashboard-api.ts';
import type { Connection } from '../../api/generated/connection.ts';
import { ConnectionScreen } from './connection/connection-screen.tsx';
import { buildRow } from './connections/build-row.ts';
import { ConnectionsScreen } from './connections/connections-screen.tsx';
import { CrashGuard } from './controls/crash-guard.tsx';
import { Problem } from './controls/problem.tsx';
import { Spinner } from './controls/spinner.tsx';
import { CreateScreen } from './create/create-screen.tsx';
import { FlowsScreen } from './flows/flows-screen.tsx';
import { PermissionsScreen } from './permissions/permissions-screen.tsx';
import { Shell } from './shell.tsx';
import { callApi } from './state/call-api.ts';
import { LiveStore } from './state/live-store.ts';
import { type PageContext, PageProvider } from './state/page-context.tsx';
import { useNamespaces } from './state/use-namespaces.ts';

interface SignedInPageProps {
  readonly session: Session;
  /** Signed out, or the session ended: then with a sentence. Stays the same function. */
  readonly whenLeft: (message?: string) => void;
  /** The session may have ended, or be another one. Stays the same function. */
  readonly whenDoubtful: () => void;
}

/** Kept for the list, which shows thousands of them at once. */
function prepareRow(connection: Connection): void {
  buildRow(connection, undefined, Date.now());
}

/** Opens the stream and shows the screen that the address names. */
export function SignedInPage({ session, whenLeft, whenDoubtful }: SignedInPageProps): JSX.Element {
  const live = useMemo(
    () => new LiveStore({ prepare: prepareRow, whenEnded: whenLeft, whenDoubtful }),
    [whenLeft, whenDoubtful],
  );
  const [path] = useLocation();
  const { namespaces, isNamed, name, failure, retry } = useNamespaces(session);
  const followed = isNamed ? namespaces?.join(',') : namespaces && '';
  useEffect(() => {
    if (followed === undefined) return undefined;
    // With none to name the stream has all that the viewer may list, or says that there is none; roles and groups always.
    live.follow(followed === '' ? [] : followed.split(','));
    return () => live.close();
  }, [live, followed]);

  if (failure !== undefined) return <Problem error={failure} retry={retry} isWholePage />;
  if (namespaces === undefined) return <Spinner words="Looking which namespaces there are" />;
  const page: PageContext = {
    session,
    live,
    namespaces,
    isNamed,
    nameNamespaces: name,
    signOut: () => void callApi('DELETE', dashboardPaths.session).finally(() => whenLeft()),
  };
  return (
    <PageProvider value={page}>
      <Shell>
        <CrashGuard key={path}>
          <Switch>
            <Route path="/" component={ConnectionsScreen} />
            <Route path="/connections/:namespace/:name/:tab?">
              {({ namespace, name: own, tab }) => (
                <ConnectionScreen
                  key={`${namespace}/${own}`}
                  namespace={namespace}
                  name={own}
                  tab={tab ?? 'overview'}
                />
              )}
            </Route>
            <Route path="/create" component={CreateScreen} />
            <Route path="/permissions/:kind?">
              {({ kind }) => <PermissionsScreen kind={kind === 'groups' ? 'groups' : 'roles'} />}
            </Route>
            <Route path="/flows" component={FlowsScreen} />
            <Route component={ConnectionsScreen} />
          </Switch>
        </CrashGuard>
      </Shell>
    </PageProvider>
  );
}
