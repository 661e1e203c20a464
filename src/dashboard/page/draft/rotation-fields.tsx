import type { JSX } from 'react';
import { Field } from '../controls/field.tsx';
import type { DraftProps } from './draft-form.tsx';

/** Schedule and overlap, as durations. */
export function RotationFields({ draft, change, errors }: DraftProps): JSX.Element {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field
        label="Rotate every"
        hint="A duration such as 720h, at least 1h. Empty: no schedule."
        error={errors.get('spec.rotation.interval') ?? errors.get('spec.rotation')}
      >
        {(field) => (
          <input
            {...field}
            className="input w-full"
            value={draft.interval}
            placeholder="no schedule"
            spellCheck={false}
            onChange={(event) => change({ interval: event.target.value.trim() })}
          />
        )}
      </Field>
      <Field
        label="Old values work on for"
        hint="A duration such as 15m, at most 720h. Empty: they stop at once. Mounted Secrets follow within two minutes."
        error={errors.get('spec.rotation.overlap')}
      >
        {(field) => (
          <input
            {...field}
            className="input w-full"
            value={draft.overlap}
            placeholder={draft.interval === '' ? '0s' : '15m'}
            spellCheck={false}
            onChange={(event) => change({ overlap: event.target.value.trim() })}
          />
        )}
      </Field>
    </div>
  );
}
