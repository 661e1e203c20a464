import { defaultGroup, defaultRole } from '../../api/names.ts';
import { isSecretTypeAllowed } from '../../api/secret.ts';
import { codeOf } from '../../credentials/code.ts';
import type { ObservedConnection, ReferenceState, Rival } from '../observe/observed-connection.ts';
import type { Problem } from './problem.ts';

/** One thing that can be wrong with a Connection apart from its Secret. */
export type Check = (observed: ObservedConnection) => Problem | undefined;

/** What somebody else has that this Connection claims; it has no valid credentials then. */
export const identityChecks: readonly Check[] = [checkCode, checkNames];

/** What a first issue waits for besides, in the order in which it is told. After it they change nothing. */
export const permissionChecks: readonly Check[] = [
  checkSecretType,
  checkRole,
  checkGroup,
  checkRoleAllowed,
  checkGroupAllowed,
];

/** The first problem that one of these checks finds. */
export function findProblem(observed: ObservedConnection, checks: readonly Check[]): Problem | undefined {
  for (const check of checks) {
    const problem = check(observed);
    if (problem) return problem;
  }
  return undefined;
}

function checkCode(observed: ObservedConnection): Problem | undefined {
  const rival = observed.rivals.code;
  if (!rival) return undefined;
  const message = `The code ${codeOf(observed.connection)} belongs to ${nameOf(observed, rival)}: set spec.code to one of its own.`;
  return { reason: 'CodeConflict', message };
}

function checkNames(observed: ObservedConnection): Problem | undefined {
  const { clientId, username } = observed.rivals;
  const rival = clientId ?? username;
  if (!rival) return undefined;
  const what = clientId ? 'client id' : 'username';
  const message = `The ${what} belongs to ${nameOf(observed, rival)}, which had it first: set spec.code and create this Connection anew.`;
  return { reason: 'IdentityConflict', message };
}

/** Whether the namespace still has a place for a first issue. */
export function checkLimit({ limitReached, connection }: ObservedConnection): Problem | undefined {
  if (limitReached === undefined) return undefined;
  const message =
    `Namespace ${connection.metadata.namespace} has ${limitReached} connections, the limit: ` +
    'delete one that is not used, or ask for a higher --connection-limit.';
  return { reason: 'ConnectionLimitReached', message };
}

/** The CRD refuses other types too. The token of a ServiceAccount is a type of Secret: nobody gets one by a spec. */
function checkSecretType({ connection }: ObservedConnection): Problem | undefined {
  const type = connection.spec.secret?.type;
  if (type === undefined || isSecretTypeAllowed(type)) return undefined;
  const message = `No Secret of type ${type} is written: set spec.secret.type to Opaque, kubernetes.io/basic-auth or servicebinding.io/<word>.`;
  return { reason: 'SecretRefused', message };
}

function checkRole({ connection, role }: ObservedConnection): Problem | undefined {
  if (role !== 'notFound') return undefined;
  const name = connection.spec.roleRef?.name ?? defaultRole;
  return { reason: 'RoleNotFound', message: `There is no ConnectionRole ${name}: create it, or change spec.roleRef.` };
}

function checkGroup({ connection, group }: ObservedConnection): Problem | undefined {
  if (group !== 'notFound') return undefined;
  const name = connection.spec.groupRef?.name ?? defaultGroup;
  return {
    reason: 'GroupNotFound',
    message: `There is no ConnectionGroup ${name}: create it, or change spec.groupRef.`,
  };
}

function checkRoleAllowed({ connection, role }: ObservedConnection): Problem | undefined {
  const name = connection.spec.roleRef?.name ?? defaultRole;
  return notAllowed(role, 'RoleNotAllowed', `ConnectionRole ${name}`, connection.metadata.namespace);
}

function checkGroupAllowed({ connection, group }: ObservedConnection): Problem | undefined {
  const name = connection.spec.groupRef?.name ?? defaultGroup;
  return notAllowed(group, 'GroupNotAllowed', `ConnectionGroup ${name}`, connection.metadata.namespace);
}

function notAllowed(
  state: ReferenceState,
  reason: 'RoleNotAllowed' | 'GroupNotAllowed',
  what: string,
  namespace: string,
): Problem | undefined {
  if (state !== 'notAllowed') return undefined;
  const message = `${what} may not be used in namespace ${namespace}: choose another one, or add the namespace to its spec.namespaces.`;
  return { reason, message };
}

/** Names the other Connection only to those who may know of it: in the same namespace. */
function nameOf({ connection }: ObservedConnection, rival: Rival): string {
  return rival.namespace === connection.metadata.namespace
    ? `Connection ${rival.name}`
    : 'a Connection in another namespace';
}
