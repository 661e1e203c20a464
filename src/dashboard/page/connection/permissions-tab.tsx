import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { defaultGroup, defaultRole } from '../../../api/names.ts';
import { describeGroup } from '../../../insight/describe-group.ts';
import { describeRole } from '../../../insight/describe-role.ts';
import { Notice } from '../controls/notice.tsx';
import { Panel } from '../controls/panel.tsx';
import { Sentences } from '../controls/sentences.tsx';
import { useLive } from '../state/page-context.tsx';

/** What the connection may call and see, in words. */
export function PermissionsTab({ connection }: { readonly connection: Connection }): JSX.Element {
  const { roles, groups, sources } = useLive();
  const role = connection.spec.roleRef?.name ?? defaultRole;
  const group = connection.spec.groupRef?.name ?? defaultGroup;
  const isHidden = (kind: 'roles' | 'groups'): boolean =>
    sources.some((source) => source.kind === kind && source.state === 'denied');
  const roleSpec = roles.get(role)?.spec;
  const groupSpec = groups.get(group)?.spec;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <Permission kind="roles" title="What it may call" name={role} isHidden={isHidden('roles')}>
        {roleSpec && describeRole(roleSpec)}
      </Permission>
      <Permission kind="groups" title="What it sees of the catalog" name={group} isHidden={isHidden('groups')}>
        {groupSpec && describeGroup(groupSpec)}
      </Permission>
    </div>
  );
}

interface PermissionProps {
  readonly kind: 'roles' | 'groups';
  readonly title: string;
  readonly name: string;
  readonly isHidden: boolean;
  /** `undefined`: it does not exist, or the viewer may not see it. */
  readonly children: readonly string[] | undefined;
}

function Permission({ kind, title, name, isHidden, children }: PermissionProps): JSX.Element {
  const noun = kind === 'roles' ? 'Role' : 'Group';
  return (
    <Panel
      title={title}
      words={
        <>
          {noun}{' '}
          <Link href={`/permissions/${kind}?q=${name}`} className="link font-mono text-xs">
            {name}
          </Link>
        </>
      }
    >
      {children === undefined ? (
        <Notice tone={isHidden ? 'neutral' : 'error'}>
          {isHidden
            ? `Your user may not read ${kind} (list on connection${kind}.connect.pim.dev): ask who grants rights in this cluster.`
            : `${noun} ${name} does not exist: every call is refused until it does, or until another one is chosen in Settings.`}
        </Notice>
      ) : (
        <div className="text-sm">
          <Sentences sentences={children} />
        </div>
      )}
    </Panel>
  );
}
