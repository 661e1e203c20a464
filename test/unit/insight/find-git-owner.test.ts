import { expect, test } from 'vitest';
import { findGitOwner } from '../../../src/insight/find-git-owner.ts';

test('Argo CD by its tracking id', () => {
  const annotations = { 'argocd.argoproj.io/tracking-id': 'shop:connect.pim.dev/Connection:connectors/erp' };
  expect(findGitOwner({ annotations })).toMatchObject({ tool: 'Argo CD', name: 'shop' });
});

test('Argo CD by its own label, and by the common one on what it applied', () => {
  expect(findGitOwner({ labels: { 'argocd.argoproj.io/instance': 'shop' } })).toMatchObject({ tool: 'Argo CD' });
  const labels = { 'app.kubernetes.io/instance': 'shop' };
  expect(findGitOwner({ labels, managedFields: [{ manager: 'argocd-controller' }] })).toMatchObject({ name: 'shop' });
  expect(findGitOwner({ labels, managedFields: [{ manager: 'kubectl' }] })).toBeUndefined();
});

test.each([
  ['kustomize', 'Kustomization'],
  ['helm', 'HelmRelease'],
])('Flux by its %s labels', (controller, kind) => {
  const prefix = `${controller}.toolkit.fluxcd.io`;
  const owner = findGitOwner({ labels: { [`${prefix}/name`]: 'apps', [`${prefix}/namespace`]: 'flux-system' } });
  expect(owner).toMatchObject({ tool: 'Flux', name: 'flux-system/apps' });
  expect(owner?.sentence).toContain(`Flux ${kind} flux-system/apps`);
});

test('Helm by label and annotation together', () => {
  const annotations = { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': 'web' };
  expect(findGitOwner({ annotations, labels: { 'app.kubernetes.io/managed-by': 'Helm' } })).toMatchObject({
    tool: 'Helm',
    name: 'web/shop',
  });
  expect(findGitOwner({ annotations })).toBeUndefined();
});

test('nobody', () => {
  expect(findGitOwner({})).toBeUndefined();
  expect(findGitOwner({ labels: { app: 'x' }, annotations: { 'argocd.argoproj.io/tracking-id': '' } })).toBeUndefined();
});
