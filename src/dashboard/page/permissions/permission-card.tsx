import type { JSX } from 'react';
import { Link } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { Panel } from '../controls/panel.tsx';
import { Sentences } from '../controls/sentences.tsx';

interface PermissionCardProps {
  readonly kind: 'roles' | 'groups';
  readonly name: string;
  readonly sentences: readonly string[];
  /** Those among the Connections that the viewer sees. */
  readonly users: readonly Connection[];
}

/** More are found in the list of connections. */
const most = 6;

/** One role or group: what it allows, and who uses it. */
export function PermissionCard({ kind, name, sentences, users }: PermissionCardProps): JSX.Element {
  const filter = `${kind === 'roles' ? 'role' : 'group'}:${name}`;
  return (
    <Panel title={name}>
      <div className="text-sm">
        <Sentences sentences={sentences} />
      </div>
      <div className="mt-4 border-t border-base-300 pt-3 text-sm">
        {users.length === 0 ? (
          <p className="text-muted">No connection that you see uses it.</p>
        ) : (
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <span className="text-muted">Used by {users.length}:</span>
            {users.slice(0, most).map(({ metadata, spec }) => (
              <Link
                key={metadata.uid}
                href={`/connections/${metadata.namespace}/${metadata.name}/permissions`}
                className="link text-primary"
              >
                {spec.label}
              </Link>
            ))}
            {users.length > most && (
              <Link href={`/?q=${encodeURIComponent(filter)}`} className="link text-primary">
                all {users.length}
              </Link>
            )}
          </p>
        )}
      </div>
    </Panel>
  );
}
