import type { Verifier } from '../../api/generated/connection.ts';
import type { Part } from '../../api/names.ts';
import { hashValue, type Subject } from '../../credentials/hash-value.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import type { Tools } from './decision.ts';

/** What a verifier is made of. */
export interface VerifierInput {
  readonly part: Part;
  readonly version: string;
  readonly value: string;
  /** Milliseconds since the epoch of the value's issue. */
  readonly issued: number;
  /** Whether people or a PIM chose the value: it may be short, so it is hashed slowly. */
  readonly adopted: boolean;
}

/** A verifier of this value under the ring's newest key. */
export async function buildVerifier(
  keys: KeyRing,
  subject: Subject,
  input: VerifierInput,
  bcrypt: Tools['bcrypt'],
): Promise<Verifier> {
  const { part, version, value, adopted } = input;
  const key = keys.get(keys.newest);
  if (!key) throw new Error('the newest key of a ring is in it');
  const keyed = hashValue(key, subject, part, version, value);
  return {
    version,
    key: keys.newest,
    alg: adopted ? 'bcrypt' : 'hmac-sha256',
    // bcrypt sees the keyed text, never raw bytes: it would cut them at 72 and stop at a zero.
    hash: adopted ? await bcrypt.hash(keyed) : keyed,
    issued: new Date(input.issued).toISOString(),
  };
}
