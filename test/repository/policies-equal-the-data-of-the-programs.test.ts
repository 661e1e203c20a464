import { loadAll } from 'js-yaml';
import { expect, test } from 'vitest';
import { akeneoEndpoints } from '../../src/api/akeneo-endpoints.ts';
import { buildKeepPolicySpec } from '../../src/api/keep-policy.ts';
import { permissions } from '../../src/api/permissions.ts';
import { readFile } from './read-tracked-files.ts';

interface Policy {
  readonly spec: { readonly variables?: readonly { readonly name: string; readonly expression: string }[] };
}

const [readPermissions, readKeep] = ['permissions', 'keep'].map((name) => {
  const [policy] = loadAll(readFile(`manifests/policies/${name}.yaml`)) as Policy[];
  return policy?.spec;
});

test('the policy about permissions knows those of src/api/permissions.ts', () => {
  const known = readPermissions?.variables?.find((variable) => variable.name === 'known')?.expression ?? '';
  expect([...known.matchAll(/'([^']+)'/g)].map(([, name]) => name)).toEqual([...permissions]);
});

test('these are the permissions that the endpoint table asks for, in alphabetical order', () => {
  const asked = akeneoEndpoints.flatMap(({ permission, needs }) => [permission, needs === 'rule' ? undefined : needs]);
  expect([...new Set(asked.filter((name) => name !== undefined))].sort()).toEqual([...permissions]);
});

test('the policy that the operator creates says what the one of the manifests says', () => {
  expect(readKeep).toEqual(buildKeepPolicySpec('connection-system'));
});
