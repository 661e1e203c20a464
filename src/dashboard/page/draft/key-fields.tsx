import { Plus, X } from 'lucide-react';
import type { JSX } from 'react';
import type { DraftKey } from './draft.ts';
import type { DraftProps } from './draft-form.tsx';

/** Keys that a connector wants in its Secret, each made of a template. */
export function KeyFields({ draft, change, errors }: DraftProps): JSX.Element {
  const { keys } = draft;
  const edit = (id: number, part: Partial<DraftKey>): void =>
    change({ keys: keys.map((one) => (one.id === id ? { ...one, ...part } : one)) });
  const own = [...errors].filter(([field]) => field.startsWith('spec.secret'));
  return (
    <div className="flex flex-col gap-3">
      <p className="text-xs text-muted">
        A key and a template, such as{' '}
        <code className="font-mono">{'https://{{clientId}}:{{clientSecret}}@pim.example.com'}</code>. Names: clientId,
        clientSecret, username, password, code, name, namespace.
      </p>
      {keys.map(({ id, key, template }) => (
        <div key={id} className="flex flex-wrap items-center gap-2 sm:flex-nowrap">
          <input
            className="input input-sm min-w-0 flex-1 font-mono sm:max-w-44"
            aria-label="Key"
            placeholder="AKENEO_DSN"
            value={key}
            spellCheck={false}
            onChange={(event) => edit(id, { key: event.target.value.trim() })}
          />
          <input
            className="input input-sm order-last w-full min-w-0 font-mono sm:order-none sm:flex-1"
            aria-label={`Template of ${key === '' ? 'the new key' : key}`}
            placeholder="{{clientId}}"
            value={template}
            spellCheck={false}
            onChange={(event) => edit(id, { template: event.target.value })}
          />
          <button
            type="button"
            className="btn btn-ghost btn-square btn-sm"
            aria-label={`Remove ${key === '' ? 'the new key' : key}`}
            onClick={() => change({ keys: keys.filter((one) => one.id !== id) })}
          >
            <X size={15} aria-hidden />
          </button>
        </div>
      ))}
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3">
        <button
          type="button"
          className="btn btn-sm"
          onClick={() =>
            change({ keys: [...keys, { id: Math.max(-1, ...keys.map(({ id }) => id)) + 1, key: '', template: '' }] })
          }
        >
          <Plus size={14} aria-hidden /> Add a key
        </button>
        <label className="flex items-center gap-2 text-sm">
          <input
            type="checkbox"
            className="checkbox checkbox-sm"
            checked={draft.htpasswd}
            onChange={(event) => change({ htpasswd: event.target.checked })}
          />
          Key <code className="font-mono text-xs">auth</code> for ingress basic authentication
        </label>
      </div>
      {own.map(([field, sentence]) => (
        <p key={field} className="text-xs break-words text-error">
          {field}: {sentence}
        </p>
      ))}
    </div>
  );
}
