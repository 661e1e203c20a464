import type { JSX, ReactNode } from 'react';
import { useEffect, useRef } from 'react';

interface ScreenHeadProps {
  readonly title: string;
  /** What the screen is for. */
  readonly words?: ReactNode;
  readonly action?: ReactNode;
}

/** Title of a screen. It takes the focus when the screen opens, so that a screen reader says where one is. */
export function ScreenHead({ title, words, action }: ScreenHeadProps): JSX.Element {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = title === 'Connections' ? title : `${title} · Connections`;
    heading.current?.focus({ preventScroll: true });
  }, [title]);
  return (
    <div className="mb-5 flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1">
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
          {title}
        </h1>
        {words !== undefined && <p className="mt-0.5 max-w-3xl text-sm text-muted">{words}</p>}
      </div>
      {action}
    </div>
  );
}
