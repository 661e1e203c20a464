import { describe, expect, test } from 'vitest';
import type { Connection } from '../../../../src/api/generated/connection.ts';
import { rotationAnnotations } from '../../../../src/api/names.ts';
import {
  affectedByConnection,
  affectedByReference,
  affectedBySecret,
} from '../../../../src/operator/watch/find-affected.ts';
import { findIgnored } from '../../../../src/operator/watch/find-ignored.ts';
import { at, buildConnection, buildVerifier } from '../../credentials/build-connection.ts';
import { buildSecret, metadataOf, ourLabels, ownerOf } from '../decide/build-observed.ts';
import { buildCache } from '../observe/build-cache.ts';

const entry = buildVerifier('1-aaaaaa');

function connectionOf(
  name: string,
  more: { code?: string; isIssued?: boolean; metadata?: object; role?: string } = {},
): Connection {
  const credentials = { uid: name, issuedAt: at(0), clientSecret: [entry], password: [entry] };
  return buildConnection({
    metadata: { name, uid: name, ...more.metadata },
    spec: { ...(more.code && { code: more.code }), ...(more.role && { roleRef: { name: more.role } }) },
    ...(more.isIssued && { status: { clientId: `${name}_x`, username: `${name}_1`, credentials } }),
  });
}

describe('a change of a Connection concerns', () => {
  const one = connectionOf('one', { code: 'erp', isIssued: true });
  const rival = connectionOf('rival', { code: 'ERP' });
  const waits = connectionOf('waits', { code: 'abc' });
  const settled = connectionOf('settled', { code: 'xyz', isIssued: true });
  const cache = buildCache([one, rival, waits, settled]);

  test('itself alone when nothing that others want has changed', () => {
    const labelled = { ...one, metadata: { ...one.metadata, labels: { a: 'b' } } };
    expect(affectedByConnection(cache, { type: 'modified', object: labelled, previous: one })).toEqual(['shop/one']);
  });

  test('who claims the same code, when it comes or is issued', () => {
    expect(affectedByConnection(cache, { type: 'added', object: one })).toEqual(['shop/one', 'shop/rival']);
    const before = connectionOf('one', { code: 'erp' });
    expect(affectedByConnection(cache, { type: 'modified', object: one, previous: before })).toEqual([
      'shop/one',
      'shop/rival',
    ]);
  });

  test('who waits for its code or its place, when it goes', () => {
    const gone = affectedByConnection(cache, { type: 'deleted', object: one, previous: one });
    expect([...gone].sort()).toEqual(['shop/one', 'shop/rival', 'shop/waits']);
  });

  test('who waits for its place from the moment of deletion on', () => {
    const deleting = { ...one, metadata: { ...one.metadata, deletionTimestamp: at(0) } };
    const affected = affectedByConnection(cache, { type: 'modified', object: deleting, previous: one });
    expect(affected).toContain('shop/waits');
    expect(affected).not.toContain('shop/settled');
  });
});

describe('a change of a Secret concerns', () => {
  test.each([
    ['the Connection of its label', { labels: ourLabels }, ['shop/erp']],
    ['the Connection that owns it', { ownerReferences: [ownerOf('u')] }, ['shop/erp']],
    ['nobody without either', {}, []],
    ['nobody by another owner', { ownerReferences: [ownerOf('u', { kind: 'Pod' })] }, []],
  ])('%s', (_, metadata, keys) => {
    const object = buildSecret({}, { metadata: metadataOf(metadata) });
    expect(affectedBySecret({ type: 'added', object })).toEqual(keys);
  });

  test('the Connection of the label that it had', () => {
    const previous = buildSecret(
      {},
      { metadata: metadataOf({ labels: { ...ourLabels, 'connect.pim.dev/connection': 'old' } }) },
    );
    const object = buildSecret({}, { metadata: metadataOf({ labels: ourLabels }) });
    expect([...affectedBySecret({ type: 'modified', object, previous })].sort()).toEqual(['shop/erp', 'shop/old']);
  });
});

describe('a change of a role concerns who names it', () => {
  const { byRole } = buildCache([
    connectionOf('a', { role: 'erp' }),
    connectionOf('b', { role: 'erp' }),
    connectionOf('c'),
  ]);
  const role = (name: string, namespaces?: readonly string[]) => ({
    metadata: { name, uid: 'r', resourceVersion: '1' },
    spec: { ...(namespaces && { namespaces }) },
  });

  test.each(['added', 'deleted'] as const)('when it is %s', (type) => {
    expect([...affectedByReference(byRole, { type, object: role('erp') })].sort()).toEqual(['shop/a', 'shop/b']);
    expect(affectedByReference(byRole, { type, object: role('user') })).toEqual(['shop/c']);
  });

  test('when its namespaces change, and not when anything else does', () => {
    const [object, previous] = [role('erp', ['shop']), role('erp')];
    expect(affectedByReference(byRole, { type: 'modified', object, previous })).toHaveLength(2);
    expect(affectedByReference(byRole, { type: 'modified', object, previous: role('erp', ['shop']) })).toEqual([]);
  });
});

describe('a request is told to be ignored', () => {
  const { rotate, revoke } = rotationAnnotations;
  const status = { rotation: { handled: [{ annotation: rotate, token: 'a' }] } };
  const asking = (annotations: Record<string, string>) => buildConnection({ annotations, status });
  const told = (object: Connection, previous?: Connection) =>
    findIgnored({ type: 'modified', object, ...(previous && { previous }) }).map(({ token }) => token);

  test('when a value comes back that was acted on long ago', () => {
    expect(told(asking({ [rotate]: 'a' }), asking({ [rotate]: 'b' }))).toEqual(['a']);
    expect(told(asking({ [rotate]: 'a' }), asking({}))).toEqual(['a']);
  });

  test.each<[string, Connection, Connection | undefined]>([
    ['while it stays', asking({ [rotate]: 'a' }), asking({ [rotate]: 'a' })],
    ['when it is new', asking({ [rotate]: 'b' }), asking({ [rotate]: 'a' })],
    ['when another annotation has its value', asking({ [revoke]: 'a' }), asking({})],
    ['when it is acted on by this very change', asking({ [rotate]: 'a' }), buildConnection()],
    ['when nothing is known of before', asking({ [rotate]: 'a' }), undefined],
  ])('but not %s', (_, object, previous) => {
    expect(told(object, previous)).toEqual([]);
  });

  test('but not by a list that shows it for the first time', () => {
    expect(findIgnored({ type: 'added', object: asking({ [rotate]: 'a' }) })).toEqual([]);
  });
});
