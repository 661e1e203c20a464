import type { JSX } from 'react';

/** Something is on its way; the words say what. Stands in the middle of what it waits for. */
export function Spinner({ words }: { readonly words: string }): JSX.Element {
  return (
    <div role="status" className="flex min-h-64 flex-col items-center justify-center gap-3 text-sm text-muted">
      <span className="loading loading-spinner loading-md" aria-hidden />
      {words}…
    </div>
  );
}
