import type { JSX } from 'react';
import { findTrouble } from '../state/live-snapshot.ts';
import { useLive } from '../state/page-context.tsx';

/** Whether what is shown is live, in the header of every screen. */
export function LiveSign(): JSX.Element {
  const live = useLive();
  const trouble = findTrouble(live);
  const [words, color] =
    trouble !== undefined
      ? [live.link === 'reconnecting' ? 'Reconnecting' : 'Trouble', 'status-warning']
      : live.link === 'open'
        ? ['Live', 'status-success']
        : ['Connecting', 'status-neutral'];
  return (
    <span
      role="status"
      className="mr-1 inline-flex items-center gap-2 text-xs text-muted"
      title={trouble ?? 'Changes appear by themselves'}
    >
      <span className={`status ${color}`} aria-hidden />
      {words}
      {trouble !== undefined && <span className="sr-only">: {trouble}</span>}
    </span>
  );
}
