import { useMutation } from '@tanstack/react-query';
import { Cable } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';
import { dashboardPaths, type Session } from '../../../api/dashboard-api.ts';
import { CopyLine } from '../controls/copy-line.tsx';
import { Field } from '../controls/field.tsx';
import { Notice } from '../controls/notice.tsx';
import { ThemeSwitch } from '../controls/theme-switch.tsx';
import { callApi } from '../state/call-api.ts';
import { readCodeRefusal } from './enter-by-code.ts';

interface SignInProps {
  /** Why the last session ended. */
  readonly notice: string | undefined;
  readonly whenSignedIn: (session: Session) => void;
}

/** A token in, a session out. Whoever signs in sees and does what the token's user may see and do. */
export function SignIn({ notice, whenSignedIn }: SignInProps): JSX.Element {
  const [token, setToken] = useState('');
  const signIn = useMutation({
    mutationFn: () => callApi<Session>('POST', dashboardPaths.session, { token: token.trim() }),
    onSuccess: whenSignedIn,
  });
  const said = notice ?? readCodeRefusal();
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-lg flex-col justify-center px-4 py-10">
      <div className="mb-6 flex items-center gap-3">
        <span className="brand-mark">
          <Cable size={22} aria-hidden />
        </span>
        <h1 className="text-2xl font-semibold tracking-tight">Connections</h1>
        <div className="ml-auto">
          <ThemeSwitch />
        </div>
      </div>
      <form
        className="panel flex flex-col gap-5 p-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() !== '') signIn.mutate();
        }}
      >
        <div>
          <h2 className="text-lg font-semibold">Sign in with a token of your cluster</h2>
          <p className="mt-1 text-sm text-muted">
            You see and do here what your Kubernetes user may see and do, nothing else. The token stays in the memory of
            the dashboard, never in this browser, until it expires: 8 hours at most.
          </p>
        </div>
        {said !== undefined && <Notice tone="warning">{said}</Notice>}
        <Field label="Token" error={signIn.error?.message}>
          {(field) => (
            <textarea
              {...field}
              className="textarea h-24 w-full font-mono text-xs break-all"
              value={token}
              onChange={(event) => setToken(event.target.value)}
              autoComplete="off"
              spellCheck={false}
              required
            />
          )}
        </Field>
        <button type="submit" className="btn btn-primary" disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in' : 'Sign in'}
        </button>
        <div className="border-t border-base-300 pt-4 text-sm">
          <h3 className="font-medium">No token at hand?</h3>
          <p className="mt-1 text-muted">The plugin opens this page signed in, with your kubeconfig:</p>
          <CopyLine text="kubectl connection dashboard" />
          <p className="mt-3 text-muted">Or make one for a ServiceAccount that you may use, an hour long:</p>
          <CopyLine text="kubectl -n NAMESPACE create token SERVICE_ACCOUNT" />
        </div>
      </form>
    </main>
  );
}
