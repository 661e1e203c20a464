import { expect, test } from 'vitest';
import { checkManifests } from '../../../../src/cli/validate/check-manifests.ts';
import { readRules } from '../../../../src/cli/validate/read-rules.ts';
import { readProjectFile } from '../../../../src/process/read-project-file.ts';

const rules = readRules(readProjectFile);

const check = (text: string) => checkManifests([{ name: 'a.yaml', text }], rules);
const head = 'apiVersion: connect.pim.dev/v1beta1\nkind: Connection\nmetadata: {name: erp, namespace: a}\n';

test('several findings of one object come together', () => {
  const [verdict] = check(`${head}spec: {label: a, flowType: Sorce, trackd: true}`).verdicts;
  expect(verdict?.findings.map(({ path }) => path)).toEqual(['spec.trackd', 'spec.flowType']);
});

test('objects of other kinds are counted and left alone', () => {
  expect(check('apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n')).toEqual({ verdicts: [], others: 1 });
});

test('what is no YAML is said with its place, and nothing of what stands there', () => {
  const [verdict] = check('a: "secret\n').verdicts;
  expect(verdict?.findings[0]?.message).toMatch(/^not YAML: /);
  expect(verdict?.findings[0]?.message).not.toContain('secret');
});

test('a kind or version that there is not', () => {
  const [verdict] = check('apiVersion: connect.pim.dev/v1\nkind: Connection\nmetadata: {name: erp}\n').verdicts;
  expect(verdict?.findings[0]?.message).toContain('write apiVersion: connect.pim.dev/v1beta1');
});

test('a role that is closed to the namespace is told when it stands in the same files', () => {
  const role =
    'apiVersion: connect.pim.dev/v1beta1\nkind: ConnectionRole\nmetadata: {name: erp}\nspec: {namespaces: [b]}\n';
  const spec = 'spec: {label: ERP, flowType: Source, roleRef: {name: erp}}\n';
  const { verdicts } = check(`${role}---\n${head}${spec}`);
  expect(verdicts.map(({ findings }) => findings.map(({ message }) => message).join())).toEqual([
    '',
    expect.stringContaining('the ConnectionRole erp is not open to namespace a'),
  ]);
});

test('a list is judged item by item', () => {
  const item = JSON.stringify({
    apiVersion: 'connect.pim.dev/v1beta1',
    kind: 'ConnectionRole',
    metadata: { name: 'a' },
    spec: {},
  });
  expect(check(`apiVersion: v1\nkind: List\nitems: [${item}, ${item}]`).verdicts).toHaveLength(2);
});
