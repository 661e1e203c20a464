import { createHmac } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { Connection } from '../../../src/api/generated/connection.ts';
import type { Part } from '../../../src/api/names.ts';
import { findAccepted } from '../../../src/credentials/accepted-verifiers.ts';
import { sharedCluster } from '../control-plane/shared-cluster.ts';

/**
 * The version under which a value is accepted, `undefined` when it is refused: what a gateway would say. Written from
 * the promise about `status.credentials` and not with the code that makes it.
 */
export async function findAcceptedVersion(
  connection: Connection,
  part: Part,
  value: string,
  now: number = Date.now(),
): Promise<string | undefined> {
  const keys = await readKeySecret();
  const { uid } = connection.metadata;
  const { clientId, username } = connection.status ?? {};
  for (const { version, key, alg, hash } of findAccepted(connection, now)[part]) {
    const bound = ['connect.pim.dev/verifier/v1', uid, clientId, username, part, version, value];
    const bytes = Buffer.from(keys[`verifier-${key}`] ?? '', 'base64');
    const keyed = createHmac('sha256', bytes).update(JSON.stringify(bound)).digest('base64url');
    if (alg === 'bcrypt' ? await bcrypt.compare(keyed, hash) : keyed === hash) return version;
  }
  return undefined;
}

/** Whether secret and password of a Secret, by their plain texts, are both accepted. */
export async function areAccepted(connection: Connection, texts: Readonly<Record<string, string>>): Promise<boolean> {
  const secret = await findAcceptedVersion(connection, 'clientSecret', texts['client-secret'] ?? '');
  const password = await findAcceptedVersion(connection, 'password', texts.password ?? '');
  return secret !== undefined && password !== undefined;
}

async function readKeySecret(): Promise<Readonly<Record<string, string>>> {
  const path = '/api/v1/namespaces/connection-system/secrets/connection-keys';
  const { body } = await sharedCluster().request<{ data: Record<string, string> }>({ path });
  return body.data;
}
