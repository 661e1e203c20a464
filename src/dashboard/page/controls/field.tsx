import type { JSX, ReactNode } from 'react';
import { useId } from 'react';

/** What the control inside of a field carries, so that label, hint and error belong to it. */
export interface FieldProps {
  readonly id: string;
  readonly 'aria-describedby': string | undefined;
  readonly 'aria-invalid': boolean;
}

interface Props {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly children: (field: FieldProps) => ReactNode;
}

/** A label, its control, and below it what is wrong, else a hint. */
export function Field({ label, hint, error, children }: Props): JSX.Element {
  const id = useId();
  const said = error ?? hint;
  const noteId = said === undefined ? undefined : `${id}-note`;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({ id, 'aria-describedby': noteId, 'aria-invalid': error !== undefined })}
      {said !== undefined && (
        <p id={noteId} className={`text-xs break-words ${error === undefined ? 'text-muted' : 'text-error'}`}>
          {said}
        </p>
      )}
    </div>
  );
}
