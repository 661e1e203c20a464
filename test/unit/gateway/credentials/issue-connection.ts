import { randomUUID } from 'node:crypto';
import bcrypt from 'bcryptjs';
import type { Connection, RetiredVerifier, Verifier } from '../../../../src/api/generated/connection.ts';
import type { Part } from '../../../../src/api/names.ts';
import { makeValue } from '../../../../src/credentials/generated-value.ts';
import { hashValue } from '../../../../src/credentials/hash-value.ts';
import { makeClientId } from '../../../../src/credentials/identity.ts';
import type { KeyRing } from '../../../../src/credentials/key-ring.ts';
import { systemRandom } from '../../../../src/credentials/random-source.ts';
import { makeVersion } from '../../../../src/credentials/version.ts';

/** What a connector has. */
export interface ConnectorValues {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

export interface IssueOptions {
  readonly name?: string;
  readonly namespace?: string;
  readonly uid?: string;
  /** Values that were adopted: hashed with bcrypt (cost 4, which is quick). */
  readonly adopted?: Partial<Record<Part, string>>;
  readonly clientId?: string;
  readonly username?: string;
  readonly spec?: Partial<Connection['spec']>;
  readonly issuedAt?: string;
  readonly creationTimestamp?: string;
}

const issued = '2026-01-31T08:00:00Z';

/** A Connection as the operator leaves it after the first issue, and the values in its Secret. */
export function issueConnection(
  ring: KeyRing,
  options: IssueOptions = {},
): { readonly connection: Connection; readonly values: ConnectorValues } {
  const { name = 'erp', namespace = 'team', uid = randomUUID(), adopted = {} } = options;
  const values = {
    clientId: options.clientId ?? makeClientId(name, systemRandom),
    clientSecret: adopted.clientSecret ?? makeValue('clientSecret', systemRandom),
    username: options.username ?? `${name}_0001`,
    password: adopted.password ?? makeValue('password', systemRandom),
  };
  const unissued: Connection = {
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'Connection',
    metadata: {
      name,
      namespace,
      uid,
      generation: 1,
      resourceVersion: '1',
      creationTimestamp: options.creationTimestamp ?? issued,
    },
    spec: { label: name.padEnd(3, '.'), flowType: 'Other', ...options.spec },
    status: {
      code: name,
      clientId: values.clientId,
      username: values.username,
      credentials: { uid, issuedAt: options.issuedAt ?? issued },
    },
  };
  const build = (part: Part): Verifier =>
    buildVerifier(ring, unissued, part, values[part], adopted[part] === undefined ? 'hmac-sha256' : 'bcrypt');
  const connection = withVerifiers(unissued, {
    clientSecret: [build('clientSecret')],
    password: [build('password')],
  });
  return { connection, values };
}

/** A verifier of this value, with a version of its own. */
export function buildVerifier(
  ring: KeyRing,
  { metadata, status }: Connection,
  part: Part,
  value: string,
  alg: Verifier['alg'] = 'hmac-sha256',
): Verifier {
  const key = ring.get(ring.newest);
  if (!key) throw new Error('no key');
  const previous = status?.credentials?.[part]?.at(-1)?.version;
  const version = makeVersion(previous, systemRandom);
  const subject = { uid: metadata.uid, clientId: status?.clientId ?? '', username: status?.username ?? '' };
  const text = hashValue(key, subject, part, version, value);
  return { version, key: ring.newest, alg, hash: alg === 'bcrypt' ? bcrypt.hashSync(text, 4) : text, issued };
}

/** The Connection with other accepted verifiers. */
export function withVerifiers(
  connection: Connection,
  verifiers: Partial<Record<Part, readonly Verifier[]>>,
): Connection {
  const { status } = connection;
  if (!status?.credentials) throw new Error('issued Connections only');
  return { ...connection, status: { ...status, credentials: { ...status.credentials, ...verifiers } } };
}

/** The Connection after a rotation of this part to `value`; the old verifier is retired, or has its `expires`. */
export function rotate(ring: KeyRing, connection: Connection, part: Part, value: string, expires?: string): Connection {
  const before = connection.status?.credentials?.[part] ?? [];
  const next = buildVerifier(ring, connection, part, value);
  if (expires !== undefined) {
    const kept = before.map((verifier) => ({ ...verifier, expires: verifier.expires ?? expires }));
    return withVerifiers(connection, { [part]: [...kept, next] });
  }
  const retired = before.map(({ pending: _, ...verifier }): RetiredVerifier => ({ ...verifier, ended: issued }));
  const rotated = withVerifiers(connection, { [part]: [next] });
  return withRetired(rotated, part, retired.slice(-2));
}

function withRetired(connection: Connection, part: Part, retired: readonly RetiredVerifier[]): Connection {
  const { status } = connection;
  if (!status?.credentials) throw new Error('issued Connections only');
  const credentials = { ...status.credentials, retired: { ...status.credentials.retired, [part]: retired } };
  return { ...connection, status: { ...status, credentials } };
}
