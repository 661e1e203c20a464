import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { Panel } from '../controls/panel.tsx';
import { Time } from '../controls/time.tsx';
import { ConnectionFlows } from '../flows/connection-flows.tsx';
import { CredentialsPanel } from './credentials-panel.tsx';
import { SecretPanel } from './secret-panel.tsx';

/** Credentials and what flows: what most people come for. */
export function OverviewTab({ connection }: { readonly connection: Connection }): JSX.Element {
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-5">
        <CredentialsPanel connection={connection} />
        <SecretPanel connection={connection} />
      </div>
      <div className="flex min-w-0 flex-col gap-5">
        <ConnectionFlows connection={connection} />
        <Facts connection={connection} />
      </div>
    </div>
  );
}

function Facts({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec, status } = connection;
  const here = `/connections/${metadata.namespace}/${metadata.name}`;
  const rotation = spec.rotation;
  const facts = [
    ['Last used', status?.lastUsedDate === undefined ? 'never' : `${status.lastUsedDate} (UTC day)`],
    [
      'Last rotated',
      status?.rotation?.lastRotated === undefined ? 'never' : <Time key="t" at={status.rotation.lastRotated} />,
    ],
    ['Schedule', rotation?.interval === undefined ? 'none' : `every ${rotation.interval}`],
    ['Overlap', rotation?.overlap ?? '0s: old values stop at once'],
    ['Created', <Time key="c" at={metadata.creationTimestamp} />],
  ] as const;
  return (
    <Panel
      title="At a glance"
      action={
        <Link href={`${here}/settings`} className="link text-sm text-primary">
          Edit settings
        </Link>
      }
    >
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-6 gap-y-1.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-muted">{name}</dt>
            <dd className="break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
