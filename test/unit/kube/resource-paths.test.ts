import { expect, test } from 'vitest';
import * as paths from '../../../src/kube/resource-paths.ts';

test.each([
  [paths.connectionsPath(), '/apis/connect.pim.dev/v1beta1/connections'],
  [paths.connectionsPath('team'), '/apis/connect.pim.dev/v1beta1/namespaces/team/connections'],
  [paths.connectionPath('team', 'erp'), '/apis/connect.pim.dev/v1beta1/namespaces/team/connections/erp'],
  [paths.connectionStatusPath('team', 'erp'), '/apis/connect.pim.dev/v1beta1/namespaces/team/connections/erp/status'],
  [paths.rolesPath(), '/apis/connect.pim.dev/v1beta1/connectionroles'],
  [paths.rolePath('user'), '/apis/connect.pim.dev/v1beta1/connectionroles/user'],
  [paths.groupPath('all'), '/apis/connect.pim.dev/v1beta1/connectiongroups/all'],
  [paths.secretsPath(), '/api/v1/secrets'],
  [paths.secretPath('team', 'erp-credentials'), '/api/v1/namespaces/team/secrets/erp-credentials'],
  [paths.leasePath('system', 'x'), '/apis/coordination.k8s.io/v1/namespaces/system/leases/x'],
  [paths.eventPath('team', 'x'), '/apis/events.k8s.io/v1/namespaces/team/events/x'],
  [paths.namespacePath('team'), '/api/v1/namespaces/team'],
  [paths.resourcesPath('', 'v1', 'configmaps', 'team'), '/api/v1/namespaces/team/configmaps'],
  [paths.resourcesPath('apps', 'v1', 'deployments'), '/apis/apps/v1/deployments'],
])('%s', (path, expected) => {
  expect(path).toBe(expected);
});

test('a name from outside never leads to another path', () => {
  expect(paths.secretPath('team', '../../nodes?x=1#y')).toBe(
    '/api/v1/namespaces/team/secrets/..%2F..%2Fnodes%3Fx%3D1%23y',
  );
  for (const name of ['', '.', '..']) {
    expect(() => paths.secretPath('team', name)).toThrow(RangeError);
    expect(() => paths.secretsPath(name)).toThrow(RangeError);
  }
});
