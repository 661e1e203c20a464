import { Readable } from 'node:stream';
import type { ConnectionGroupSpec } from '../../api/generated/connection-group.ts';
import { type CatalogGuard, maxJudgedReply } from '../catalog/catalog-guard.ts';
import { type CatalogCall, type CatalogForward, type CatalogRefusal, refuse } from '../catalog/catalog-plan.ts';
import type { UploadForward } from '../catalog/write/decide-upload.ts';
import { UnjudgedPart } from '../catalog/write/multipart-gate.ts';
import type { HeldBodies } from '../limits/held-bodies.ts';
import type { CallerNames } from '../request/build-upstream-headers.ts';
import type { ReadRequest } from '../request/read-request.ts';
import type { Origin } from '../server/answer-own.ts';
import type { Exchange } from '../server/exchange.ts';
import { readWholeBody } from '../server/read-whole-body.ts';
import type { ReplyObserver } from '../upstream/reply-observer.ts';
import { RequestBody } from '../upstream/request-body.ts';
import type { ForwardOutcome, Upstream } from '../upstream/upstream.ts';
import type { StreamedBody } from '../upstream/whole-attempt.ts';

/** What a judged call needs. */
export interface JudgedContext {
  readonly catalog: CatalogGuard;
  readonly upstream: Upstream;
  readonly bodies: HeldBodies;
  /** Milliseconds in which nothing of a body arrives. Absent: a minute. */
  readonly bodyIdle?: number;
}

/** A call of a connection with a restricted group on a route with product data. */
export interface JudgedCall {
  readonly group: ConnectionGroupSpec;
  readonly call: CatalogCall;
  readonly caller: CallerNames;
  readonly observer?: ReplyObserver | undefined;
}

/** Refused by the catalog, or how it ended. `full`: there was no room to keep its body. Refusals were not answered yet. */
export type JudgedOutcome = CatalogRefusal | ForwardOutcome | { readonly kind: 'full' };

const minute = 60_000;
const late = {
  kind: 'failed',
  status: 408,
  message: 'The body of the request did not arrive in time.',
  reason: 'clientIdle',
} as const;

/** Has a call judged by the catalog and forwards what may pass. Refusals are answered by the caller. */
export async function forwardJudged(
  context: JudgedContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  judged: JudgedCall,
): Promise<JudgedOutcome> {
  const { catalog, bodyIdle = minute } = context;
  const { call } = judged;
  const need = catalog.readBodyNeed(call);
  if (need === 'upload') return await forwardUpload(context, exchange, request, origin, judged);
  if (need === 'none') return await forwardDecided(context, exchange, request, origin, judged, undefined);
  let kept = 0;
  const mayKeep = (bytes: number): boolean => {
    const isRoom = context.bodies.take(bytes);
    if (isRoom) kept += bytes;
    return isRoom;
  };
  try {
    const body = await readWholeBody(exchange, request.headers.contentLength, { ...need, idle: bodyIdle, mayKeep });
    if (body === 'gone') return { kind: 'gone' };
    if (body === 'late') return late;
    if (body === 'noRoom') return { kind: 'full' };
    if (body === 'tooLong') return refuse(413, `The body is longer than ${need.longest} bytes.`);
    return await forwardDecided(context, exchange, request, origin, judged, body);
  } finally {
    context.bodies.give(kept);
  }
}

async function forwardDecided(
  context: JudgedContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  judged: JudgedCall,
  body: Buffer | undefined,
): Promise<JudgedOutcome> {
  const plan = await context.catalog.decide(judged.group, judged.call, body);
  if (plan.kind === 'refuse') return plan;
  if (plan.kind === 'answer') {
    return await context.upstream.answerWhole(exchange, plan, { ...origin, observer: judged.observer });
  }
  return await forwardPlan(context, exchange, request, origin, judged, plan);
}

/** A file streams through as any other; whatever is filtered is read as a whole. */
async function forwardPlan(
  { upstream }: JudgedContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  { call, caller, observer }: JudgedCall,
  plan: CatalogForward,
): Promise<JudgedOutcome> {
  const { path, query, filter, body = null, method } = plan;
  if (filter === undefined) {
    const target = { ...request.target, path, query };
    const rewrites = !call.routes.files;
    const streamed = { request: { ...request, target }, ...origin, caller, rewrites, observer };
    return await upstream.forward(exchange, streamed);
  }
  const settings = { method, target: path + query, body, filter, longest: maxJudgedReply };
  const whole = { request, ...origin, caller, observer, ...settings };
  const outcome = await upstream.forwardWhole(exchange, whole);
  return outcome.kind === 'unjudged' ? refuse(400, 'The body was not judged.') : outcome;
}

async function forwardUpload(
  { catalog, upstream, bodyIdle = minute }: JudgedContext,
  exchange: Exchange,
  request: ReadRequest,
  origin: Origin,
  { group, call, caller }: JudgedCall,
): Promise<JudgedOutcome> {
  if (exchange.isOver) return { kind: 'gone' };
  let onProgress = (): void => void timer.refresh();
  const source = new RequestBody(exchange.body, () => onProgress());
  const timer = setTimeout(() => source.destroy(new Error(late.message)), bodyIdle);
  exchange.askForBody();
  let plan: UploadForward | CatalogRefusal;
  try {
    plan = await catalog.decideUpload(group, call, request.headers.contentType, source);
  } catch (error) {
    if (!source.destroyed) throw error;
    return exchange.isOver || exchange.body.destroyed ? { kind: 'gone' } : late;
  } finally {
    clearTimeout(timer);
  }
  if (plan.kind === 'refuse') {
    source.destroy();
    return plan;
  }
  const { path, body: judged, filter } = plan;
  const body: StreamedBody = {
    start: (progress) => {
      onProgress = progress;
      return Readable.from(judged, { objectMode: false });
    },
    get isStarved() {
      return source.isStarved;
    },
  };
  const whole = {
    request,
    ...origin,
    caller,
    method: 'POST',
    target: path,
    body,
    filter,
    longest: maxJudgedReply,
  } as const;
  const outcome = await upstream.forwardWhole(exchange, whole);
  source.destroy();
  if (outcome.kind !== 'unjudged') return outcome;
  const message = outcome.error instanceof UnjudgedPart ? outcome.error.message : 'The multipart body is broken.';
  return refuse(400, message);
}
