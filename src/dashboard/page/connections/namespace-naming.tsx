import { FolderPen } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';
import { Dialog } from '../controls/dialog.tsx';
import { Field } from '../controls/field.tsx';
import { parseNamespaces } from '../state/namespace-choice.ts';
import { usePage } from '../state/page-context.tsx';

/** For viewers who may not list namespaces: they say which ones they work in. */
export function NamespaceNaming(): JSX.Element {
  const { namespaces, nameNamespaces } = usePage();
  const [isOpen, setIsOpen] = useState(false);
  const [text, setText] = useState('');
  return (
    <>
      <button
        type="button"
        className="btn btn-sm"
        onClick={() => {
          setText(namespaces.join(' '));
          setIsOpen(true);
        }}
      >
        <FolderPen size={14} aria-hidden /> Name namespaces
      </button>
      {isOpen && (
        <Dialog title="Your namespaces" whenClosed={() => setIsOpen(false)}>
          <form
            className="mt-3 flex flex-col gap-4 text-left"
            onSubmit={(event) => {
              event.preventDefault();
              nameNamespaces(parseNamespaces(text));
              setIsOpen(false);
            }}
          >
            <Field label="Namespaces" hint="With blanks or commas between them. Remembered in this browser.">
              {(field) => (
                <input
                  {...field}
                  className="input w-full font-mono"
                  value={text}
                  autoCapitalize="off"
                  spellCheck={false}
                  onChange={(event) => setText(event.target.value)}
                />
              )}
            </Field>
            <div className="flex justify-end gap-2">
              <button type="button" className="btn btn-sm" onClick={() => setIsOpen(false)}>
                Cancel
              </button>
              <button type="submit" className="btn btn-primary btn-sm">
                Show these
              </button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}
