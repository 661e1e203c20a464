import { RefreshCw } from 'lucide-react';
import type { JSX } from 'react';
import { useState } from 'react';
import type { Connection } from '../../../api/generated/connection.ts';
import { type Part, parts } from '../../../api/names.ts';
import { findAccepted } from '../../../credentials/accepted-verifiers.ts';
import { findOutstanding, partsOf } from '../../../credentials/outstanding-requests.ts';
import { partWords } from '../../../insight/part-words.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { CopyButton } from '../controls/copy-button.tsx';
import { Panel } from '../controls/panel.tsx';
import { Sentences } from '../controls/sentences.tsx';
import { formatTime, Time } from '../controls/time.tsx';
import { useToast } from '../controls/toast.tsx';
import { useNow } from '../controls/use-now.ts';
import { useAccess } from '../state/use-access.ts';
import { type RotationRequest, requestRotation } from './change-connection.ts';
import { describeRotation } from './describe-effects.ts';

interface Rotation {
  readonly request: RotationRequest;
  readonly rotated: readonly Part[];
  readonly words: string;
}

const rotations: Readonly<Record<Part | 'both', Rotation>> = {
  clientSecret: { request: 'rotateClientSecret', rotated: ['clientSecret'], words: 'Rotate the client secret' },
  password: { request: 'rotatePassword', rotated: ['password'], words: 'Rotate the password' },
  both: { request: 'rotate', rotated: parts, words: 'Rotate both' },
};

/** Client id and username to copy; secret and password to rotate, never to see. */
export function CredentialsPanel({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, status } = connection;
  const [asked, setAsked] = useState<Rotation>();
  const now = useNow(10_000);
  const say = useToast();
  const [mayPatch] = useAccess([
    { verb: 'patch', resource: 'connections', namespace: metadata.namespace, name: metadata.name },
  ]);
  const isOff = mayPatch === false || status?.clientId === undefined;
  return (
    <Panel
      title="Credentials"
      words="The client id and username stay as long as the connection exists."
      action={
        <button type="button" className="btn btn-sm" disabled={isOff} onClick={() => setAsked(rotations.both)}>
          <RefreshCw size={14} aria-hidden /> Rotate both
        </button>
      }
    >
      <dl className="divide-y divide-base-300 text-sm">
        <Identifier name="Client id" value={status?.clientId} />
        <Identifier name="Username" value={status?.username} />
        {parts.map((part) => (
          <div key={part} className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-2.5 sm:flex-nowrap">
            <dt className="w-full shrink-0 text-muted first-letter:uppercase sm:w-28">{partWords[part]}</dt>
            <dd className="flex min-w-0 flex-1 items-center gap-3">
              <div className="min-w-0 flex-1">
                <ValueState connection={connection} part={part} now={now} />
              </div>
              <button
                type="button"
                className="btn btn-xs"
                aria-label={rotations[part].words}
                disabled={isOff}
                onClick={() => setAsked(rotations[part])}
              >
                <RefreshCw size={12} aria-hidden /> Rotate
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {asked !== undefined && (
        <ConfirmDialog
          title={`${asked.words}?`}
          verb={asked.rotated.length > 1 ? 'Rotate both' : 'Rotate'}
          act={async () => {
            await requestRotation(connection, asked.request);
            say('Asked for: the operator writes the new value');
          }}
          whenClosed={() => setAsked(undefined)}
        >
          <Sentences sentences={describeRotation(connection, asked.rotated, now, formatTime)} />
        </ConfirmDialog>
      )}
    </Panel>
  );
}

interface IdentifierProps {
  readonly name: string;
  readonly value: string | undefined;
}

function Identifier({ name, value }: IdentifierProps): JSX.Element {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 py-2.5 sm:flex-nowrap">
      <dt className="w-full shrink-0 text-muted sm:w-28">{name}</dt>
      <dd className="flex min-w-0 flex-1 items-center gap-3">
        <span className="min-w-0 flex-1 font-mono text-xs break-all">{value ?? 'not issued yet'}</span>
        {value !== undefined && <CopyButton text={value} what={name.toLowerCase()} />}
      </dd>
    </div>
  );
}

interface ValueStateProps {
  readonly connection: Connection;
  readonly part: Part;
  readonly now: number;
}

/** Which versions of a value are accepted and until when. The value itself is nowhere but in the Secret. */
function ValueState({ connection, part, now }: ValueStateProps): JSX.Element {
  const accepted = findAccepted(connection, now)[part];
  const newest = accepted.at(-1);
  const isAsked = findOutstanding(connection).some(({ annotation }) => partsOf(annotation).includes(part));
  if (isAsked) {
    return (
      <span className="inline-flex items-center gap-2 text-info">
        <span className="loading loading-spinner loading-xs" aria-hidden /> Rotation asked for
      </span>
    );
  }
  if (newest === undefined) return <span className="text-muted">nothing is accepted</span>;
  return (
    <>
      <span>
        in the Secret, from <Time at={newest.issued} />
      </span>
      {accepted.slice(0, -1).map(({ version, expires }) => (
        <span key={version} className="block text-xs text-warning">
          the one before works until {expires === undefined ? 'it is replaced' : formatTime(expires)}
        </span>
      ))}
    </>
  );
}
