import { beforeAll, expect, test } from 'vitest';
import type { Connection } from '../../src/api/generated/connection.ts';
import type { Secret } from '../../src/api/secret.ts';
import { useOperator } from './connections/use-operator.ts';
import { eventually } from './control-plane/eventually.ts';

const scene = useOperator();
const name = 'erp-credentials';
let issued: Connection;
let secret: Secret;

/** What a Secret says, without what the API server counts. */
function contentOf({ data, type, metadata }: Secret): unknown {
  const { labels, annotations, ownerReferences } = metadata;
  return { data, type, labels, annotations, ownerReferences };
}

beforeAll(async () => {
  issued = await scene.desk.issue('erp', {
    secret: { data: { dsn: '{{username}}@host' }, labels: { team: 'a' }, annotations: { 'example.com/owner': 'b' } },
  });
  secret = await scene.desk.secret(name);
});

test.each<[string, object]>([
  ['the client id', { stringData: { 'client-id': 'another' } }],
  ['the username', { stringData: { username: 'another' } }],
  ['the provider', { data: { provider: null } }],
  ['a key from a template', { stringData: { dsn: 'edited' } }],
  ['a key from a template, taken away', { data: { dsn: null } }],
  ['a key that nobody asked for', { stringData: { added: 'x' } }],
  ['a label from the spec', { metadata: { labels: { team: 'z' } } }],
  ['an annotation from the spec', { metadata: { annotations: { 'example.com/owner': null } } }],
  ['our label', { metadata: { labels: { 'app.kubernetes.io/managed-by': null } } }],
  ['the name of the Connection', { metadata: { labels: { 'connect.pim.dev/connection': 'other' } } }],
  ['the mark', { metadata: { annotations: { 'connect.pim.dev/issued': '{}' } } }],
  ['the mark, taken away', { metadata: { annotations: { 'connect.pim.dev/issued': null } } }],
  ['the owner', { metadata: { ownerReferences: null } }],
])('%s', async (_what, edit) => {
  const { desk } = scene;
  const edited = await desk.patchSecret(name, edit);
  expect(contentOf(edited)).not.toEqual(contentOf(secret));
  await eventually(async () => expect(contentOf(await desk.secret(name))).toEqual(contentOf(secret)));
});

test('and nothing was rotated for any of it', async () => {
  const { desk } = scene;
  await desk.settle();
  expect((await desk.read('erp')).status).toEqual(issued.status);
  await eventually(async () => {
    expect((await desk.events('erp')).map(({ reason }) => reason)).toEqual(['Issued']);
  });
});

test('what the spec dropped goes with it, although the mark that says so was taken away while no operator ran', async () => {
  const { desk } = scene;
  await scene.stop();
  const metadata = { labels: { theirs: 'x' }, annotations: { 'connect.pim.dev/issued': null } };
  await desk.patchSecret(name, { metadata });
  await desk.patch('erp', { spec: { secret: { labels: null, annotations: null } } });
  await scene.start();
  await eventually(async () => {
    const { labels, annotations } = (await desk.secret(name)).metadata;
    expect(Object.keys(labels ?? {}).sort()).toEqual([
      'app.kubernetes.io/managed-by',
      'connect.pim.dev/connection',
      'theirs',
    ]);
    expect(Object.keys(annotations ?? {})).toEqual(['connect.pim.dev/issued']);
  });
});

test('without owner and mark, what is there proves nothing any more: it is left alone', async () => {
  const { desk } = scene;
  await desk.issue('stripped');
  const metadata = { ownerReferences: null, annotations: { 'connect.pim.dev/issued': null } };
  const stripped = await desk.patchSecret('stripped-credentials', { metadata });
  await desk.waitFor('stripped', 'SecretConflict');
  expect(contentOf(await desk.secret('stripped-credentials'))).toEqual(contentOf(stripped));
});
