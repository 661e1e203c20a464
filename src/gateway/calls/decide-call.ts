import { noWebApiMessage } from '../../access/build-denial-message.ts';
import type { RouteTable } from '../../access/build-route-table.ts';
import { checkOwnPath } from '../../access/check-own-path.ts';
import { decideAccess, type Ground, type UnconfirmedEndpoints } from '../../access/decide-access.ts';
import { type FoundRoutes, findRoutes } from '../../access/find-routes.ts';
import { readRights } from '../../access/group-rights.ts';
import type { Refusal } from '../../access/refusal.ts';
import type { Connection } from '../../api/generated/connection.ts';
import type { ConnectionGroupSpec } from '../../api/generated/connection-group.ts';
import { codeOf } from '../../credentials/code.ts';
import type { Directory } from '../directory/directory.ts';
import type { Decision } from '../metrics/decision.ts';
import type { CallerNames } from '../request/build-upstream-headers.ts';
import { checkMediaTypes } from '../request/check-media-types.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { AccessTokenVerifier } from '../token/verify-access-token.ts';

/** Everything that a decision stands on. */
export interface CallContext {
  readonly directory: Directory;
  readonly verify: AccessTokenVerifier;
  readonly routes: RouteTable;
  readonly unconfirmed: UnconfirmedEndpoints;
  /** What is known is too old, and calls are refused then. */
  readonly isRefusing: () => boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

/** Who calls: the Connection of the client id, and that of the username, whose role and group count. */
export interface Caller {
  readonly client: Connection;
  readonly user: Connection;
  readonly names: CallerNames;
}

/** What is decided about one call, before its body is read. */
export type CallDecision =
  | (DecidedCall & {
      readonly allowed: true;
      /** Absent on an open endpoint. */
      readonly caller?: Caller;
      /** The group, where it is restricted and the call carries product data: the catalog has the last word. */
      readonly restricted?: ConnectionGroupSpec;
    })
  | (DecidedCall & {
      readonly allowed: false;
      readonly decision: Exclude<Decision, 'allowed' | 'upstream_error'>;
      readonly status: 400 | 401 | 403 | 404 | 405 | 406 | 408 | 413 | 415 | 422 | 503;
      readonly message: string;
      readonly headers: Readonly<Record<string, string>>;
      /** Absent while nobody is known to call. */
      readonly user?: Connection;
    });

interface DecidedCall {
  /** For logs, a bounded set: path of the endpoint, else of the rule, else `unmatched`. */
  readonly route: string;
  readonly ground: Ground | 'none';
  readonly routes: FoundRoutes;
}

/**
 * Decides whether a call may reach the upstream, for the proxy and for `/authz` alike: open endpoint, age of what is
 * known, token, role, form of the body, group. Limits come after it, and for a restricted group the catalog.
 */
export function decideCall(context: CallContext, request: ReadRequest): CallDecision {
  const { method, target, headers } = request;
  const routes = findRoutes(context.routes, method, target);
  const route = routes.endpoints[0]?.path ?? 'unmatched';
  // The token endpoint is open too, but it is ours: `/authz` must not let anybody through to the PIM's own.
  if (routes.open && !checkOwnPath(target)) return { allowed: true, route, ground: 'open', routes };
  const unknown = { allowed: false, route, ground: 'none', routes, headers: {} } as const;
  if (context.isRefusing()) return { ...unknown, ...tooOld };

  const token = context.verify(headers.authorization, context.clock());
  if (token.kind === 'refused') {
    const { status, message } = token;
    return { ...unknown, decision: 'unauthenticated', status, message, headers: buildChallenge(headers.authorization) };
  }
  const { client, user } = token;
  const role = context.directory.findRole(user);
  const group = context.directory.findGroup(user);
  const access = decideAccess(
    role.state === 'allowed' ? role.object.spec : undefined,
    { method, target, routes },
    context.unconfirmed,
  );
  const decided = { route: access.route, ground: access.ground, routes };
  const refuse = (refusal: Pick<Refusal, 'status' | 'message' | 'allow'>, decision: RefusedDecision): CallDecision => {
    const { status, message, allow } = refusal;
    const extra = allow === undefined ? {} : { allow };
    return {
      ...decided,
      allowed: false,
      decision,
      status: status === 400 ? 403 : status,
      message,
      headers: extra,
      user,
    };
  };
  if (access.refusal) return refuse(access.refusal, access.ground === 'overall access' ? 'no_access' : 'forbidden');
  if (role.state !== 'allowed' || group.state !== 'allowed') return refuse(noGroup, 'no_access');
  const media = checkMediaTypes(method, target, headers, routes);
  if (media) return refuse(media, 'forbidden');
  const names = { code: codeOf(user), role: role.object.metadata.name, group: group.object.metadata.name };
  const isJudged = routes.productData !== undefined && readRights(group.object.spec).kind !== 'open';
  const restricted = isJudged && { restricted: group.object.spec };
  return { ...decided, allowed: true, caller: { client, user, names }, ...restricted };
}

type RefusedDecision = 'no_access' | 'forbidden';

const tooOld = {
  decision: 'stale',
  status: 503,
  message: 'Connections cannot be checked at the moment. Try again later.',
  headers: { 'retry-after': '5' },
} as const;
const noGroup = { status: 403, message: noWebApiMessage, allow: undefined } as const;
/** RFC 6750 section 3: a challenge says why only when there was a token. */
function buildChallenge(authorization: string | undefined): Readonly<Record<string, string>> {
  const isToken = authorization?.startsWith('Bearer ') === true;
  return { 'www-authenticate': isToken ? 'Bearer realm="Service", error="invalid_token"' : 'Bearer realm="Service"' };
}
