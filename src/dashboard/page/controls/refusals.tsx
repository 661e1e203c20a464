import type { JSX } from 'react';
import { Notice } from './notice.tsx';

/** Why something was refused, where the refusal names no field. */
export function Refusals({ sentences }: { readonly sentences: readonly string[] }): JSX.Element {
  return (
    <>
      {sentences.map((sentence) => (
        <Notice key={sentence} tone="error">
          {sentence}
        </Notice>
      ))}
    </>
  );
}
