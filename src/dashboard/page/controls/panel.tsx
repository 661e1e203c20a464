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
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2 px-5 pt-4">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="text-base font-semibold">
            {title}
          </h2>
          {words !== undefined && <p className="text-sm text-muted">{words}</p>}
        </div>
        {action}
      </div>
      <div className="px-5 pt-3 pb-5">{children}</div>
    </section>
  );
}
