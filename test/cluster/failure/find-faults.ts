import bcrypt from 'bcryptjs';
import type { Connection, Verifier } from '../../../src/api/generated/connection.ts';
import { type Part, parts, secretAnnotations, secretKeys } from '../../../src/api/names.ts';
import { readSecretText, type Secret } from '../../../src/api/secret.ts';
import { findAccepted, newestVerifier } from '../../../src/credentials/accepted-verifiers.ts';
import { equalHashes, hashValue } from '../../../src/credentials/hash-value.ts';
import type { KeyRing } from '../../../src/credentials/key-ring.ts';
import { readKeyRing } from '../../../src/credentials/key-secret.ts';
import { isMarkRight, parseMark } from '../../../src/credentials/mark.ts';
import type { Cluster } from '../../../tools/control-plane/open-cluster.ts';
import { secretsAt, succeed, type World } from './read-world.ts';
import type { Stage } from './stage.ts';

/** The verifier keys as the API server has them. */
export async function readRing(cluster: Cluster, { namespace, name }: Stage['keySecret']): Promise<KeyRing> {
  const ring = readKeyRing((await succeed<Secret>(cluster, { path: secretsAt(namespace, name) })).data);
  if (!ring) throw new Error(`Secret ${namespace}/${name} holds no verifier key`);
  return ring;
}

/** The two values of a Secret; absent ones are empty. */
export function readValues(secret: Secret | undefined): Readonly<Record<Part, string>> {
  const read = (part: Part): string => (secret && readSecretText(secret, secretKeys[part])) ?? '';
  return { clientSecret: read('clientSecret'), password: read('password') };
}

/** Whether a gateway that has this Connection accepts the value for the part, by any of the verifiers that count. */
export async function isAccepted(connection: Connection, ring: KeyRing, part: Part, value: string): Promise<boolean> {
  for (const verifier of findAccepted(connection, Date.now())[part]) {
    if (await isValueOf(connection, ring, part, verifier, value)) return true;
  }
  return false;
}

/**
 * What is wrong with an issued Connection at rest, in sentences; none when its Secret holds the values that its newest
 * verifiers accept, nothing is under way, and the mark is right.
 */
export async function findFaults({ connection, secret }: World, ring: KeyRing): Promise<readonly string[]> {
  const { status } = connection;
  const ready = status?.conditions?.find(({ type }) => type === 'Ready');
  if (ready?.reason !== 'Issued') return [`Ready says ${ready?.reason}: ${ready?.message}`];
  if (!secret) return ['there is no Secret'];
  const faults: string[] = [];
  const values = readValues(secret);
  for (const part of parts) {
    const newest = newestVerifier(connection, part);
    if (newest?.pending === true) faults.push(`${part} ${newest.version} is pending`);
    if (!newest || !(await isValueOf(connection, ring, part, newest, values[part])))
      faults.push(`the newest verifier refuses the Secret's ${part}`);
    if (!(await isAccepted(connection, ring, part, values[part]))) faults.push(`the Secret's ${part} is refused`);
  }
  if (!checkMark(connection, secret, ring)) faults.push('the mark is not right');
  if (readSecretText(secret, secretKeys.clientId) !== status?.clientId) faults.push('another client id in the Secret');
  if (readSecretText(secret, secretKeys.username) !== status?.username) faults.push('another username in the Secret');
  return faults;
}

async function isValueOf(
  { metadata, status }: Connection,
  ring: KeyRing,
  part: Part,
  { alg, key: id, version, hash }: Verifier,
  value: string,
): Promise<boolean> {
  const key = ring.get(id);
  if (!key) return false;
  const subject = { uid: metadata.uid, clientId: status?.clientId ?? '', username: status?.username ?? '' };
  const keyed = hashValue(key, subject, part, version, value);
  return alg === 'bcrypt' ? compareOnce(keyed, hash) : equalHashes(keyed, hash);
}

const compared = new Map<string, Promise<boolean>>();

/** bcrypt is slow, and the same is asked again and again until all is well. */
function compareOnce(keyed: string, hash: string): Promise<boolean> {
  const asked = `${keyed} ${hash}`;
  const known = compared.get(asked) ?? bcrypt.compare(keyed, hash);
  compared.set(asked, known);
  return known;
}

function checkMark(connection: Connection, secret: Secret, ring: KeyRing): boolean {
  const mark = parseMark(secret.metadata.annotations?.[secretAnnotations.issued]);
  const content = {
    namespace: connection.metadata.namespace,
    secret: secret.metadata.name,
    connection: connection.metadata.name,
    clientId: readSecretText(secret, secretKeys.clientId) ?? '',
    username: readSecretText(secret, secretKeys.username) ?? '',
    ...readValues(secret),
    auth: readSecretText(secret, secretKeys.auth),
  };
  const isCurrent = parts.every((part) => mark?.versions[part] === newestVerifier(connection, part)?.version);
  return mark !== undefined && mark.key === ring.newest && isCurrent && isMarkRight(ring, mark, content);
}
