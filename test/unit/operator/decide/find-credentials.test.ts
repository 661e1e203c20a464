import { describe, expect, test } from 'vitest';
import { rotationAnnotations, secretAnnotations } from '../../../../src/api/names.ts';
import type { Secret } from '../../../../src/api/secret.ts';
import { findCredentials, recordedAtFirst } from '../../../../src/operator/decide/find-credentials.ts';
import type { ObservedConnection } from '../../../../src/operator/observe/observed-connection.ts';
import { buildConnection } from '../../credentials/build-connection.ts';
import { buildObserved, buildSecret, markOf, metadataOf, ourTexts, ownerOf } from './build-observed.ts';

const adopt = { [secretAnnotations.adopt]: 'erp' };

function find(secret: Secret | undefined, more: Partial<ObservedConnection> = {}) {
  return findCredentials(buildObserved({ secret, ...more }));
}

/** A Secret with the annotation that gives it to `erp`. */
function given(
  texts: Record<string, string>,
  more: Partial<Secret> = {},
  metadata: Partial<Secret['metadata']> = {},
): Secret {
  return buildSecret(texts, { ...more, metadata: metadataOf({ annotations: adopt, ...metadata }) });
}

function complaint(secret: Secret, more: Partial<ObservedConnection> = {}): string {
  const found = find(secret, more);
  return found.kind === 'refused' ? `${found.problem.reason}: ${found.problem.message}` : found.kind;
}

describe('a Connection without verifiers takes over', () => {
  const marked = (metadata: Partial<Secret['metadata']> = {}, texts: Record<string, string> = ourTexts) =>
    buildSecret(texts, { metadata: metadataOf({ annotations: markOf(), ...metadata }) });

  test('nothing where there is no Secret', () => {
    expect(find(undefined)).toEqual({ kind: 'none' });
  });

  test.each<[string, Partial<Secret['metadata']>]>([
    ['from a crash: its own', { ownerReferences: [ownerOf('uid-1')] }],
    ['from a backup: nobody owns it', {}],
    ['orphaned: the Connection before owned it', { ownerReferences: [ownerOf('uid-0')] }],
  ])('a Secret with a right mark, %s', (_, metadata) => {
    expect(find(marked(metadata)).kind).toBe('marked');
  });

  test('a Secret with a right mark although its names were deleted a moment ago', () => {
    const identities = { isHeld: () => false, wasHeld: () => true, isTaken: () => true };
    expect(find(marked(), { identities }).kind).toBe('marked');
  });

  test('no Secret with a right mark whose names another Connection has', () => {
    const identities = { isHeld: (name: string) => name === 'erp_0001', wasHeld: () => true, isTaken: () => true };
    expect(complaint(marked(), { identities })).toMatch(/^IdentityConflict: The username in the Secret/);
  });

  test.each<[string, Secret]>([
    ['that somebody else owns', marked({ ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u' }] })],
    ['whose value was edited', marked({}, { ...ourTexts, password: 'hunter2' })],
    ['whose client id was edited', marked({}, { ...ourTexts, 'client-id': 'erp_abd' })],
    ['that lost a value', marked({}, { 'client-id': 'erp_abc', username: 'erp_0001', password: 'plain-password' })],
    ['that was copied from another namespace', marked({ annotations: markOf({ namespace: 'other' }) })],
    ['that was copied from another name', marked({ annotations: markOf({ secret: 'other' }) })],
    ['of another Connection', marked({ annotations: markOf({ connection: 'other' }) })],
    ['forged with our labels and owner', marked({ annotations: {}, ownerReferences: [ownerOf('uid-1')] })],
  ])('no Secret %s', (_, secret) => {
    expect(complaint(secret)).toMatch(
      /^SecretConflict: Secret erp-credentials was not written by this operator and is left alone/,
    );
  });

  test('no marked Secret of another type than the spec says', () => {
    const secret = buildSecret(ourTexts, {
      type: 'kubernetes.io/basic-auth',
      metadata: metadataOf({ annotations: markOf() }),
    });
    expect(complaint(secret)).toBe(
      'SecretConflict: Secret erp-credentials has type kubernetes.io/basic-auth and spec.secret.type says Opaque: make them the same.',
    );
  });
});

describe('adoption', () => {
  test.each<[string, Record<string, string>]>([
    ['all four values', ourTexts],
    ['one value: the others are generated', { password: 'x' }],
    ['no value of ours', { note: 'x' }],
    ['names with every character that is allowed', { 'client-id': 'aZ09_.@-', username: 'x'.repeat(128) }],
    ['values of 1 and 512 bytes of printable ASCII', { 'client-secret': ' ', password: '~'.repeat(512) }],
  ])('takes %s', (_, texts) => {
    expect(find(given(texts)).kind).toBe('adopted');
  });

  test('needs the annotation, and says which', () => {
    const message = complaint(buildSecret(ourTexts));
    expect(message).toContain('or give it away with the annotation connect.pim.dev/adopt: erp.');
  });

  test('needs the annotation to name this Connection', () => {
    const secret = buildSecret(ourTexts, {
      metadata: metadataOf({ annotations: { [secretAnnotations.adopt]: 'other' } }),
    });
    expect(complaint(secret)).toMatch(/^SecretConflict/);
  });

  test.each<[string, Secret, string]>([
    [
      'another controller owns',
      given(ourTexts, {}, { ownerReferences: [ownerOf('u', { kind: 'ExternalSecret', name: 'es' })] }),
      'ExternalSecret es owns it',
    ],
    ['is immutable', given(ourTexts, { immutable: true }), 'it is immutable; create it anew without immutable: true'],
    [
      'has another type',
      given(ourTexts, { type: 'kubernetes.io/tls' }),
      'has type kubernetes.io/tls and spec.secret.type says Opaque',
    ],
    ['Helm manages', given(ourTexts, {}, { labels: { 'app.kubernetes.io/managed-by': 'Helm' } }), 'Helm manages it'],
    [
      'Argo CD tracks',
      given(ourTexts, {}, { annotations: { ...adopt, 'argocd.argoproj.io/tracking-id': 'x' } }),
      'Argo CD manages it',
    ],
    ['Flux applies', given(ourTexts, {}, { labels: { 'kustomize.toolkit.fluxcd.io/name': 'x' } }), 'Flux manages it'],
    [
      'External Secrets writes',
      given(ourTexts, {}, { labels: { 'reconcile.external-secrets.io/managed': 'true' } }),
      'External Secrets manages it',
    ],
    [
      'Sealed Secrets writes',
      given(ourTexts, {}, { annotations: { ...adopt, 'sealedsecrets.bitnami.com/managed': 'true' } }),
      'Sealed Secrets manages it',
    ],
  ])('is refused for a Secret that %s', (_, secret, sentence) => {
    expect(complaint(secret)).toMatch(/^SecretConflict/);
    expect(complaint(secret)).toContain(sentence);
  });

  test.each<[string, Record<string, string>, string]>([
    [
      'a client id with a blank',
      { 'client-id': 'a b' },
      'client-id must be 1 to 128 letters, digits or one of _ . @ -.',
    ],
    ['an empty client id', { 'client-id': '' }, 'client-id must be 1 to 128'],
    ['a username that is too long', { username: 'x'.repeat(129) }, 'username must be 1 to 128'],
    [
      'a username with a newline',
      { username: 'jane.doe\n' },
      'and it ends in a newline (echo adds one: use printf or echo -n)',
    ],
    ['an empty secret', { 'client-secret': '' }, 'client-secret must be 1 to 512 bytes of printable ASCII.'],
    ['a secret that is too long', { 'client-secret': 'x'.repeat(513) }, 'client-secret must be 1 to 512'],
    ['a secret with an umlaut', { 'client-secret': 'ümlaut' }, 'client-secret must be 1 to 512'],
    [
      'a password with a newline',
      { password: 'hunter2\n' },
      'password must be 1 to 512 bytes of printable ASCII and it ends in a newline',
    ],
    ['a password with a carriage return', { password: 'hunter2\r\n' }, 'it ends in a newline'],
    ['a password with a tab inside', { password: 'hun\tter' }, 'printable ASCII.'],
  ])('is refused for %s, which is not quoted', (_, texts, sentence) => {
    const message = complaint(given({ ...ourTexts, ...texts }));
    expect(message).toMatch(/^SecretConflict/);
    expect(message).toContain(sentence);
    for (const value of Object.values(texts)) if (value.trim().length > 3) expect(message).not.toContain(value.trim());
  });

  test.each(['erp_abc', 'erp_0001'])('is IdentityConflict when %s is, was or could be given to another one', (name) => {
    const identities = { isHeld: () => false, wasHeld: () => false, isTaken: (asked: string) => asked === name };
    const message = complaint(given(ourTexts), { identities });
    expect(message).toMatch(
      /^IdentityConflict: The (client-id|username) in the Secret belongs, belonged or could be given/,
    );
    expect(message).not.toContain(name);
  });

  test('is allowed where the Secret carries our own label', () => {
    const labels = { 'app.kubernetes.io/managed-by': 'connection-operator' };
    expect(find(given(ourTexts, {}, { labels })).kind).toBe('adopted');
  });
});

describe('tokens at a first issue', () => {
  const { rotate, revoke } = rotationAnnotations;
  const connection = buildConnection({ annotations: { [rotate]: 'a', [revoke]: 'b' } });
  const recorded = (secret: Secret | undefined) => {
    const observed = buildObserved({ connection, secret });
    return recordedAtFirst(observed, findCredentials(observed)).map(({ annotation }) => annotation);
  };

  test('are all recorded without rotating', () => {
    expect(recorded(undefined)).toEqual([rotate, revoke]);
  });

  test('beside an adoption are recorded, but a revoke acts', () => {
    expect(recorded(given(ourTexts))).toEqual([rotate]);
  });

  test('beside a marked Secret are those of its mark: others are acted on', () => {
    const handled = [{ annotation: rotate, token: 'a' }];
    const secret = buildSecret(ourTexts, { metadata: metadataOf({ annotations: markOf({ handled }) }) });
    expect(recorded(secret)).toEqual([rotate]);
  });
});
