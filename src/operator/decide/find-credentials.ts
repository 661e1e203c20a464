import { parts, rotationAnnotations, secretAnnotations, secretKeys } from '../../api/names.ts';
import type { Secret } from '../../api/secret.ts';
import type { Identity } from '../../credentials/identity.ts';
import type { RotationToken } from '../../credentials/mark.ts';
import { readRequests } from '../../credentials/outstanding-requests.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import type { Problem } from './problem.ts';
import { findManager, hasOtherOwner, readSecret, type SecretContent, type Values } from './read-secret.ts';

/** Where the values of a first issue come from. What is missing is generated. */
export type FoundCredentials =
  | { readonly kind: 'none' }
  /** A Secret that an operator wrote: after a crash, or restored from a backup. */
  | { readonly kind: 'marked'; readonly secret: Secret; readonly content: SecretContent }
  /** A Secret that its owner gave away. */
  | { readonly kind: 'adopted'; readonly secret: Secret; readonly content: SecretContent }
  | { readonly kind: 'refused'; readonly problem: Problem };

/** Looks for credentials that a Connection without verifiers may take over. */
export function findCredentials(observed: ObservedConnection): FoundCredentials {
  const { connection, secret, keys } = observed;
  if (!secret) return { kind: 'none' };
  const content = readSecret(secret, connection.metadata.name, keys);
  const isOurs = content.isMarkRight && !hasOtherOwner(connection, secret);
  if (!isOurs && secret.metadata.annotations?.[secretAnnotations.adopt] !== connection.metadata.name) {
    return refuse(`${foreignSentence(secret)}, or give it away with the annotation ${adoptHint(observed)}.`);
  }
  const complaint = (isOurs ? undefined : notAdoptable(observed, secret)) ?? wrongType(observed, secret);
  if (complaint !== undefined) return refuse(complaint);
  // A marked Secret proves whose names they are, so a restored backup keeps them however recently they were deleted.
  const { isHeld, isTaken } = observed.identities;
  const taken = takenName(content.identity, isOurs ? isHeld : isTaken);
  if (taken !== undefined) return { kind: 'refused', problem: { reason: 'IdentityConflict', message: taken } };
  return { kind: isOurs ? 'marked' : 'adopted', secret, content };
}

/** Which requests a first issue records without acting on them; the others are acted on right after it. */
export function recordedAtFirst(observed: ObservedConnection, found: FoundCredentials): readonly RotationToken[] {
  const standing = readRequests(observed.connection);
  if (found.kind === 'marked') return found.content.mark?.handled ?? [];
  // A revoke beside an adoption is meant: the adopted values are known to too many.
  if (found.kind === 'adopted') return standing.filter(({ annotation }) => annotation !== rotationAnnotations.revoke);
  return standing;
}

/** What a Secret of our name that is not ours is told, in the middle of a sentence. */
export function foreignSentence(secret: Secret): string {
  return `Secret ${secret.metadata.name} was not written by this operator and is left alone: delete or rename it, or set spec.secret.name`;
}

function adoptHint({ connection }: ObservedConnection): string {
  return `${secretAnnotations.adopt}: ${connection.metadata.name}`;
}

function refuse(message: string): FoundCredentials {
  return { kind: 'refused', problem: { reason: 'SecretConflict', message } };
}

function notAdoptable(observed: ObservedConnection, secret: Secret): string | undefined {
  const name = `Secret ${secret.metadata.name} cannot be adopted`;
  const manager = findManager(observed.connection, secret);
  if (manager) return `${name}: ${manager} and would write it again; take it out of there first.`;
  if (secret.immutable === true) return `${name}: it is immutable; create it anew without immutable: true.`;
  const { identity, values } = readSecret(secret, observed.connection.metadata.name, observed.keys);
  return wrongValue(name, { ...identity, ...values });
}

function wrongType({ connection }: ObservedConnection, secret: Secret): string | undefined {
  const [actual, asked] = [secret.type ?? 'Opaque', connection.spec.secret?.type ?? 'Opaque'];
  if (actual === asked) return undefined;
  return `Secret ${secret.metadata.name} has type ${actual} and spec.secret.type says ${asked}: make them the same.`;
}

/** Says which key is wrong and how, never what it holds. */
function wrongValue(name: string, texts: Partial<Identity & Values>): string | undefined {
  for (const key of ['clientId', 'username'] as const) {
    const text = texts[key];
    if (text === undefined || /^[A-Za-z0-9_.@-]{1,128}$/.test(text)) continue;
    return `${name}: ${secretKeys[key]} must be 1 to 128 letters, digits or one of _ . @ -${newlineHint(text)}.`;
  }
  for (const part of parts) {
    const text = texts[part];
    if (text === undefined || /^[\x20-\x7e]{1,512}$/.test(text)) continue;
    return `${name}: ${secretKeys[part]} must be 1 to 512 bytes of printable ASCII${newlineHint(text)}.`;
  }
  return undefined;
}

function newlineHint(text: string): string {
  return /[\r\n]$/.test(text) ? ' and it ends in a newline (echo adds one: use printf or echo -n)' : '';
}

function takenName(identity: Partial<Identity>, isTaken: (name: string) => boolean): string | undefined {
  for (const key of ['clientId', 'username'] as const) {
    const name = identity[key];
    if (name === undefined || !isTaken(name)) continue;
    return `The ${secretKeys[key]} in the Secret belongs, belonged or could be given to another Connection: use another one.`;
  }
  return undefined;
}
