import type { JSX } from 'react';
import { CopyButton } from './copy-button.tsx';

interface CopyLineProps {
  readonly text: string;
  readonly what?: string;
}

/** A command, or an identifier, to take elsewhere. */
export function CopyLine({ text, what = 'command' }: CopyLineProps): JSX.Element {
  return (
    <div className="mt-1.5 flex items-center gap-1 rounded-field border border-base-300 bg-base-200 py-1 pr-1 pl-2.5">
      <code className="min-w-0 flex-1 py-0.5 font-mono text-xs leading-relaxed break-all">{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}
