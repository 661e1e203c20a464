import type { JSX } from 'react';
import { defaultGroup, defaultRole } from '../../../api/names.ts';
import { describeGroup } from '../../../insight/describe-group.ts';
import { describeRole } from '../../../insight/describe-role.ts';
import { Field } from '../controls/field.tsx';
import { Sentences } from '../controls/sentences.tsx';
import { useLive } from '../state/page-context.tsx';
import { useAccess } from '../state/use-access.ts';
import type { DraftProps } from './draft-form.tsx';

interface ReferenceFieldsProps extends DraftProps {
  readonly namespace: string;
}

/** Role and group, each with what it allows in words. */
export function ReferenceFields({ draft, change, errors, namespace }: ReferenceFieldsProps): JSX.Element {
  const { roles, groups } = useLive();
  const roleSpec = roles.get(draft.role)?.spec;
  const groupSpec = groups.get(draft.group)?.spec;
  const errorOf = (field: string): string | undefined => errors.get(`${field}.name`) ?? errors.get(field);
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Reference
        {...referenceKinds.role}
        value={draft.role}
        known={namesFor(roles, namespace)}
        error={errorOf('spec.roleRef')}
        sentences={roleSpec && describeRole(roleSpec)}
        whenChosen={(role) => change({ role })}
      />
      <Reference
        {...referenceKinds.group}
        value={draft.group}
        known={namesFor(groups, namespace)}
        error={errorOf('spec.groupRef')}
        sentences={groupSpec && describeGroup(groupSpec)}
        whenChosen={(group) => change({ group })}
      />
    </div>
  );
}

interface ReferenceKind {
  readonly label: string;
  readonly hint: string;
  readonly resource: 'connectionroles' | 'connectiongroups';
  /** What stands for a reference that is absent. */
  readonly usual: string;
}

const referenceKinds: Readonly<Record<'role' | 'group', ReferenceKind>> = {
  role: { label: 'Role', hint: 'Which calls it may make', resource: 'connectionroles', usual: defaultRole },
  group: {
    label: 'Group',
    hint: 'Which part of the catalog it sees',
    resource: 'connectiongroups',
    usual: defaultGroup,
  },
};

interface Permission {
  readonly spec: { readonly namespaces?: readonly string[] };
}

/** Those that this namespace may use. */
function namesFor(all: ReadonlyMap<string, Permission>, namespace: string): readonly string[] {
  return [...all]
    .filter(([, { spec }]) => namespace === '' || (spec.namespaces?.includes(namespace) ?? true))
    .map(([name]) => name)
    .sort();
}

interface ReferenceProps extends ReferenceKind {
  readonly value: string;
  readonly known: readonly string[];
  readonly error: string | undefined;
  readonly sentences: readonly string[] | undefined;
  readonly whenChosen: (name: string) => void;
}

function Reference(props: ReferenceProps): JSX.Element {
  const { label, hint, resource, value, usual, known, error, sentences, whenChosen } = props;
  const names = known.includes(value) || value === '' ? known : [value, ...known];
  const mayBind = useAccess(names.map((name) => ({ verb: 'bind', resource, name })));
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <Field label={label} hint={hint} error={error}>
        {(field) =>
          known.length === 0 ? (
            <input
              {...field}
              className="input w-full"
              value={value}
              onChange={(event) => whenChosen(event.target.value)}
            />
          ) : (
            <select
              {...field}
              className="select w-full"
              value={value}
              onChange={(event) => whenChosen(event.target.value)}
            >
              {names.map((name, index) => (
                <option key={name} value={name} disabled={mayBind[index] === false && name !== value}>
                  {name}
                  {name === usual ? ' (default)' : ''}
                  {mayBind[index] === false ? ' – you may not bind it' : ''}
                </option>
              ))}
            </select>
          )
        }
      </Field>
      {sentences !== undefined && (
        <details className="text-xs text-muted">
          <summary className="cursor-pointer">What {value} allows</summary>
          <div className="mt-1.5">
            <Sentences sentences={sentences} />
          </div>
        </details>
      )}
    </div>
  );
}
