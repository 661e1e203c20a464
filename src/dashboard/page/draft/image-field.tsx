import { ImageUp, X } from 'lucide-react';
import type { JSX } from 'react';
import { useRef, useState } from 'react';
import { Field } from '../controls/field.tsx';
import type { DraftProps } from './draft-form.tsx';
import { readImage } from './read-image.ts';

/** A picture by file, which becomes part of the Connection, or by address, which stays elsewhere. */
export function ImageField({ draft, change, errors }: DraftProps): JSX.Element {
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string>();
  const [note, setNote] = useState<string>();
  const isFile = draft.image.startsWith('data:');

  async function take(file: File | undefined): Promise<void> {
    if (file === undefined) return;
    const read = await readImage(file);
    setRefusal('refusal' in read ? read.refusal : undefined);
    setNote('image' in read ? read.note : undefined);
    if ('image' in read) change({ image: read.image });
  }
  const hint =
    note ??
    (isFile
      ? 'Kept in the Connection itself.'
      : 'A file (16 KiB, scaled when larger), or an https address. Empty: a monogram.');
  return (
    <Field label="Picture" hint={hint} error={refusal ?? errors.get('spec.image')}>
      {(field) => (
        <div className="flex items-center gap-2">
          {isFile && (
            <span className="avatar-box size-10 border border-base-300 bg-white">
              <img src={draft.image} alt="" />
            </span>
          )}
          <input
            {...field}
            className="input min-w-0 flex-1"
            value={isFile ? 'from a file' : draft.image}
            readOnly={isFile}
            placeholder="https://…"
            spellCheck={false}
            onChange={(event) => change({ image: event.target.value.trim() })}
          />
          <input
            ref={input}
            type="file"
            className="hidden"
            accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml"
            aria-label="Picture file"
            tabIndex={-1}
            onChange={(event) => {
              void take(event.target.files?.[0]);
              event.target.value = '';
            }}
          />
          <button
            type="button"
            className="btn btn-square"
            aria-label="Choose a picture file"
            title="Choose a file"
            onClick={() => input.current?.click()}
          >
            <ImageUp size={16} aria-hidden />
          </button>
          {draft.image !== '' && (
            <button
              type="button"
              className="btn btn-ghost btn-square"
              aria-label="Remove the picture"
              title="Remove"
              onClick={() => change({ image: '' })}
            >
              <X size={16} aria-hidden />
            </button>
          )}
        </div>
      )}
    </Field>
  );
}
