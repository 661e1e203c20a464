import { Search, SearchX, ShieldOff } from 'lucide-react';
import type { JSX } from 'react';
import { useMemo } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { defaultGroup, defaultRole } from '../../../api/names.ts';
import { describeGroup } from '../../../insight/describe-group.ts';
import { describeRole } from '../../../insight/describe-role.ts';
import { EmptyState } from '../controls/empty-state.tsx';
import { ScreenHead } from '../controls/screen-head.tsx';
import { Spinner } from '../controls/spinner.tsx';
import { isLoading } from '../state/live-snapshot.ts';
import { useLive } from '../state/page-context.tsx';
import { PermissionCard } from './permission-card.tsx';

interface PermissionsScreenProps {
  readonly kind: 'roles' | 'groups';
}

interface Permission {
  readonly name: string;
  readonly sentences: readonly string[];
}

const words = {
  roles: 'A role says which calls its connections may make. What nothing allows is refused.',
  groups: 'A group says which part of the catalog its connections see and edit.',
} as const;

/** Roles and groups: what each allows in words, and which connections use it. */
export function PermissionsScreen({ kind }: PermissionsScreenProps): JSX.Element {
  const live = useLive();
  const [parameters, setParameters] = useSearchParams();
  const search = parameters.get('q') ?? '';
  const all = useMemo(() => describeAll(live.roles, live.groups, kind), [live.roles, live.groups, kind]);
  const users = useMemo(() => findUsers(live.connections, kind), [live.connections, kind]);
  const needle = search.toLowerCase();
  const found = all.filter(({ name, sentences }) => `${name}\n${sentences.join('\n')}`.toLowerCase().includes(needle));
  const denied = live.sources.find((source) => source.kind === kind && source.state === 'denied');
  return (
    <>
      <ScreenHead title="Roles and groups" words={words[kind]} />
      <nav aria-label="Kind" className="tab-line mb-4">
        {(['roles', 'groups'] as const).map((one) => (
          <Link key={one} href={`/permissions/${one}`} aria-current={one === kind ? 'page' : undefined}>
            {one === 'roles' ? 'Roles' : 'Groups'}
            <span className="ml-1.5 text-xs text-muted tabular-nums">{live[one].size}</span>
          </Link>
        ))}
      </nav>
      {denied !== undefined ? (
        <div className="panel">
          <EmptyState icon={ShieldOff} title={`You may not list ${kind}`}>
            {denied.message}
          </EmptyState>
        </div>
      ) : isLoading(live, kind) && all.length === 0 ? (
        <Spinner words={`Reading ${kind}`} />
      ) : (
        <>
          <label className="input input-sm mb-4 w-full sm:max-w-sm">
            <Search size={15} aria-hidden className="text-muted" />
            <span className="sr-only">Search {kind}</span>
            <input
              type="search"
              value={search}
              placeholder={`Search ${kind}, permissions, codes …`}
              onChange={({ target }) =>
                setParameters(target.value === '' ? {} : { q: target.value }, { replace: true })
              }
            />
          </label>
          {found.length === 0 && (
            <div className="panel">
              <EmptyState icon={SearchX} title={all.length === 0 ? `There are no ${kind}` : 'Nothing matches'}>
                {all.length === 0
                  ? 'The operator makes the default ones when it starts. Others come from manifests: see the examples.'
                  : 'Search goes through names and through what is allowed.'}
              </EmptyState>
            </div>
          )}
          <ul className="grid items-start gap-4 lg:grid-cols-2">
            {found.map((permission) => (
              <li key={permission.name} className="min-w-0">
                <PermissionCard {...permission} kind={kind} users={users.get(permission.name) ?? []} />
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

type Live = ReturnType<typeof useLive>;

function describeAll(roles: Live['roles'], groups: Live['groups'], kind: 'roles' | 'groups'): readonly Permission[] {
  const described =
    kind === 'roles'
      ? [...roles].map(([name, { spec }]) => ({ name, sentences: describeRole(spec) }))
      : [...groups].map(([name, { spec }]) => ({ name, sentences: describeGroup(spec) }));
  return described.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function findUsers(
  connections: Live['connections'],
  kind: 'roles' | 'groups',
): ReadonlyMap<string, readonly Connection[]> {
  return Map.groupBy(connections.values(), ({ spec }) =>
    kind === 'roles' ? (spec.roleRef?.name ?? defaultRole) : (spec.groupRef?.name ?? defaultGroup),
  );
}
