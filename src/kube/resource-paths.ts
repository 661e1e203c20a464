import { group, version } from '../api/names.ts';

const connect = `/apis/${group}/${version}`;
const admission = '/apis/admissionregistration.k8s.io/v1';
const rbac = '/apis/rbac.authorization.k8s.io/v1';

/** Connections of one namespace; `undefined`: of all. */
export const connectionsPath = (namespace?: string): string => buildPath(connect, namespace, 'connections');
export const connectionPath = (namespace: string, name: string): string =>
  `${connectionsPath(namespace)}/${segment(name)}`;
export const connectionStatusPath = (namespace: string, name: string): string =>
  `${connectionPath(namespace, name)}/status`;

export const rolesPath = (): string => `${connect}/connectionroles`;
export const rolePath = (name: string): string => `${rolesPath()}/${segment(name)}`;
export const groupsPath = (): string => `${connect}/connectiongroups`;
export const groupPath = (name: string): string => `${groupsPath()}/${segment(name)}`;

/** Secrets of one namespace; `undefined`: of all (never without our label selector). */
export const secretsPath = (namespace?: string): string => buildPath('/api/v1', namespace, 'secrets');
export const secretPath = (namespace: string, name: string): string => `${secretsPath(namespace)}/${segment(name)}`;

export const leasesPath = (namespace?: string): string =>
  buildPath('/apis/coordination.k8s.io/v1', namespace, 'leases');
export const leasePath = (namespace: string, name: string): string => `${leasesPath(namespace)}/${segment(name)}`;

/** Events of `events.k8s.io/v1`. */
export const eventsPath = (namespace?: string): string => buildPath('/apis/events.k8s.io/v1', namespace, 'events');
export const eventPath = (namespace: string, name: string): string => `${eventsPath(namespace)}/${segment(name)}`;

export const podsPath = (namespace?: string): string => buildPath('/api/v1', namespace, 'pods');

export const namespacesPath = (): string => '/api/v1/namespaces';
export const namespacePath = (name: string): string => `${namespacesPath()}/${segment(name)}`;

export const customResourceDefinitionPath = (name: string): string =>
  `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${segment(name)}`;
export const admissionPolicyPath = (name: string): string =>
  `${admission}/validatingadmissionpolicies/${segment(name)}`;
export const admissionBindingPath = (name: string): string =>
  `${admission}/validatingadmissionpolicybindings/${segment(name)}`;
export const clusterRoleBindingPath = (name: string): string => `${rbac}/clusterrolebindings/${segment(name)}`;

export const subjectAccessReviewsPath = (): string => '/apis/authorization.k8s.io/v1/subjectaccessreviews';
export const selfSubjectAccessReviewsPath = (): string => '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
export const selfSubjectReviewsPath = (): string => '/apis/authentication.k8s.io/v1/selfsubjectreviews';
export const tokenReviewsPath = (): string => '/apis/authentication.k8s.io/v1/tokenreviews';

/** The list path of any resource; `namespace` absent: all namespaces, or a cluster-scoped resource. */
export function resourcesPath(group: string, version: string, plural: string, namespace?: string): string {
  return buildPath(group === '' ? `/api/${version}` : `/apis/${group}/${version}`, namespace, plural);
}

function buildPath(root: string, namespace: string | undefined, plural: string): string {
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${segment(namespace)}/${plural}`;
}

/** One path segment, whatever it holds: a name from outside never reaches another path. */
function segment(name: string): string {
  if (name === '' || name === '.' || name === '..') throw new RangeError('a name is not empty and not made of dots');
  return encodeURIComponent(name);
}
