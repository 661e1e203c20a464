import type { JSX } from 'react';
import { Field } from '../controls/field.tsx';
import { usePage } from '../state/page-context.tsx';
import type { NewNames } from './build-manifest.ts';

interface NameFieldsProps extends NewNames {
  readonly errors: ReadonlyMap<string, string>;
  readonly change: (part: Partial<NewNames>) => void;
}

/** Code, object name and namespace: none of them can be changed later. */
export function NameFields({ code, name, namespace, errors, change }: NameFieldsProps): JSX.Element {
  const { namespaces, isNamed } = usePage();
  const own = { className: 'input w-full font-mono text-xs', spellCheck: false, autoCapitalize: 'off' } as const;
  return (
    <div className="grid gap-5 sm:grid-cols-3">
      <Field label="Code" hint="In client id and username. For life." error={errors.get('spec.code')}>
        {(field) => (
          <input {...field} {...own} value={code} onChange={(event) => change({ code: event.target.value })} />
        )}
      </Field>
      <Field label="Name" hint="Of the Kubernetes object." error={errors.get('metadata.name')}>
        {(field) => (
          <input {...field} {...own} value={name} required onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
      <Field label="Namespace" hint="Where its Secret will be." error={errors.get('metadata.namespace')}>
        {(field) =>
          isNamed ? (
            <input
              {...field}
              {...own}
              value={namespace}
              required
              onChange={(event) => change({ namespace: event.target.value })}
            />
          ) : (
            <select
              {...field}
              className="select w-full"
              value={namespace}
              onChange={(event) => change({ namespace: event.target.value })}
            >
              {namespaces.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )
        }
      </Field>
    </div>
  );
}
