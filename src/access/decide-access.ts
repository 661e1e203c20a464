import type { AkeneoEndpoint } from '../api/akeneo-endpoints.ts';
import type { ConnectionRoleSpec } from '../api/generated/connection-role.ts';
import type { Permission } from '../api/permissions.ts';
import { buildDenialMessage, noWebApiMessage } from './build-denial-message.ts';
import { checkOwnPath } from './check-own-path.ts';
import { findRoleAccess, type RoleAccess } from './find-role-access.ts';
import type { FoundRoutes } from './find-routes.ts';
import { findRule } from './find-rule.ts';
import { allowedMethods, type Method } from './read-method.ts';
import type { Target } from './read-target.ts';
import { Refusal } from './refusal.ts';

/** What made a call pass or would have: a permission, a rule, overall access alone, or that the endpoint is open. */
export type Ground = Permission | 'rule' | 'overall access' | 'open';

/** What is decided about one call, before its body is read. */
export interface AccessDecision {
  /** Absent: allowed. 403, or 405 for an OPTIONS that no rule names. */
  readonly refusal?: Refusal;
  /** For logs and metrics, a bounded set: path of the endpoint, else of the rule, else `unmatched`. */
  readonly route: string;
  readonly ground: Ground;
}

/** The call that is asked about. */
export interface Call {
  readonly method: Method;
  readonly target: Target;
  /** From `findRoutes`, for this method and target. */
  readonly routes: FoundRoutes;
}

/** `unconfirmedEndpoints` of the configuration. */
export type UnconfirmedEndpoints = 'deny' | 'overallAccess';

const unmatched = 'unmatched';

/**
 * Whether a role allows a call. Deny by default: what neither its permissions nor its rules allow is 403.
 *
 * @param role spec of the role. `undefined`: it is gone or may not be used here, so that every call is 403.
 */
export function decideAccess(
  role: ConnectionRoleSpec | undefined,
  call: Call,
  unconfirmed: UnconfirmedEndpoints,
): AccessDecision {
  const { method, target, routes } = call;
  const route = routes.endpoints[0]?.path ?? unmatched;
  if (checkOwnPath(target)) return deny('Access forbidden. This path is not proxied.', unmatched, 'rule');
  if (routes.open) return { route, ground: 'open' };
  const access = role && findRoleAccess(role);
  if (access === undefined || !access.overallAccess) return deny(noWebApiMessage, route, 'overall access');
  const rule = findRule(access.rules, method, target);
  const missing = findMissing(access, routes, unconfirmed);
  if (method === 'OPTIONS' && rule === undefined) return { refusal: refuseOptions(), route, ground: 'rule' };
  if (access.readOnly && !isReading(call)) return denyWrite(routes, route);
  if (missing === undefined) return { route, ground: readGround(routes.endpoints, unconfirmed) };
  if (rule !== undefined) return { route: route === unmatched ? rule : route, ground: 'rule' };
  return { refusal: new Refusal(403, missing.message), route, ground: missing.ground };
}

interface Missing {
  readonly ground: Ground;
  readonly message: string;
}

/** The first thing that the role lacks. `undefined`: its permissions are enough. */
function findMissing(access: RoleAccess, routes: FoundRoutes, unconfirmed: UnconfirmedEndpoints): Missing | undefined {
  const { endpoints } = routes;
  if (endpoints.length === 0)
    return { ground: 'rule', message: 'Access forbidden. No rule of the role allows this call.' };
  for (const endpoint of endpoints) {
    const need = findNeed(endpoint, unconfirmed);
    if (need === 'overall access' || need === 'open' || (need !== 'rule' && access.permissions.has(need))) continue;
    return { ground: need, message: buildDenialMessage(endpoint, need === 'rule') };
  }
  return undefined;
}

/** What one endpoint asks for beside overall access. A write that nothing is known about asks for a rule. */
function findNeed(endpoint: AkeneoEndpoint, unconfirmed: UnconfirmedEndpoints): Ground {
  if (endpoint.open === true) return 'open';
  if (endpoint.permission !== undefined) return endpoint.permission;
  if (endpoint.method === 'GET' || unconfirmed === 'overallAccess') return 'overall access';
  return endpoint.needs ?? 'rule';
}

function readGround([first]: readonly AkeneoEndpoint[], unconfirmed: UnconfirmedEndpoints): Ground {
  return first === undefined ? 'rule' : findNeed(first, unconfirmed);
}

/** GET, HEAD, and POST to the PIM's own search endpoints; a rule cannot make another path a search. */
function isReading({ method, routes }: Call): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  const { endpoints } = routes;
  return method === 'POST' && endpoints.length > 0 && endpoints.every(({ path }) => path.endsWith('/search'));
}

function denyWrite(routes: FoundRoutes, route: string): AccessDecision {
  const [first] = routes.endpoints;
  const message = first === undefined ? 'Access forbidden. The role is read-only.' : buildDenialMessage(first);
  return deny(message, route, first?.permission ?? 'rule');
}

function deny(message: string, route: string, ground: Ground): AccessDecision {
  return { refusal: new Refusal(403, message), route, ground };
}

function refuseOptions(): Refusal {
  return new Refusal(405, `Method Not Allowed (Allow: ${allowedMethods})`, allowedMethods);
}
