import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { useCallback, useEffect, useState } from 'react';
import { dashboardPaths, type Session } from '../../api/dashboard-api.ts';
import { Problem } from './controls/problem.tsx';
import { Spinner } from './controls/spinner.tsx';
import { SignIn } from './sign-in/sign-in.tsx';
import { SignedInPage } from './signed-in-page.tsx';
import { callApi, rememberCsrf, whenSignedOut } from './state/call-api.ts';

/** The whole page: the sign-in, or the screens of whoever is signed in. */
export function App(): JSX.Element {
  const queries = useQueryClient();
  const [ended, setEnded] = useState<string>();
  const session = useQuery({
    queryKey: ['session'],
    queryFn: readSession,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

  function enter(entered: Session): void {
    rememberCsrf(entered.csrf);
    setEnded(undefined);
    queries.setQueryData(['session'], entered);
  }
  const leave = useCallback(
    (message?: string): void => {
      queries.clear();
      queries.setQueryData(['session'], null);
      setEnded(message);
    },
    [queries],
  );
  const { refetch } = session;
  /** The session may have ended, or a proxy may have opened another one: the server knows. */
  const check = useCallback(async (): Promise<void> => {
    const { data } = await refetch();
    if (data === null) leave('Your session ended. Sign in again.');
  }, [refetch, leave]);
  useEffect(() => whenSignedOut(() => void check()), [check]);

  if (session.isPending) return <Spinner words="Looking who is signed in" />;
  if (session.data === undefined) return <Problem error={session.error} retry={() => session.refetch()} isWholePage />;
  if (session.data === null) return <SignIn notice={ended} whenSignedIn={enter} />;
  return <SignedInPage session={session.data} whenLeft={leave} whenDoubtful={check} />;
}

/** `null`: nobody is signed in. */
async function readSession(): Promise<Session | null> {
  const session = await callApi<Session | null>('GET', dashboardPaths.session);
  if (session !== null) rememberCsrf(session.csrf);
  return session;
}
