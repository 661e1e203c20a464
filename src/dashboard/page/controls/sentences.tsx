import type { JSX } from 'react';

/** Sentences that belong together, one below the other. */
export function Sentences({ sentences }: { readonly sentences: readonly string[] }): JSX.Element {
  return (
    <ul className="flex list-disc flex-col gap-1.5 pl-4.5 marker:text-muted">
      {sentences.map((sentence) => (
        <li key={sentence} className="break-words">
          {sentence}
        </li>
      ))}
    </ul>
  );
}
