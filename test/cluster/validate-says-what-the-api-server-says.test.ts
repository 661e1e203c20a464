import { beforeAll, expect, test } from 'vitest';
import { checkManifests } from '../../src/cli/validate/check-manifests.ts';
import { readRules } from '../../src/cli/validate/read-rules.ts';
import { readProjectFile } from '../../src/process/read-project-file.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { buildConnection } from './manifests/build-connection.ts';
import { collectionPath, findManifestFiles, type Manifest, readManifests } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

const rules = readRules(readProjectFile);

let namespace = '';
beforeAll(async () => {
  namespace = await createNamespace();
});

const connection = (spec: object, metadata: object = {}): Manifest => {
  const manifest = buildConnection('erp', spec as never);
  return { ...manifest, metadata: { ...manifest.metadata, ...metadata } } as unknown as Manifest;
};
const other = (kind: string, spec: unknown): Manifest =>
  ({ apiVersion: 'connect.pim.dev/v1beta1', kind, metadata: { name: 'erp' }, spec }) as unknown as Manifest;
const texts = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 'v']));

/** Edges where two readers of the same rules could part. */
const edges: Readonly<Record<string, Manifest>> = {
  'a label of 100 emoji': connection({ label: '🙂'.repeat(100) }),
  'a label of 101 emoji': connection({ label: '🙂'.repeat(101) }),
  'a label with blanks around it': connection({ label: '  ERP  ' }),
  'a label of three no-break spaces': connection({ label: '\u00a0\u00a0\u00a0' }),
  'a label with a zero-width joiner': connection({ label: 'E\u200dRP' }),
  'a null label': connection({ label: null }),
  'a null flow type': connection({ flowType: null }),
  'a null suspend, which has a default': connection({ suspend: null }),
  'a null role, which has a default': connection({ roleRef: null }),
  'a null secret, which has none': connection({ secret: null }),
  'a null key': connection({ secret: { data: { A: null } } }),
  'null permissions': other('ConnectionRole', { permissions: null }),
  'a null permission': other('ConnectionRole', { permissions: [null] }),
  'a null spec': other('ConnectionRole', null),
  'null labels': connection({}, { labels: null }),
  'a role without a name': connection({ roleRef: {} }),
  'a number for a label': connection({ label: 123 }),
  'a text for a switch': connection({ tracked: 'true' }),
  'tracked Other': connection({ flowType: 'Other', tracked: true }),
  'a list for a spec': other('Connection', []),
  'no spec': { apiVersion: 'connect.pim.dev/v1beta1', kind: 'ConnectionRole', metadata: { name: 'erp' } },
  'an empty role': other('ConnectionRole', {}),
  'an empty group': other('ConnectionGroup', {}),
  'a null catalog': other('ConnectionGroup', { catalog: null }),
  'an overlap of 720h': connection({ rotation: { overlap: '720h' } }),
  'an overlap of half a second': connection({ rotation: { overlap: '0.5s' } }),
  'an interval of 60m': connection({ rotation: { interval: '60m', overlap: '59m59s' } }),
  'an interval in milliseconds': connection({ rotation: { interval: '3600000ms', overlap: '0s' } }),
  'an overlap as long as the interval': connection({ rotation: { interval: '24h', overlap: '1440m' } }),
  '64 keys': connection({ secret: { data: texts(64) } }),
  '65 keys': connection({ secret: { data: texts(65) } }),
  'a key like a prototype': connection({ secret: { data: { constructor: 'x', toString: 'y' } } }),
  'a field like a prototype': connection({ constructor: 'x' }),
  'a template of 4096 two-byte letters': connection({ secret: { data: { A: 'ü'.repeat(4096) } } }),
  'a template of 4097 letters': connection({ secret: { data: { A: 'a'.repeat(4097) } } }),
  'an address with a port': connection({ image: 'https://example.com:8443/a.png' }),
  'an address with a broken port': connection({ image: 'https://example.com:port/a.png' }),
  'an address in capitals': connection({ image: 'HTTPS://example.com/a.png' }),
  'a data URI with a letter too much': connection({ image: 'data:image/png;base64,AAAA=A' }),
  'an app label for the Secret': connection({ secret: { labels: { 'app.kubernetes.io/name': 'a' } } }),
  'an unknown field of the metadata': connection({}, { lables: { a: 'b' } }),
  'a label that is no text': connection({}, { labels: { a: 1 } }),
  'a label with a blank': connection({}, { labels: { a: 'b c' } }),
  'an annotation key with a blank': connection({}, { annotations: { 'a b': 'c' } }),
  'a name with a capital': connection({}, { name: 'Erp' }),
  'a name with dots': connection({}, { name: 'erp.munich' }),
  'a name of two letters and a code': connection({ code: 'erp' }, { name: 'ab' }),
  'a known annotation': connection({}, { annotations: { 'connect.pim.dev/rotate': '1' } }),
  'an annotation of 128 emoji': connection({}, { annotations: { 'connect.pim.dev/rotate': '🙂'.repeat(128) } }),
  'an annotation of 129 emoji': connection({}, { annotations: { 'connect.pim.dev/rotate': '🙂'.repeat(129) } }),
  'a path of stars': other('ConnectionRole', { rules: [{ methods: ['GET'], paths: ['/', '/**', '/*/a/*'] }] }),
  'a path with an umlaut': other('ConnectionRole', { rules: [{ methods: ['GET'], paths: ['/größe/*'] }] }),
  'a path with a backslash': other('ConnectionRole', { rules: [{ methods: ['GET'], paths: ['/a\\b'] }] }),
  'a path with a delete character': other('ConnectionRole', { rules: [{ methods: ['GET'], paths: ['/a\u007fb'] }] }),
  'the same method twice': other('ConnectionRole', { rules: [{ methods: ['GET', 'GET'], paths: ['/a'] }] }),
  'no permissions': other('ConnectionRole', { permissions: [] }),
  'a star alone': other('ConnectionGroup', { catalog: { locales: { view: ['*'] } } }),
  'the same code twice': other('ConnectionGroup', { catalog: { locales: { view: ['a', 'a'] } } }),
};

test('rejected manifests, examples and edges: accepted by both or by neither', async () => {
  const files = ['test/rejected', 'examples'].flatMap((folder) =>
    findManifestFiles(folder).flatMap((file) =>
      readManifests(`${folder}/${file}`).map((manifest) => [`${folder}/${file}`, manifest] as const),
    ),
  );
  const all = [...files, ...Object.entries(edges)].filter(([, { apiVersion }]) => apiVersion.startsWith('connect'));
  const told = await Promise.all(
    all.map(async ([what, manifest]) => {
      const { namespace: _, ...metadata } = manifest.metadata;
      const body = { ...manifest, metadata };
      const { verdicts } = checkManifests([{ name: what, text: JSON.stringify(body) }], rules);
      const path = `${collectionPath(manifest.kind, namespace)}?dryRun=All&fieldValidation=Strict`;
      const { status, message } = await writeAs(sharedCluster(), undefined, { method: 'POST', path, body });
      return { what, here: verdicts[0]?.findings.length === 0, there: status === 201, message, verdicts };
    }),
  );
  expect(told.filter(({ here, there }) => here !== there)).toEqual([]);
  expect(told.filter(({ there }) => there).length).toBeGreaterThan(20);
});
