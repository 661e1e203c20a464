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
    <div className="mb-5">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h1 ref={heading} tabIndex={-1} className="text-xl font-semibold tracking-tight outline-none">
          {title}
        </h1>
        {action}
      </div>
      {words !== undefined && <p className="mt-0.5 max-w-4xl text-sm text-muted">{words}</p>}
    </div>
  );
}
