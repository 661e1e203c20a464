import type { JSX, ReactNode } from 'react';
import { useId } from 'react';

interface PanelProps {
  readonly title: string;
  readonly words?: ReactNode;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a screen, with its title. */
export function Panel({ title, words, action, children }: PanelProps): JSX.Element {
  const id = useId();
  return (
    <section aria-labelledby={id} className="panel min-w-0">
      <div className="px-5 pt-4">
        <div className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2">
          <h2 id={id} className="min-w-0 text-base font-semibold break-words">
            {title}
          </h2>
          {action}
        </div>
        {words !== undefined && <p className="text-sm text-muted">{words}</p>}
      </div>
      <div className="px-5 pt-3 pb-5">{children}</div>
    </section>
  );
}
