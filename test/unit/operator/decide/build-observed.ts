import { labels, managerName, secretAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { buildKeyRing, type KeyRing } from '../../../../src/credentials/key-ring.ts';
import { buildMark, type MarkedContent, type MarkFacts } from '../../../../src/credentials/mark.ts';
import type { Tools } from '../../../../src/operator/decide/decision.ts';
import type { ObservedConnection } from '../../../../src/operator/observe/observed-connection.ts';
import { buildConnection, now } from '../../credentials/build-connection.ts';
import { buildRandom, quickHash } from '../model/world.ts';

export const ring: KeyRing = buildKeyRing(new Map([['k1', Buffer.alloc(32, 1)]]));

/** A Connection that nothing is wrong with and nothing was issued to, seen live. */
export function buildObserved(more: Partial<ObservedConnection> = {}): ObservedConnection {
  return {
    connection: buildConnection(),
    secret: undefined,
    strays: [],
    live: true,
    role: 'allowed',
    group: 'allowed',
    rivals: {},
    identities: { isHeld: () => false, wasHeld: () => false, isTaken: () => false },
    limitReached: undefined,
    keys: ring,
    gatewayUrl: undefined,
    refusal: undefined,
    clockOff: false,
    ...more,
  };
}

/** Clock at {@link now}, bytes that repeat, a quick stand-in for bcrypt. */
export function buildTools(more: Partial<Tools> = {}): Tools {
  const hash = async (text: string): Promise<string> => quickHash(text);
  const bcrypt = { hash, compare: async (text: string, hashed: string) => quickHash(text) === hashed };
  return { now, random: buildRandom(1), bcrypt, ...more };
}

/** A Secret `shop/erp-credentials` with these plain texts. */
export function buildSecret(texts: Readonly<Record<string, string>>, more: Partial<Secret> = {}): Secret {
  const data = Object.entries(texts).map(([key, text]) => [key, Buffer.from(text).toString('base64')]);
  return {
    type: 'Opaque',
    data: Object.fromEntries(data),
    ...more,
    metadata: {
      namespace: 'shop',
      name: 'erp-credentials',
      uid: 'secret-1',
      resourceVersion: '7',
      creationTimestamp: '2026-01-01T00:00:00Z',
      ...more.metadata,
    },
  };
}

export const ourTexts = {
  'client-id': 'erp_abc',
  'client-secret': 'plain-secret',
  username: 'erp_0001',
  password: 'plain-password',
} as const;

const content: MarkedContent = {
  namespace: 'shop',
  secret: 'erp-credentials',
  connection: 'erp',
  clientId: ourTexts['client-id'],
  clientSecret: ourTexts['client-secret'],
  username: ourTexts.username,
  password: ourTexts.password,
  auth: undefined,
};

/** The mark of {@link ourTexts}, of other content where the test says so. */
export function markOf(changed: Partial<MarkedContent & MarkFacts> = {}, keys: KeyRing = ring): Record<string, string> {
  const versions = { clientSecret: '1-aaaaaa', password: '1-bbbbbb' };
  const facts = { versions, handled: [], kept: [], metadata: [], ...changed };
  return { [secretAnnotations.issued]: buildMark(keys, { ...content, ...changed }, facts) };
}

/** Metadata of a Secret that differs from {@link buildSecret}'s in this. */
export function metadataOf(more: Partial<Secret['metadata']>): Secret['metadata'] {
  return { ...buildSecret({}).metadata, ...more };
}

export const ourLabels: Record<string, string> = { [labels.managedBy]: managerName, [labels.connection]: 'erp' };

/** The owner reference that the operator writes. */
export function ownerOf(uid: string, more: object = {}): NonNullable<Secret['metadata']['ownerReferences']>[number] {
  const reference = { apiVersion: 'connect.pim.dev/v1beta1', kind: 'Connection', name: 'erp', uid };
  return { ...reference, controller: true, blockOwnerDeletion: false, ...more };
}
