import { Ellipsis, Pause, Play, Trash2, ZapOff } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Connection } from '../../../api/generated/connection.ts';
import { ConfirmDialog } from '../controls/confirm-dialog.tsx';
import { Menu } from '../controls/menu.tsx';
import { Sentences } from '../controls/sentences.tsx';
import { useToast } from '../controls/toast.tsx';
import { useAccess } from '../state/use-access.ts';
import { deleteConnection, requestRotation, setSuspended } from './change-connection.ts';
import { describeDeletion, describeResumption, describeRevoke, describeSuspension } from './describe-effects.ts';

type Action = 'suspend' | 'resume' | 'revoke' | 'delete';

/** What changes a whole connection. Rotations stand beside the values that they rotate. */
export function ConnectionActions({ connection }: { readonly connection: Connection }): JSX.Element {
  const { metadata, spec } = connection;
  const [asked, setAsked] = useState<Action>();
  const [mayPatch, mayDelete] = useAccess([
    { verb: 'patch', resource: 'connections', namespace: metadata.namespace, name: metadata.name },
    { verb: 'delete', resource: 'connections', namespace: metadata.namespace, name: metadata.name },
  ]);
  const suspension = spec.suspend === true ? 'resume' : 'suspend';

  return (
    <>
      <button type="button" className="btn btn-sm" disabled={mayPatch === false} onClick={() => setAsked(suspension)}>
        {suspension === 'resume' ? <Play size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
        {suspension === 'resume' ? 'Resume' : 'Suspend'}
      </button>
      <Menu label="More actions" sign={<Ellipsis size={16} aria-hidden />}>
        <ul className="dropdown-content menu panel z-20 mt-1 w-60 p-1.5 shadow-lg">
          <MenuLine isOff={mayPatch === false} act={() => setAsked('revoke')}>
            <ZapOff size={15} aria-hidden /> Revoke all values
          </MenuLine>
          <MenuLine isOff={mayDelete === false} act={() => setAsked('delete')}>
            <Trash2 size={15} aria-hidden className="text-error" /> Delete connection
          </MenuLine>
        </ul>
      </Menu>
      {asked !== undefined && (
        <ActionDialog action={asked} connection={connection} whenClosed={() => setAsked(undefined)} />
      )}
    </>
  );
}

interface MenuLineProps {
  readonly isOff: boolean;
  readonly act: () => void;
  readonly children: ReactNode;
}

function MenuLine({ isOff, act, children }: MenuLineProps): JSX.Element {
  return (
    <li className={isOff ? 'menu-disabled' : ''}>
      <button type="button" disabled={isOff} onClick={act} title={isOff ? 'Your user may not do this' : undefined}>
        {children}
      </button>
    </li>
  );
}

interface ActionDialogProps {
  readonly action: Action;
  readonly connection: Connection;
  readonly whenClosed: () => void;
}

function ActionDialog({ action, connection, whenClosed }: ActionDialogProps): JSX.Element {
  const say = useToast();
  const [, go] = useLocation();
  const { label } = connection.spec;
  switch (action) {
    case 'suspend':
    case 'resume': {
      const suspend = action === 'suspend';
      return (
        <ConfirmDialog
          title={suspend ? `Suspend ${label}?` : `Resume ${label}?`}
          verb={suspend ? 'Suspend' : 'Resume'}
          act={async () => {
            await setSuspended(connection, suspend);
            say(suspend ? `${label} is suspended` : `${label} is resumed`);
          }}
          whenClosed={whenClosed}
        >
          <Sentences sentences={suspend ? describeSuspension() : describeResumption()} />
        </ConfirmDialog>
      );
    }
    case 'revoke':
      return (
        <ConfirmDialog
          title={`Revoke all values of ${label}?`}
          verb="Revoke"
          isDangerous
          typed={connection.metadata.name}
          act={async () => {
            await requestRotation(connection, 'revoke');
            say(`The values of ${label} are revoked`);
          }}
          whenClosed={whenClosed}
        >
          <Sentences sentences={describeRevoke(connection)} />
        </ConfirmDialog>
      );
    case 'delete':
      return (
        <ConfirmDialog
          title={`Delete ${label}?`}
          verb="Delete"
          isDangerous
          typed={connection.metadata.name}
          act={async () => {
            await deleteConnection(connection);
            say(`${label} is deleted`);
            go('/');
          }}
          whenClosed={whenClosed}
        >
          <Sentences sentences={describeDeletion(connection)} />
        </ConfirmDialog>
      );
  }
}
