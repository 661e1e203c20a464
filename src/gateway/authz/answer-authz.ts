import { Refusal } from '../../access/refusal.ts';
import { type CallContext, type CallDecision, decideCall } from '../calls/decide-call.ts';
import { type AuthzSource, readAuthzRequest } from '../request/read-authz-request.ts';
import type { Exchange } from '../server/exchange.ts';
import { writeError, writeReply } from '../server/write-reply.ts';
import { hasForeignClaim } from './check-claims.ts';

/** What was answered to a question on `/authz`; without `decision` it could not be read. */
export interface AuthzAnswer {
  readonly status: 200 | 401 | 403;
  readonly decision?: CallDecision;
}

const foreignClaim = 'Only X-Connection-Code, -Role and -Group, spelled like this, may be in a request.';
/** Printable ASCII, so that a header can carry it. */
const readable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

/**
 * Answers whether another proxy may pass a request on: 200, 401 or 403, nothing else, because nginx takes any other
 * answer for a failure. A 200 always carries all three headers, empty ones where nobody is known to call: a header that
 * is missing would let the client's own one through in some proxies.
 */
export function answerAuthz(exchange: Exchange, context: CallContext, from: AuthzSource): AuthzAnswer {
  const asked = readAuthzRequest(exchange.raw, from);
  if (asked instanceof Refusal || hasForeignClaim(asked.headers.lines)) {
    writeError(exchange, 403, asked instanceof Refusal ? asked.message : foreignClaim);
    return { status: 403 };
  }
  const decision = refuseRestricted(decideCall(context, asked));
  if (decision.allowed) {
    const { code = '', role = '', group = '' } = decision.caller?.names ?? {};
    const headers = {
      'x-connection-code': readable(code),
      'x-connection-role': readable(role),
      'x-connection-group': readable(group),
    };
    writeReply(exchange, 200, headers, '');
    return { status: 200, decision };
  }
  const status = decision.status === 401 ? 401 : 403;
  writeError(exchange, status, decision.message, status === 401 ? decision.headers : {});
  return { status, decision };
}

/** Bodies and replies cannot be seen from here, so that nothing can be kept from a restricted group but all of it. */
function refuseRestricted(decision: CallDecision): CallDecision {
  if (!decision.allowed || decision.restricted === undefined) return decision;
  const { route, ground, routes, caller } = decision;
  return {
    route,
    ground,
    routes,
    allowed: false,
    decision: 'catalog',
    status: 403,
    message:
      'Access forbidden. The group of this connection may not see all of the catalog, and this call carries product data.',
    headers: {},
    ...(caller && { user: caller.user }),
  };
}
