import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { csrfHeader } from '../../api/dashboard-api.ts';
import { isKubeError } from '../../kube/kube-error.ts';
import type { KubeLog, LogFields } from '../../kube/kube-log.ts';
import { type Answer, refuse } from './answer.ts';
import { type ApiRoute, matchPattern } from './api/api-route.ts';
import { buildApi } from './build-api.ts';
import type { DashboardSettings } from './dashboard-settings.ts';
import { EventStream } from './live/event-stream.ts';
import { buildSecurityHeaders } from './reply/security-headers.ts';
import { writeAnswer } from './reply/write-answer.ts';
import { checkHost } from './request/check-host.ts';
import { isFromElsewhere, isFromThePage, type RequestOrigin } from './request/check-origin.ts';
import { readBearer } from './request/read-bearer.ts';
import { readHeader, readSingleHeader } from './request/read-headers.ts';
import { type JsonObject, readJsonBody } from './request/read-json-body.ts';
import { readPath } from './request/read-path.ts';
import { SessionDesk } from './sessions/answer-session.ts';
import type { Session } from './sessions/session.ts';
import { buildSessionCookie, readSessionCookie } from './sessions/session-cookie.ts';
import type { SignInDesk } from './sessions/sign-in-desk.ts';
import { answerFile } from './static/answer-file.ts';
import type { PageFiles } from './static/page-files.ts';
import { translateKubeError } from './translate-kube-error.ts';
import type { Visit } from './visit.ts';

/** Bytes of a body: a Connection has at most 64 templates of 4 KiB and an image of 16 KiB. */
const maxBody = 512 * 1024;

/** What a handler is made of. */
export interface HandlerParts {
  readonly settings: DashboardSettings;
  readonly desk: SignInDesk;
  readonly namespace: string | undefined;
  readonly files: PageFiles;
  readonly log: KubeLog;
}

/** Answers every request. `DESIGN.md` has the way of one as a picture. */
export function buildHandler(parts: HandlerParts): RequestListener {
  const dashboard = new DashboardHandler(parts);
  return (request, reply) => void dashboard.handle(request, reply);
}

class DashboardHandler {
  readonly #parts: HandlerParts;
  readonly #hosts: ReadonlySet<string>;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #routes: readonly ApiRoute[];
  readonly #sessions: SessionDesk;

  constructor(parts: HandlerParts) {
    const { settings, desk, namespace } = parts;
    this.#parts = parts;
    this.#hosts = new Set(settings.hosts);
    this.#headers = buildSecurityHeaders(settings.imageHosts);
    this.#routes = buildApi(settings.gateways);
    const { imageHosts, gateways } = settings;
    this.#sessions = new SessionDesk(desk, { imageHosts, hasGateways: gateways.length > 0, namespace });
  }

  async handle(request: IncomingMessage, reply: ServerResponse): Promise<void> {
    reply.on('error', () => {});
    try {
      const answer = await this.#answer(request, reply);
      if (answer !== undefined) writeAnswer(reply, answer, this.#headers);
    } catch (error) {
      if (request.errored !== null || reply.destroyed) return;
      this.#parts.log.error(describeError(error), 'a request failed');
      if (reply.headersSent) reply.destroy();
      else writeAnswer(reply, refuse(500, 'Unavailable', 'This went wrong; the log says why.'), this.#headers);
    }
  }

  async #answer(request: IncomingMessage, reply: ServerResponse): Promise<Answer | undefined> {
    // A kubelet asks by the pod's address, which is nobody's name.
    if (request.url === '/healthz') return { status: 200, body: 'ok\n' };
    const host = checkHost(readHeader(request, 'host'), this.#hosts);
    if (host === undefined) {
      const sentence =
        'This dashboard does not answer for this host. Start it with --host and the name in the address.';
      return refuse(421, 'WrongHost', sentence);
    }
    const path = readPath(request.url ?? '');
    if (path === undefined) return refuse(400, 'BadRequest', 'There is no such path.');
    if (path.path.startsWith('/api/')) return this.#answerApi({ ...path, request, reply, host });
    return answerFile(request, path.path, this.#parts.files);
  }

  async #answerApi(visit: Visit): Promise<Answer | undefined> {
    const { request, host } = visit;
    const origin: RequestOrigin = {
      site: readHeader(request, 'sec-fetch-site').join(', ') || undefined,
      origin: readHeader(request, 'origin').join(', ') || undefined,
    };
    const isChange = request.method !== 'GET';
    if (isChange ? !isFromThePage(origin, host) : isFromElsewhere(origin)) {
      return refuse(403, 'NotFromThePage', 'This was not sent by the page of the dashboard.');
    }
    const path = visit.path.slice('/api/'.length);
    if (path === 'session' || path === 'codes') return this.#answerSession(visit, path);
    const known = this.#routes.filter(({ pattern }) => matchPattern(pattern, path) !== undefined);
    const route = known.find(({ method }) => method === request.method);
    if (route === undefined) return refuseMethod(known.map(({ method }) => method));
    return this.#withSession(visit, (session, body) => this.#call(visit, route, path, session, body));
  }

  /** Before somebody is signed in, and when they leave. */
  async #answerSession(visit: Visit, path: 'session' | 'codes'): Promise<Answer | undefined> {
    const { method } = visit.request;
    if (path === 'session' && method === 'GET') {
      const found = await this.#findSession(visit);
      if ('refusal' in found) return found.refusal;
      return { ...this.#sessions.describe(found.session), headers: found.headers };
    }
    if (path === 'session' && method === 'DELETE') {
      return this.#withSession(visit, async (session) => this.#sessions.signOut(visit, session));
    }
    if (method !== 'POST') return refuseMethod(path === 'session' ? ['GET', 'POST', 'DELETE'] : ['POST']);
    const body = await readJsonBody(visit.request, maxBody);
    if ('refusal' in body) return body.refusal;
    return path === 'session' ? this.#sessions.signIn(visit, body.object) : this.#sessions.createCode(visit);
  }

  async #withSession(
    visit: Visit,
    answer: (session: Session, body: JsonObject) => Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    const { request } = visit;
    const found = await this.#findSession(visit);
    if ('refusal' in found) return found.refusal;
    const { session, headers } = found;
    if (session === undefined) return refuse(401, 'SignedOut', 'Nobody is signed in. Sign in and try again.');
    let body: JsonObject = {};
    if (request.method !== 'GET') {
      if (!isEqual(readSingleHeader(request, csrfHeader), session.csrf)) {
        return refuse(403, 'NotFromThePage', 'This page is of an older session. Load it again.');
      }
      const read = await readJsonBody(request, maxBody);
      if ('refusal' in read) return read.refusal;
      body = read.object;
    }
    for (const [name, value] of Object.entries(headers)) visit.reply.setHeader(name, value);
    return answer(session, body);
  }

  async #call(
    visit: Visit,
    route: ApiRoute,
    path: string,
    session: Session,
    body: JsonObject,
  ): Promise<Answer | undefined> {
    const names = matchPattern(route.pattern, path) ?? [];
    const openStream = (): EventStream => new EventStream(visit.reply, this.#headers);
    try {
      const answer = await route.handle({ session, names, query: visit.query, body, openStream });
      this.#record(route, names, session, answer?.status ?? 200);
      return answer;
    } catch (error) {
      if (!isKubeError(error)) throw error;
      if (session.ended.aborted) return undefinedOnceSent(visit.reply, translateEnd(session));
      const answer = translateKubeError(error);
      if (answer.status === 401) this.#parts.desk.sessions.end(session, 'The cluster took your token back.');
      this.#record(route, names, session, answer.status);
      return undefinedOnceSent(visit.reply, answer);
    }
  }

  #record({ method, pattern }: ApiRoute, names: readonly string[], session: Session, status: number): void {
    const fields = { user: session.viewer.name, method, route: pattern, object: names.join('/'), status };
    if (method === 'GET' || pattern === 'access') this.#parts.log.debug(fields, 'answered');
    else this.#parts.log.info(fields, 'answered');
  }

  async #findSession({
    request,
    host,
  }: Visit): Promise<
    { session: Session | undefined; headers: Readonly<Record<string, string>> } | { refusal: Answer }
  > {
    const bearer = readBearer(readHeader(request, 'authorization'));
    if (bearer === 'ambiguous') {
      return { refusal: refuse(400, 'BadRequest', 'The header Authorization stands there twice or holds no token.') };
    }
    const cookie = readSessionCookie(readHeader(request, 'cookie'), host);
    const found = await this.#parts.desk.find({ bearer, cookie });
    if (found === undefined) return { session: undefined, headers: {} };
    if ('refusal' in found) return found;
    const { session } = found;
    return { session, headers: session.id === cookie ? {} : { 'set-cookie': buildSessionCookie(session.id, host) } };
  }
}

/** Its name and where it was thrown: a message could hold what was sent. */
function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  return {
    error: error.name,
    place: error.stack
      ?.split('\n')
      .find((line) => /^\s+at /.test(line))
      ?.trim(),
  };
}

function refuseMethod(allowed: readonly string[]): Answer {
  if (allowed.length === 0) return refuse(404, 'NotFound', 'There is no such path.');
  return { ...refuse(405, 'BadRequest', 'There is no such method here.'), headers: { allow: allowed.join(', ') } };
}

function translateEnd({ ended }: Session): Answer {
  return refuse(401, 'SignedOut', String(ended.reason));
}

function undefinedOnceSent(reply: ServerResponse, answer: Answer): Answer | undefined {
  return reply.headersSent ? undefined : answer;
}

function isEqual(given: string | undefined, wanted: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
