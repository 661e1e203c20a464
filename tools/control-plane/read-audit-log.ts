import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { paths } from './write-credentials.ts';

/** One write as the API server answered it: also a refused one (`code` 409, 422 …). */
export interface WriteRecord {
  /** As in `alice` or `system:serviceaccount:connection-system:connection-operator`. */
  readonly user: string;
  readonly verb: 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  /** Plural; empty for what is no resource. */
  readonly resource: string;
  /** Empty for the object itself, `status` and the like otherwise. */
  readonly subresource: string;
  /** Empty for what is cluster-scoped. */
  readonly namespace: string;
  /** Empty where the server chose it (`generateName`). */
  readonly name: string;
  /** HTTP status of the answer. */
  readonly code: number;
  /** Whether nothing was stored because the request said `dryRun=All`. */
  readonly dryRun: boolean;
  /** When the request came in, RFC 3339 with microseconds. */
  readonly time: string;
}

interface AuditEvent {
  readonly verb: WriteRecord['verb'];
  readonly user: { readonly username: string };
  readonly requestURI: string;
  readonly objectRef?: Partial<Record<'resource' | 'subresource' | 'namespace' | 'name', string>>;
  readonly responseStatus?: { readonly code?: number };
  readonly requestReceivedTimestamp: string;
}

/**
 * Every write that the API server of this directory answered so far, in the order of the answers. Reviews of tokens
 * and of access and requests for a token are left out: they are creates that store nothing.
 */
export async function readAuditLog(directory: string): Promise<WriteRecord[]> {
  const text = await readFile(join(directory, paths.auditLog), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new Error('this control plane was started without an audit log');
    throw error;
  });
  // What follows the last line end is a line that is being written.
  const lines = text.slice(0, text.lastIndexOf('\n') + 1).split('\n');
  return lines.filter((line) => line !== '').map((line) => parseRecord(JSON.parse(line) as AuditEvent));
}

function parseRecord(event: AuditEvent): WriteRecord {
  const { resource = '', subresource = '', namespace = '', name = '' } = event.objectRef ?? {};
  return {
    user: event.user.username,
    verb: event.verb,
    resource,
    subresource,
    namespace,
    name,
    code: event.responseStatus?.code ?? 0,
    dryRun: new URL(event.requestURI, 'https://localhost').searchParams.has('dryRun'),
    time: event.requestReceivedTimestamp,
  };
}
