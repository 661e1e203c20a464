import type { ConnectionGroupSpec } from '../../api/generated/connection-group.ts';
import type { CatalogGuard } from '../catalog/catalog-guard.ts';
import type { FlowWatcher } from '../flows/flow-watcher.ts';
import type { CallLimiter } from '../limits/call-limiter.ts';
import type { HeldBodies } from '../limits/held-bodies.ts';
import { readNetwork } from '../limits/read-network.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { Origin } from '../server/answer-own.ts';
import type { Exchange } from '../server/exchange.ts';
import { writeError } from '../server/write-reply.ts';
import type { ReplyObserver } from '../upstream/reply-observer.ts';
import type { ForwardOutcome, Upstream } from '../upstream/upstream.ts';
import { type CallContext, type CallDecision, type Caller, decideCall } from './decide-call.ts';
import { forwardJudged } from './forward-judged.ts';

/** What a call through the proxy needs. */
export interface ForwardContext extends CallContext {
  readonly catalog: CatalogGuard;
  readonly bodies: HeldBodies;
  readonly upstream: Upstream;
  /** By `metadata.uid`. */
  readonly limiter: CallLimiter;
  /** By network, for endpoints that need no token. */
  readonly addressLimiter: CallLimiter;
  /** Milliseconds on a clock that never goes backwards. */
  readonly uptime: () => number;
  readonly flows: FlowWatcher;
}

/** What became of a call. */
export type ForwardedCall =
  | { readonly kind: 'refused'; readonly decision: Extract<CallDecision, { readonly allowed: false }> }
  | { readonly kind: 'limited'; readonly decision: Allowed }
  | { readonly kind: 'forwarded'; readonly decision: Allowed; readonly outcome: ForwardOutcome };

type Allowed = Extract<CallDecision, { readonly allowed: true }>;

/**
 * One call: decided before its body is read, limited, forwarded. `onAllowed` hears of it as soon as it is on its way.
 */
export async function forwardCall(
  context: ForwardContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  onAllowed: (decision: Allowed) => void,
): Promise<ForwardedCall> {
  const decision = decideCall(context, request);
  if (!decision.allowed) {
    writeError(exchange, decision.status, decision.message, decision.headers);
    return { kind: 'refused', decision };
  }
  const entry = findRoom(context, decision, origin);
  if (entry.kind === 'limited') {
    writeError(exchange, 429, entry.message, { 'retry-after': String(entry.retryAfter) });
    return { kind: 'limited', decision };
  }
  try {
    onAllowed(decision);
    const observer = context.flows.watch(decision, request);
    if (decision.restricted !== undefined && decision.caller !== undefined) {
      const { restricted, caller } = decision;
      return await judgeCall(context, exchange, request, origin, decision, { group: restricted, caller, observer });
    }
    const outcome = await context.upstream.forward(exchange, {
      request,
      ...origin,
      ...(decision.caller && { caller: decision.caller.names }),
      rewrites: isRewritten(request, decision),
      observer,
    });
    if (outcome.kind === 'failed') writeError(exchange, outcome.status, outcome.message);
    return { kind: 'forwarded', decision, outcome };
  } finally {
    entry.leave();
  }
}

/** For whom the catalog decides. */
interface Judged {
  readonly group: ConnectionGroupSpec;
  readonly caller: Caller;
  readonly observer: ReplyObserver | undefined;
}

/** What becomes of a call when the catalog has the last word. */
async function judgeCall(
  context: ForwardContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  decision: Allowed,
  { group, caller, observer }: Judged,
): Promise<ForwardedCall> {
  const { user, names } = caller;
  const { method, target } = request;
  const call = { method, target, routes: decision.routes, connection: user.metadata.uid };
  const outcome = await forwardJudged(context, exchange, request, origin, { group, call, caller: names, observer });
  if (outcome.kind === 'full') {
    writeError(exchange, 429, 'Too many long requests are judged at the moment.', { 'retry-after': '1' });
    return { kind: 'limited', decision };
  }
  if (outcome.kind !== 'refuse') {
    if (outcome.kind === 'failed') writeError(exchange, outcome.status, outcome.message);
    return { kind: 'forwarded', decision, outcome };
  }
  const { status, message } = outcome;
  if (!exchange.isOver) writeError(exchange, status, message);
  if (status === 502)
    return { kind: 'forwarded', decision, outcome: { kind: 'failed', status, message, reason: 'catalog' } };
  const { route, ground, routes } = decision;
  const refused = {
    route,
    ground,
    routes,
    allowed: false,
    decision: 'catalog',
    status,
    message,
    headers: {},
    user,
  } as const;
  return { kind: 'refused', decision: refused };
}

function findRoom(context: ForwardContext, { caller }: Allowed, { clientAddress }: Origin) {
  const now = context.uptime();
  if (caller === undefined) return context.addressLimiter.enter([readNetwork(clientAddress)], now);
  const uids = new Set([caller.client.metadata.uid, caller.user.metadata.uid]);
  return context.limiter.enter([...uids], now);
}

/**
 * Links are looked for in every reply that may be JSON. Not in files, and not where a client asks for a part of something
 * that is none of the PIM's endpoints: parts of a file cannot be had otherwise.
 */
function isRewritten({ headers }: ReadRequest, { routes }: Allowed): boolean {
  if (routes.files) return false;
  return routes.known || !headers.lines.some(({ name }) => name === 'range');
}
