import type { Connection, ConnectionStatus } from '../../api/generated/connection.ts';
import { apiVersion } from '../../api/names.ts';
import type { Secret, SecretDraft } from '../../api/secret.ts';
import type { KubeClient } from '../../kube/kube-client.ts';
import { isKubeError, type KubeErrorCode } from '../../kube/kube-error.ts';
import { connectionStatusPath, secretPath, secretsPath } from '../../kube/resource-paths.ts';
import type { Decision, EventDraft, Write } from '../decide/decision.ts';

/** How applying a decision ended when no call failed for lack of an answer. */
export type Applied =
  | { readonly kind: 'done' }
  /** Something changed meanwhile: observe and decide again. */
  | { readonly kind: 'conflict' }
  /** The API server will not store the Secret; its sentence, without values. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** The Connection is gone. */
  | { readonly kind: 'gone' };

/** What applying needs besides the decision. */
export interface Applier {
  readonly client: KubeClient;
  /** Takes in what a write returned, so that the next decision does not see the past. */
  readonly observe: (written: { readonly connection: Connection } | { readonly secret: Secret }) => void;
  readonly recordEvents: (connection: Connection, events: readonly EventDraft[]) => void;
}

/** Makes the writes in their order; the first one that does not succeed ends it. Throws when there was no answer. */
export async function applyDecision(applier: Applier, connection: Connection, decision: Decision): Promise<Applied> {
  let current = connection;
  for (const write of decision.writes) {
    try {
      const written = await applyWrite(applier, current, write);
      if (written) current = written;
    } catch (error) {
      return judgeFailure(write, error);
    }
    if (write.events) applier.recordEvents(current, write.events);
  }
  return { kind: 'done' };
}

/** Makes one write; returns the Connection when it was its status that was written. */
async function applyWrite(applier: Applier, connection: Connection, write: Write): Promise<Connection | undefined> {
  const { client } = applier;
  switch (write.kind) {
    case 'writeStatus':
      return writeStatus(applier, connection, write.status);
    case 'deleteSecret': {
      const { namespace, name, uid, resourceVersion } = write.secret.metadata;
      await client.delete(secretPath(namespace, name), { uid, resourceVersion });
      return undefined;
    }
    case 'rehearseSecret':
      await rehearse(client, write);
      return undefined;
    default:
      applier.observe({ secret: await sendSecret(client, write.secret, false) });
      return undefined;
  }
}

/** Replaces the Secret whose version the draft carries; creates it when it carries none. */
function sendSecret(client: KubeClient, secret: SecretDraft, dryRun: boolean): Promise<Secret> {
  const { namespace, name, resourceVersion } = secret.metadata;
  return resourceVersion === undefined
    ? client.create<Secret>(secretsPath(namespace), secret, { dryRun })
    : client.replace<Secret>(secretPath(namespace, name), secret, { dryRun });
}

/** That a name is taken is said last, after quota, policies and every check of the object itself. */
async function rehearse(client: KubeClient, write: Extract<Write, { kind: 'rehearseSecret' }>): Promise<void> {
  try {
    await sendSecret(client, write.secret, true);
  } catch (error) {
    const isTaken = write.succeeds && isKubeError(error, 'AlreadyExists');
    if (!isTaken && !cannotRehearse(error)) throw error;
  }
}

/** A webhook with side effects is not asked in a dry run, and the API server says so: nobody has refused anything. */
function cannotRehearse(error: unknown): boolean {
  return isKubeError(error, 'BadRequest') && error.sentence.endsWith('does not support dry run');
}

async function writeStatus(applier: Applier, connection: Connection, status: ConnectionStatus): Promise<Connection> {
  const { namespace, name, uid, resourceVersion } = connection.metadata;
  // Of a PUT to the status subresource the API server takes the status alone.
  const body = { apiVersion, kind: 'Connection', metadata: { namespace, name, uid, resourceVersion }, status };
  const written = await applier.client.replace<Connection>(connectionStatusPath(namespace, name), body);
  applier.observe({ connection: written });
  return written;
}

const conflicts: ReadonlySet<KubeErrorCode> = new Set(['Conflict', 'AlreadyExists']);
const refusals: ReadonlySet<KubeErrorCode> = new Set(['Forbidden', 'Invalid', 'BadRequest']);

function judgeFailure(write: Write, error: unknown): Applied {
  if (!isKubeError(error)) throw error;
  if (conflicts.has(error.code)) return { kind: 'conflict' };
  if (write.kind === 'writeStatus') {
    if (error.code === 'NotFound') return { kind: 'gone' };
    throw error;
  }
  // A Secret that went while it was to be replaced or deleted; a namespace that went with everything in it is told by
  // the next look, which no longer finds the Connection.
  if (error.code === 'NotFound') return { kind: 'conflict' };
  // Nothing against this Secret: an API server that has just started knows of nobody's rights yet.
  if (error.missingRight) throw error;
  if (refusals.has(error.code) || error.status === 413) return { kind: 'refused', sentence: error.sentence };
  throw error;
}
