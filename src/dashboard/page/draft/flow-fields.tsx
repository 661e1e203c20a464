import type { JSX } from 'react';
import { useId } from 'react';
import { flowTypes } from '../connections/find-rows.ts';
import { FlowMark, flowMeanings } from '../controls/flow-mark.tsx';
import { isTracked } from './draft.ts';
import type { DraftProps } from './draft-form.tsx';

/** Flow type, explained, and whether it is tracked. */
export function FlowFields({ draft, change, errors }: DraftProps): JSX.Element {
  const group = useId();
  const error = errors.get('spec.flowType') ?? errors.get('spec.tracked');
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1.5 text-sm font-medium">Flow type</legend>
      <div className="grid gap-2">
        {flowTypes.map((flowType) => (
          <label key={flowType} className="choice">
            <input
              type="radio"
              className="radio radio-primary radio-sm mt-0.5"
              name={group}
              checked={draft.flowType === flowType}
              onChange={() => change({ flowType })}
            />
            <span className="min-w-0">
              <span className="block text-sm font-medium">
                <FlowMark flowType={flowType} />
              </span>
              <span className="block text-xs text-muted">{flowMeanings[flowType].long}</span>
            </span>
          </label>
        ))}
      </div>
      <label className="mt-1 flex items-start gap-2.5 text-sm">
        <input
          type="checkbox"
          className="toggle toggle-primary toggle-sm mt-0.5"
          checked={isTracked(draft)}
          disabled={draft.flowType === 'Other'}
          onChange={(event) => change({ tracked: event.target.checked })}
        />
        <span>
          Track in Data flows
          <span className="block text-xs text-muted">
            {draft.flowType === 'Other'
              ? 'You can only track Source and Destination connections.'
              : 'Counts what it moves from now on. Off: counting stops at once, history stays.'}
          </span>
        </span>
      </label>
      {error !== undefined && <p className="text-xs text-error">{error}</p>}
    </fieldset>
  );
}
