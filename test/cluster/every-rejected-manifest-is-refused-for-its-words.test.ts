import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { collectionPath, findManifestFiles, readManifests, readText } from './manifests/read-manifests.ts';
import { writeAs } from './manifests/write-as.ts';

const first = /^# refused: (.+)\n/;
let namespace = '';

beforeAll(async () => {
  namespace = await createNamespace();
});

test.each(findManifestFiles('test/rejected'))('%s', async (file) => {
  const words = first.exec(readText(`test/rejected/${file}`))?.[1] ?? 'its first line must be "# refused: <words>"';
  const manifests = readManifests(`test/rejected/${file}`);
  expect(manifests).toHaveLength(1);
  for (const body of manifests) {
    const path = `${collectionPath(body.kind, namespace)}?dryRun=All&fieldValidation=Strict`;
    const verdict = await writeAs(sharedCluster(), undefined, { method: 'POST', path, body });
    expect(verdict.message).toContain(words);
    expect([400, 403, 422]).toContain(verdict.status);
  }
});
