import type { JSX } from 'react';
import { Field } from '../controls/field.tsx';

interface LabelFieldProps {
  readonly value: string;
  readonly hint?: string;
  readonly error: string | undefined;
  readonly change: (label: string) => void;
}

/** What people call a connection. */
export function LabelField({ value, hint, error, change }: LabelFieldProps): JSX.Element {
  return (
    <Field label="Label" hint={hint} error={error}>
      {(field) => (
        <input
          {...field}
          className="input w-full"
          value={value}
          required
          minLength={3}
          maxLength={100}
          onChange={(event) => change(event.target.value)}
        />
      )}
    </Field>
  );
}
