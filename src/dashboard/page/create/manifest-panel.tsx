import { CircleCheck, CircleDashed, CircleX } from 'lucide-react';
import type { JSX } from 'react';
import { CopyButton } from '../controls/copy-button.tsx';
import { Panel } from '../controls/panel.tsx';

interface ManifestPanelProps {
  readonly yaml: string;
  readonly name: string;
  /** What the cluster would say to it. */
  readonly state: 'incomplete' | 'checking' | 'accepted' | 'refused';
  readonly isBusy: boolean;
  readonly mayApply: boolean;
}

const states = {
  incomplete: { icon: CircleDashed, color: 'text-muted', words: 'Give it a label first' },
  checking: { icon: CircleDashed, color: 'text-muted', words: 'Asking the cluster' },
  accepted: { icon: CircleCheck, color: 'text-success', words: 'The cluster would accept this' },
  refused: { icon: CircleX, color: 'text-error', words: 'The cluster would refuse this' },
} as const;

/** What would be committed or applied. */
export function ManifestPanel({ yaml, name, state, isBusy, mayApply }: ManifestPanelProps): JSX.Element {
  const { icon: Icon, color, words } = states[state];
  return (
    <Panel
      title="Manifest"
      words={name === '' ? 'To commit, or to apply' : `To commit as ${name}.yaml, or to apply`}
      action={<CopyButton text={yaml} what="manifest" />}
    >
      <section
        // Whoever has no mouse scrolls it with the keyboard.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
        tabIndex={0}
        aria-label="Manifest as YAML"
        className="max-h-[50dvh] overflow-auto whitespace-pre rounded-field border border-base-300 bg-base-200 p-3.5 font-mono text-xs leading-relaxed"
      >
        {yaml}
      </section>
      <div className="mt-4 flex flex-wrap items-center justify-between gap-3">
        <span role="status" className={`inline-flex items-center gap-1.5 text-sm ${color}`}>
          <Icon size={15} aria-hidden /> {words}
        </span>
        <button type="submit" className="btn btn-primary btn-sm" disabled={!mayApply || isBusy}>
          {isBusy ? 'Creating' : 'Apply'}
        </button>
      </div>
    </Panel>
  );
}
