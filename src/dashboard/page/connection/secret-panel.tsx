import type { JSX } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { secretKeys } from '../../../api/names.ts';
import { CopyLine } from '../controls/copy-line.tsx';
import { Panel } from '../controls/panel.tsx';
import { secretOf } from './secret-of.ts';

/** How to read the Secret. This page cannot: neither it nor its server ever asks for one. */
export function SecretPanel({ connection }: { readonly connection: Connection }): JSX.Element {
  const { namespace, name } = connection.metadata;
  const secret = secretOf(connection);
  const own = Object.keys(connection.spec.secret?.data ?? {});
  return (
    <Panel
      title="The Secret"
      words={
        <>
          Client secret and password are in Secret <span className="font-mono text-xs">{secret}</span>, never on this
          page.
        </>
      }
    >
      <div className="text-sm text-muted">All four values, with the plugin:</div>
      <CopyLine text={`kubectl connection credentials ${name} -n ${namespace}`} />
      <div className="mt-3 text-sm text-muted">One of them, with kubectl alone:</div>
      <CopyLine text={buildCommand(namespace, secret, secretKeys.clientSecret)} />
      <CopyLine text={buildCommand(namespace, secret, secretKeys.password)} />
      {own.length > 0 && (
        <p className="mt-3 text-sm text-muted">
          Keys of your own in it: <span className="font-mono text-xs break-words">{own.join(', ')}</span>
        </p>
      )}
    </Panel>
  );
}

function buildCommand(namespace: string, secret: string, key: string): string {
  return `kubectl -n ${namespace} get secret ${secret} -o go-template='{{index .data "${key}" | base64decode}}{{"\\n"}}'`;
}
