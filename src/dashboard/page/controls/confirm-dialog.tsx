import type { JSX, ReactNode } from 'react';
import { useState } from 'react';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import { Notice } from './notice.tsx';

interface ConfirmDialogProps {
  readonly title: string;
  /** What happens, and what stops working when. */
  readonly children: ReactNode;
  /** What the button says, as in `Rotate the secret`. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** Has to be typed before the button works. Absent: nothing. */
  readonly typed?: string;
  /** Throws to stay open and say why. */
  readonly act: () => Promise<unknown>;
  readonly whenClosed: () => void;
}

/** Asks before something stops working. */
export function ConfirmDialog(props: ConfirmDialogProps): JSX.Element {
  const { title, children, verb, isDangerous = false, typed, act, whenClosed } = props;
  const [text, setText] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function run(): Promise<void> {
    setIsBusy(true);
    setFailure(undefined);
    try {
      await act();
      whenClosed();
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
      setIsBusy(false);
    }
  }
  return (
    <Dialog title={title} whenClosed={whenClosed}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void run();
        }}
      >
        <div className="mt-3 flex flex-col gap-3 text-sm">{children}</div>
        {typed !== undefined && (
          <div className="mt-4">
            <Field label={<>Type {<code className="font-mono">{typed}</code>} to confirm</>}>
              {(field) => (
                <input
                  {...field}
                  className="input w-full font-mono"
                  value={text}
                  autoComplete="off"
                  spellCheck={false}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
          </div>
        )}
        {failure !== undefined && (
          <div className="mt-4">
            <Notice tone="error">{failure}</Notice>
          </div>
        )}
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <button type="button" className="btn btn-sm" onClick={whenClosed}>
            Cancel
          </button>
          <button
            type="submit"
            className={`btn btn-sm ${isDangerous ? 'btn-error' : 'btn-primary'}`}
            disabled={isBusy || (typed !== undefined && text !== typed)}
          >
            {isBusy && <span className="loading loading-spinner loading-xs" aria-hidden />}
            {verb}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
