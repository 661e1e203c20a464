import { buildRouteTable } from '../../../src/access/build-route-table.ts';
import { type AccessDecision, type Call, decideAccess } from '../../../src/access/decide-access.ts';
import { findRoutes } from '../../../src/access/find-routes.ts';
import type { ConnectionRoleSpec } from '../../../src/api/generated/connection-role.ts';
import { requestOf } from '../gateway/request/request-of.ts';

const table = buildRouteTable();

/** A call as the gateway sees it after reading and looking it up. */
export function callOf(method: string, path: string): Call {
  const request = requestOf(method, path);
  return { method: request.method, target: request.target, routes: findRoutes(table, request.method, request.target) };
}

/** What a role may do, with `unconfirmedEndpoints: deny`. */
export function decide(role: ConnectionRoleSpec | undefined, method: string, path: string): AccessDecision {
  return decideAccess(role, callOf(method, path), 'deny');
}

/** Status of the refusal; 0: allowed. */
export function statusOf(role: ConnectionRoleSpec | undefined, method: string, path: string): number {
  return decide(role, method, path).refusal?.status ?? 0;
}
