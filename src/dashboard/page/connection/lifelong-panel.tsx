import type { JSX } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { codeOf } from '../../../credentials/code.ts';
import { Panel } from '../controls/panel.tsx';
import { secretOf } from './secret-of.ts';

/** What no setting changes, however long the connection lives. */
export function LifelongPanel({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec } = connection;
  const facts = [
    ['Code', codeOf(connection)],
    ['Name', metadata.name],
    ['Namespace', metadata.namespace],
    ['Secret', secretOf(connection)],
    ['Type of Secret', spec.secret?.type ?? 'Opaque'],
  ] as const;
  return (
    <Panel title="For life" words="Who wants another one makes another connection.">
      <dl className="flex flex-col gap-2.5 text-sm">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="font-mono text-xs break-all">{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
