import { beforeAll, expect, test } from 'vitest';
import { createNamespace } from './control-plane/create-namespace.ts';
import { sharedCluster } from './control-plane/shared-cluster.ts';
import { operatorKubeconfig } from './control-plane/start-operator.ts';

const cluster = sharedCluster();
const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
let namespace = '';
let operator = '';

beforeAll(async () => {
  namespace = await createNamespace();
  operator = await operatorKubeconfig();
});

interface Question {
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly namespace?: string;
}

async function mayDo(verb: string, question: Question): Promise<boolean> {
  const spec = { resourceAttributes: { verb, ...question } };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec };
  const answer = await cluster.request<{ status: { allowed: boolean } }>({ method: 'POST', path, body }, operator);
  return answer.body.status.allowed;
}

async function findVerbs(question: Question): Promise<string[]> {
  const answers = await Promise.all(
    [...verbs, 'issue', 'bind'].map(async (verb) => [verb, await mayDo(verb, question)]),
  );
  return answers.filter(([, may]) => may).map(([verb]) => String(verb));
}

const ours = { group: 'connect.pim.dev' };
const policies = { group: 'admissionregistration.k8s.io', resource: 'validatingadmissionpolicies' };

test.each<[string, Question, string[]]>([
  ['Connections', { ...ours, resource: 'connections' }, ['get', 'list', 'watch', 'issue']],
  ['their status', { ...ours, resource: 'connections', subresource: 'status' }, ['update']],
  ['their finalizers', { ...ours, resource: 'connections', subresource: 'finalizers' }, []],
  ['roles', { ...ours, resource: 'connectionroles' }, ['get', 'list', 'watch', 'create']],
  ['groups', { ...ours, resource: 'connectiongroups' }, ['get', 'list', 'watch', 'create']],
  ['Secrets', { resource: 'secrets' }, ['get', 'list', 'watch', 'create', 'update', 'delete']],
  ['core events', { resource: 'events' }, ['create', 'patch']],
  ['events', { group: 'events.k8s.io', resource: 'events' }, ['create', 'patch']],
  ['ConfigMaps of others', { resource: 'configmaps' }, []],
  ['pods', { resource: 'pods' }, []],
  ['tokens of ServiceAccounts', { resource: 'serviceaccounts', subresource: 'token' }, []],
  ['Leases of others', { group: 'coordination.k8s.io', resource: 'leases' }, []],
])('%s', async (_, question, allowed) => {
  expect(await findVerbs({ namespace, ...question })).toEqual(allowed);
});

test('in its own namespace Leases and ConfigMaps', async () => {
  const own = { namespace: 'connection-system' };
  const lease = { ...own, group: 'coordination.k8s.io', resource: 'leases' };
  expect(await findVerbs(lease)).toEqual(['get', 'list', 'create', 'update']);
  expect(await findVerbs({ ...own, resource: 'configmaps' })).toEqual(['get', 'create', 'update']);
});

test('policies it reads by name, and it creates one alone', async () => {
  expect(await findVerbs(policies)).toEqual([]);
  expect(await findVerbs({ ...policies, name: 'connection-status' })).toEqual(['get']);
  expect(await findVerbs({ ...policies, name: 'connection-keep-in-use' })).toEqual(['create', 'patch']);
  const metadata = { name: 'another' };
  const answer = await cluster.request(
    { method: 'POST', path: `/apis/${policies.group}/v1/${policies.resource}`, body: { metadata } },
    operator,
  );
  expect(answer.status).toBe(403);
});
