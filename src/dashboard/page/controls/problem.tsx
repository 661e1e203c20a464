import { CloudOff, RotateCw } from 'lucide-react';
import type { JSX } from 'react';
import { ApiFailure } from '../state/call-api.ts';

interface ProblemProps {
  readonly error: Error;
  /** Absent where trying again would change nothing. */
  readonly retry?: () => unknown;
  readonly isWholePage?: boolean;
}

/** In place of what could not be read: what it is and what to do. */
export function Problem({ error, retry, isWholePage = false }: ProblemProps): JSX.Element {
  const mayNot = error instanceof ApiFailure && error.reason === 'Forbidden';
  return (
    <div
      role="alert"
      className={`flex flex-col items-center justify-center gap-3 px-4 py-10 text-center ${isWholePage ? 'min-h-dvh' : ''}`}
    >
      <CloudOff size={28} aria-hidden className="text-muted" />
      <p className="font-medium">{mayNot ? 'You may not see this' : 'This could not be read'}</p>
      <p className="max-w-prose text-sm break-words text-muted">{error.message}</p>
      {retry !== undefined && !mayNot && (
        <button type="button" className="btn btn-sm" onClick={() => retry()}>
          <RotateCw size={14} aria-hidden /> Try again
        </button>
      )}
    </div>
  );
}
