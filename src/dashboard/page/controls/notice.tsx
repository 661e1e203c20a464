import { CircleAlert, CircleX, Info, TriangleAlert } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

export type NoticeTone = 'info' | 'warning' | 'error' | 'neutral';

const icons = { info: Info, warning: TriangleAlert, error: CircleX, neutral: CircleAlert } as const;

/** Written out, so that the style sheet has them. */
const colors: Readonly<Record<NoticeTone, string>> = {
  info: 'notice-info text-info',
  warning: 'notice-warning text-warning',
  error: 'notice-error text-error',
  neutral: 'notice-neutral text-muted',
};

interface NoticeProps {
  readonly tone: NoticeTone;
  readonly children: ReactNode;
  /** A button at its end. */
  readonly action?: ReactNode;
}

/** A sentence that should not be missed. Errors are read out at once. */
export function Notice({ tone, children, action }: NoticeProps): JSX.Element {
  const Icon = icons[tone];
  return (
    <div
      role={tone === 'error' ? 'alert' : 'note'}
      className={`flex items-start gap-2.5 rounded-box border px-3.5 py-2.5 text-sm ${colors[tone]}`}
    >
      <Icon size={16} aria-hidden className="mt-0.5 shrink-0" />
      <div className="min-w-0 flex-1 break-words text-base-content">{children}</div>
      {action}
    </div>
  );
}
