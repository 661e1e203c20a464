import type { JSX } from 'react';
import type { Draft } from './draft.ts';
import { FlowFields } from './flow-fields.tsx';
import { ImageField } from './image-field.tsx';
import { KeyFields } from './key-fields.tsx';
import { ReferenceFields } from './reference-fields.tsx';
import { RotationFields } from './rotation-fields.tsx';

/** What every part of the form is given. */
export interface DraftProps {
  readonly draft: Draft;
  readonly change: (part: Partial<Draft>) => void;
  /** Sentences by field, as in `spec.label`. */
  readonly errors: ReadonlyMap<string, string>;
}

interface DraftFormProps extends DraftProps {
  /** For the rights on roles and groups. */
  readonly namespace: string;
}

/** The settings below the label, the same for a new connection and for one that exists. */
export function DraftForm({ namespace, ...props }: DraftFormProps): JSX.Element {
  const hasMore = props.draft.keys.length > 0 || props.draft.htpasswd;
  return (
    <>
      <FlowFields {...props} />
      <ReferenceFields {...props} namespace={namespace} />
      <RotationFields {...props} />
      <ImageField {...props} />
      <details className="rounded-field border border-base-300" open={hasMore}>
        <summary className="cursor-pointer px-3.5 py-2.5 text-sm font-medium">More keys in the Secret</summary>
        <div className="border-t border-base-300 p-3.5">
          <KeyFields {...props} />
        </div>
      </details>
    </>
  );
}
