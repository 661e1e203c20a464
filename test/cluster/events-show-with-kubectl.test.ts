import { expect, test } from 'vitest';
import { EventRecorder } from '../../src/kube/event-recorder.ts';
import type { KubeObject } from '../../src/kube/kube-object.ts';
import { resourcesPath } from '../../src/kube/resource-paths.ts';
import { createNamespace } from './control-plane/create-namespace.ts';
import { eventually } from './control-plane/eventually.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { connectClient } from './kube/connect-client.ts';

test('an event and how often it came, also with a note of any length', async () => {
  const namespace = await createNamespace();
  const client = await connectClient(sharedCluster());
  const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'erp' } };
  const subject = await client.create<KubeObject>(resourcesPath('', 'v1', 'configmaps', namespace), body);
  const about = { ...subject, apiVersion: 'v1', kind: 'ConfigMap' };
  const recorder = new EventRecorder(client, { controller: 'connect.pim.dev/operator', instance: 'pod-1' });
  recorder.record(about, { type: 'Normal', reason: 'Issued', note: 'ü'.repeat(2_000) });
  recorder.record(about, { type: 'Warning', reason: 'SecretConflict', note: 'Another Secret' });
  await eventually(async () => {
    const { stdout } = await sharedCluster().kubectl(['describe', 'configmap', 'erp', '-n', namespace]);
    expect(stdout).toMatch(/Normal +Issued .* connect\.pim\.dev\/operator +ü+…/);
    expect(stdout).toMatch(/Warning +SecretConflict .* Another Secret/);
  });
  for (let count = 0; count < 3; count += 1) {
    recorder.record(about, { type: 'Warning', reason: 'SecretConflict', note: 'Another Secret' });
  }
  await recorder.stop(5_000);
  expect(recorder.dropped).toBe(0);
  const { stdout } = await sharedCluster().kubectl(['describe', 'configmap', 'erp', '-n', namespace]);
  expect(stdout).toMatch(/Warning +SecretConflict .*\(x4 over/);
});

test('about an object that has no namespace', async () => {
  const client = await connectClient(sharedCluster());
  const subject = await client.get<KubeObject>('/api/v1/namespaces/kube-system');
  const recorder = new EventRecorder(client, { controller: 'connect.pim.dev/operator', instance: 'pod-1' });
  recorder.record(
    { ...subject, apiVersion: 'v1', kind: 'Namespace' },
    { type: 'Normal', reason: 'Seen', note: 'Seen' },
  );
  await recorder.stop(5_000);
  expect(recorder.dropped).toBe(0);
});
