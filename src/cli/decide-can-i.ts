import { buildRouteTable } from '../access/build-route-table.ts';
import { checkOwnPath } from '../access/check-own-path.ts';
import { type AccessDecision, decideAccess } from '../access/decide-access.ts';
import { findRoutes } from '../access/find-routes.ts';
import { readRights } from '../access/group-rights.ts';
import { readMethod } from '../access/read-method.ts';
import { readTarget } from '../access/read-target.ts';
import { Refusal } from '../access/refusal.ts';
import type { Connection } from '../api/generated/connection.ts';
import type { ConnectionGroup } from '../api/generated/connection-group.ts';
import type { ConnectionRole } from '../api/generated/connection-role.ts';
import { isIssued } from '../credentials/accepted-verifiers.ts';
import { describePermission } from '../insight/describe-role.ts';
import type { Named } from './read-objects.ts';

/** Whether a gateway would let a call pass, and why. */
export interface CanI {
  readonly allowed: boolean;
  /** Status of the answer that it would get; absent when it passes. */
  readonly status?: number;
  /** The endpoint that it is, as in `/api/rest/v1/products/{code}`. */
  readonly route: string;
  readonly reasons: readonly string[];
}

/** Who calls: a Connection with the role and the group that it names. */
export interface Caller {
  readonly connection: Connection;
  readonly role: Named<ConnectionRole>;
  readonly group: Named<ConnectionGroup>;
}

const table = buildRouteTable();

/**
 * The gateway's own decision, with the default `unconfirmedEndpoints: deny`. What hangs on the body, on limits and on
 * single products cannot be told.
 */
export function decideCanI({ connection, role, group }: Caller, methodText: string, path: string): CanI {
  const method = readMethod(methodText.toUpperCase());
  if (method instanceof Refusal) return refuse(method.status, 'unmatched', method.message);
  const target = readTarget(path);
  if (target instanceof Refusal) return refuse(target.status, 'unmatched', target.message);
  if (checkOwnPath(target)) {
    return { allowed: true, route: target.path, reasons: ['The gateway answers this itself; it is never forwarded.'] };
  }
  const routes = findRoutes(table, method, target);
  const roleSpec = 'object' in role && isOpenTo(role.object.spec.namespaces, connection) ? role.object.spec : undefined;
  const access = decideAccess(roleSpec, { method, target, routes }, 'deny');
  if (access.ground === 'open')
    return { allowed: true, route: access.route, reasons: ['Open to everybody, also without a token.'] };
  const state = describeState(connection);
  if (state !== undefined) return refuse(401, access.route, state);
  const rights =
    describeRights(role, 'ConnectionRole', connection) ?? describeRights(group, 'ConnectionGroup', connection);
  if (rights !== undefined) return refuse(403, access.route, rights);
  if (access.refusal !== undefined)
    return refuse(access.refusal.status, access.route, ...describeRefusal(access, role.name));
  const reason = describeGround(access, role.name);
  return 'object' in group
    ? judgeGroup(group.object, routes.productData, access.route, reason)
    : refuse(403, access.route, group.missing);
}

function refuse(status: number, route: string, ...reasons: readonly string[]): CanI {
  return { allowed: false, status, route, reasons };
}

function isOpenTo(namespaces: readonly string[] | undefined, { metadata }: Connection): boolean {
  return namespaces === undefined || namespaces.includes(metadata.namespace);
}

function describeState(connection: Connection): string | undefined {
  const { metadata, spec } = connection;
  if (metadata.deletionTimestamp !== undefined) return 'The Connection is being deleted: every token is refused.';
  if (spec.suspend === true)
    return 'The Connection is suspended: every token is refused until kubectl connection resume.';
  return isIssued(connection) ? undefined : 'The Connection has no credentials yet, so nobody has a token of it.';
}

function describeRights(
  named: Named<ConnectionRole> | Named<ConnectionGroup>,
  kind: string,
  connection: Connection,
): string | undefined {
  if ('missing' in named) return named.missing;
  if (isOpenTo(named.object.spec.namespaces, connection)) return undefined;
  return `${kind} ${named.name} is not open to namespace ${connection.metadata.namespace}: every call is refused.`;
}

function describeRefusal({ refusal, ground }: AccessDecision, role: string): readonly string[] {
  const said = refusal?.message ?? '';
  if (ground === 'overall access' || ground === 'open') return [said, `Role ${role} has no overall Web API access.`];
  if (ground === 'rule') return [said, `No entry of rules in role ${role} names this method and path.`];
  return [
    said,
    `Role ${role} would need ${ground} (${describePermission(ground)}), and must not be read only for a write.`,
  ];
}

function describeGround({ ground }: AccessDecision, role: string): string {
  if (ground === 'overall access') return `Role ${role} allows it: reading this asks for overall Web API access alone.`;
  if (ground === 'rule') return `Role ${role} allows it: an entry of its rules names it.`;
  return `Role ${role} allows it: ${ground} (${describePermission(ground)}).`;
}

function judgeGroup(
  { metadata, spec }: ConnectionGroup,
  productData: 'judged' | 'refused' | 'unknown' | undefined,
  route: string,
  reason: string,
): CanI {
  const { kind } = readRights(spec);
  if (kind === 'open' || productData === undefined) return { allowed: true, route, reasons: [reason] };
  if (productData !== 'judged') {
    return refuse(
      403,
      route,
      reason,
      `But group ${metadata.name} is restricted, and what this endpoint carries cannot be judged.`,
    );
  }
  const limit =
    kind === 'nothing'
      ? `Group ${metadata.name} grants nothing of the catalog: lists are empty, each single product is not found.`
      : `Group ${metadata.name} is restricted: only its part of the catalog is seen and changed.`;
  return { allowed: true, route, reasons: [reason, limit] };
}
