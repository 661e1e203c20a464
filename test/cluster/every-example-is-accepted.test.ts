import { beforeAll, expect, test } from 'vitest';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { findManifestFiles, readManifests, readText } from './manifests/read-manifests.ts';

const { kubectl } = sharedCluster();

beforeAll(async () => {
  // For good: what is dry-run below needs it.
  await kubectl(['apply', '-f', 'examples/00-namespace.yaml']);
});

test.each(findManifestFiles('examples'))('kubectl apply -f examples/%s', async (file) => {
  const applied = await kubectl(['apply', '--dry-run=server', '-f', `examples/${file}`]);
  expect(applied).toMatchObject({ code: 0, stderr: expect.not.stringContaining('Warning') });
});

test('kubectl apply -k examples applies all of them', async () => {
  const applied = await kubectl(['apply', '-k', 'examples', '--dry-run=server', '-o', 'name']);
  expect(applied).toMatchObject({ code: 0 });
  const files = findManifestFiles('examples').flatMap((file) => readManifests(`examples/${file}`));
  expect(applied.stdout.trim().split('\n')).toHaveLength(files.length);
});

test('ERP, DAM and shop have a role and a group of their own', () => {
  const objects = findManifestFiles('examples').flatMap((file) => readManifests(`examples/${file}`));
  const named = (kind: string): string[] => objects.filter((o) => o.kind === kind).map((o) => o.metadata.name);
  for (const name of ['erp', 'dam', 'ecommerce']) {
    expect(named('Connection')).toContain(name);
    expect(named('ConnectionRole')).toContain(name);
    expect(named('ConnectionGroup')).toContain(name);
  }
});

test('no example holds anything that could be somebody’s credential', () => {
  for (const file of findManifestFiles('examples')) expect(readText(`examples/${file}`)).not.toMatch(/csec_|cpwd_/);
});
