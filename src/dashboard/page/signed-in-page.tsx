import type { JSX } from 'react';
import { useEffect, useMemo } from 'react';
import { Route, Switch, useLocation } from 'wouter';
import { dashboardPaths, type Session } from '../../api/dashboard-api.ts';
import { ConnectionScreen } from './connection/connection-screen.tsx';
import { ConnectionsScreen } from './connections/connections-screen.tsx';
import { CrashGuard } from './controls/crash-guard.tsx';
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
  /** Signed out, or the session ended: then with a sentence. */
  readonly whenLeft: (message?: string) => void;
}

/** Opens the stream and shows the screen that the address names. */
export function SignedInPage({ session, whenLeft }: SignedInPageProps): JSX.Element {
  const live = useMemo(() => new LiveStore(whenLeft), [whenLeft]);
  const [path] = useLocation();
  const { namespaces, isNamed, name } = useNamespaces(session);
  const followed = isNamed ? namespaces?.join(',') : namespaces && '';
  useEffect(() => {
    if (followed === undefined) return undefined;
    // With none to name the stream has all that the viewer may list, or says that there is none; roles and groups always.
    live.follow(followed === '' ? [] : followed.split(','));
    return () => live.close();
  }, [live, followed]);

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
