import { describe, expect, test } from 'vitest';
import type { Secret } from '../../../../src/api/secret.ts';
import { findHeld, removeStrays } from '../../../../src/operator/decide/held-secret.ts';
import { buildConnection, buildVerifier, issued } from '../../credentials/build-connection.ts';
import { buildObserved, buildSecret, markOf, metadataOf, ourLabels, ourTexts, ownerOf } from './build-observed.ts';

const connection = buildConnection({ status: issued([buildVerifier('1-aaaaaa')]) });
const pod = { apiVersion: 'v1', kind: 'Pod', name: 'x', uid: 'u' };

function secret(metadata: Partial<Secret['metadata']>, texts: Record<string, string> = ourTexts): Secret {
  return buildSecret(texts, { metadata: metadataOf(metadata) });
}

describe('whose the Secret of an issued Connection is', () => {
  test.each<[string, Secret | undefined, string]>([
    ['gone when there is none', undefined, 'gone'],
    [
      'ours, bound and controlled, whatever was done to it',
      secret({ ownerReferences: [ownerOf('uid-1')] }, {}),
      'ours',
    ],
    [
      'ours, bound and controlled, with another owner beside',
      secret({ ownerReferences: [ownerOf('uid-1'), pod] }, {}),
      'ours',
    ],
    ['ours by its mark when the owner reference is gone', secret({ annotations: markOf() }), 'ours'],
    [
      'ours by its mark with the owner of before a restore',
      secret({ annotations: markOf(), ownerReferences: [ownerOf('uid-0')] }),
      'ours',
    ],
    ['foreign with labels alone', secret({ labels: ourLabels }), 'foreign'],
    ['foreign with the owner of before a restore alone', secret({ ownerReferences: [ownerOf('uid-0')] }), 'foreign'],
    [
      'foreign when we own it but do not control it',
      secret({ ownerReferences: [ownerOf('uid-1', { controller: false })] }),
      'foreign',
    ],
    [
      'foreign with a right mark and another owner',
      secret({ annotations: markOf(), ownerReferences: [pod] }),
      'foreign',
    ],
    ['foreign with a mark for other values', secret({ annotations: markOf({ password: 'other' }) }), 'foreign'],
    ['foreign with nothing', secret({}), 'foreign'],
  ])('%s', (_, held, kind) => {
    expect(findHeld(buildObserved({ connection, secret: held })).kind).toBe(kind);
  });

  test('foreign when it is controlled and the status names another one', () => {
    const elsewhere = buildConnection({
      status: issued([buildVerifier('1-aaaaaa')], undefined, { binding: { name: 'other' } }),
    });
    const held = secret({ ownerReferences: [ownerOf('uid-1')] }, {});
    expect(findHeld(buildObserved({ connection: elsewhere, secret: held })).kind).toBe('foreign');
  });
});

describe('a Secret of ours under another name', () => {
  const strayOf = (metadata: Partial<Secret['metadata']>) => secret({ name: 'old', ...metadata });

  test.each<[string, Partial<Secret['metadata']>, number]>([
    ['with a right mark is deleted', { annotations: markOf({ secret: 'old' }) }, 1],
    [
      'with a right mark and our owner is deleted',
      { annotations: markOf({ secret: 'old' }), ownerReferences: [ownerOf('uid-1')] },
      1,
    ],
    ['that somebody else owns stays', { annotations: markOf({ secret: 'old' }), ownerReferences: [pod] }, 0],
    ['whose mark is for another name stays: it is a copy', { annotations: markOf() }, 0],
    ['with our labels and owner alone stays', { labels: ourLabels, ownerReferences: [ownerOf('uid-1')] }, 0],
  ])('%s', (_, metadata, deleted) => {
    const writes = removeStrays(buildObserved({ connection, strays: [strayOf(metadata)] }));
    expect(writes.map(({ kind }) => kind)).toEqual(Array.from({ length: deleted }, () => 'deleteSecret'));
  });
});
