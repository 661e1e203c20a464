import { CircleCheck, CirclePause, CircleX, Hourglass, Loader } from 'lucide-react';
import type { JSX } from 'react';
import type { Health, HealthState } from '../../../insight/read-health.ts';

const looks: Readonly<
  Record<HealthState, { readonly icon: typeof CircleCheck; readonly color: string; readonly words: string }>
> = {
  ready: { icon: CircleCheck, color: 'text-success', words: 'Ready' },
  waiting: { icon: Hourglass, color: 'text-warning', words: 'Waiting' },
  failed: { icon: CircleX, color: 'text-error', words: 'Needs you' },
  suspended: { icon: CirclePause, color: 'text-muted', words: 'Suspended' },
  pending: { icon: Loader, color: 'text-info', words: 'Pending' },
};

/** How a connection is, in a word; the reason with it where it is not the word itself. */
export function HealthBadge({ health }: { readonly health: Health }): JSX.Element {
  const { icon: Icon, color, words } = looks[health.state];
  const said = health.reason === 'Deleting' ? 'Deleting' : words;
  return (
    <span className={`inline-flex items-center gap-1.5 text-sm whitespace-nowrap ${color}`} title={health.message}>
      <Icon size={15} aria-hidden />
      {said}
    </span>
  );
}
