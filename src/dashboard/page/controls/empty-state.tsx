import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';

interface EmptyStateProps {
  readonly icon: LucideIcon;
  readonly title: string;
  /** What to do about it. */
  readonly children: ReactNode;
  readonly action?: ReactNode;
}

/** In place of a list that has nothing in it. */
export function EmptyState({ icon: Icon, title, children, action }: EmptyStateProps): JSX.Element {
  return (
    <div className="flex flex-col items-center gap-2 px-4 py-14 text-center">
      <span className="mb-1 grid size-11 place-items-center rounded-full bg-base-200 text-muted">
        <Icon size={20} aria-hidden />
      </span>
      <p className="font-medium">{title}</p>
      <div className="max-w-prose text-sm text-muted">{children}</div>
      {action !== undefined && <div className="mt-3">{action}</div>}
    </div>
  );
}
