import type { Verifier } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import { newestVerifier } from '../../credentials/accepted-verifiers.ts';
import { hasGeneratedForm } from '../../credentials/generated-value.ts';
import { equalHashes, hashValue, type Subject } from '../../credentials/hash-value.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Tools } from './decision.ts';
import type { SecretContent } from './read-secret.ts';

/**
 * How the value in the Secret stands to the newest verifier:
 * - `same`: it is that value;
 * - `rehash`: the verifier's key is lost or no longer the newest; the value counts as that value and is hashed again;
 * - `follow`: a former leader's Secret of this very version came through first; the verifier follows it;
 * - `other`: anything else, also none.
 */
export type Match = 'same' | 'rehash' | 'follow' | 'other';

/** Compares both parts. Slow hashes are asked only where the mark cannot answer. */
export async function matchValues(
  observed: ObservedConnection,
  content: SecretContent,
  subject: Subject,
  bcrypt: Tools['bcrypt'],
): Promise<Readonly<Record<Part, Match>>> {
  const match = (part: Part) => matchValue(observed, content, subject, part, bcrypt);
  return { clientSecret: await match('clientSecret'), password: await match('password') };
}

async function matchValue(
  { connection, keys }: ObservedConnection,
  content: SecretContent,
  subject: Subject,
  part: Part,
  bcrypt: Tools['bcrypt'],
): Promise<Match> {
  const verifier = newestVerifier(connection, part);
  const value = content.values[part];
  if (!verifier || value === undefined) return 'other';
  const isOfVersion = content.mark?.versions[part] === verifier.version;
  const key = keys.get(verifier.key);
  if (!key) return isBelievable(verifier, part, value, isOfVersion) ? 'rehash' : 'other';

  const keyed = hashValue(key, subject, part, verifier.version, value);
  const isSame =
    verifier.alg === 'bcrypt'
      ? (content.isMarkRight && isOfVersion) || (await bcrypt.compare(keyed, verifier.hash))
      : equalHashes(keyed, verifier.hash);
  if (isSame) return verifier.key === keys.newest ? 'same' : 'rehash';
  return verifier.pending === true && content.isMarkRight && isOfVersion ? 'follow' : 'other';
}

/**
 * Without the verifier's key the Secret's value cannot be checked. It is believed, so that a lost key costs nobody a
 * new value, unless it is plainly not ours: a generated value has a form and a checksum. One that was about to be
 * replaced is believed only when the Secret says that the replacement had arrived.
 */
function isBelievable(verifier: Verifier, part: Part, value: string, isOfVersion: boolean): boolean {
  if (verifier.pending === true && !isOfVersion) return false;
  return verifier.alg === 'bcrypt' || hasGeneratedForm(part, value);
}
