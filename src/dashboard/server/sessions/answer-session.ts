import type { Session as SessionReply } from '../../../api/dashboard-api.ts';
import { type Answer, answerWith, refuse } from '../answer.ts';
import { readBearer, readToken } from '../request/read-bearer.ts';
import { readHeader } from '../request/read-headers.ts';
import type { JsonObject } from '../request/read-json-body.ts';
import type { Visit } from '../visit.ts';
import type { Session } from './session.ts';
import { buildEndedCookie, buildSessionCookie } from './session-cookie.ts';
import type { SignInDesk } from './sign-in-desk.ts';

/** What the page is told beside who signed in. */
export interface PageSettings {
  readonly imageHosts: readonly string[];
  readonly hasGateways: boolean;
  /** Namespace of the kubeconfig's context, with such a login. */
  readonly namespace: string | undefined;
}

/** Answers the paths by which people sign in and out. */
export class SessionDesk {
  readonly #desk: SignInDesk;
  readonly #settings: PageSettings;

  constructor(desk: SignInDesk, settings: PageSettings) {
    this.#desk = desk;
    this.#settings = settings;
  }

  /** POST with a token or a code. */
  async signIn({ host, request }: Visit, body: JsonObject): Promise<Answer> {
    if (!host.isLocal && readHeader(request, 'origin')[0]?.startsWith('http:')) {
      const sentence =
        'This page came without TLS, so a browser keeps no session for it. Open it by its https address.';
      return refuse(400, 'BadRequest', sentence);
    }
    const [token, code] = [readToken(body.token), body.code];
    if (typeof code === 'string') return this.#welcome(host, await this.#desk.signInWithCode(code));
    if (token !== undefined) return this.#welcome(host, await this.#desk.signInWithToken(token));
    return refuse(401, 'WrongToken', 'This is no token: it has blanks or other characters in it, or nothing at all.');
  }

  /** GET: who is signed in, or null. */
  describe(session: Session | undefined): Answer {
    return session === undefined ? { status: 200, body: null } : answerWith(this.#describe(session));
  }

  signOut({ host }: Visit, session: Session): Answer {
    this.#desk.sessions.end(session, 'You signed out.');
    return { status: 204, headers: { 'set-cookie': buildEndedCookie(host) } };
  }

  /** POST with a token in `Authorization`: a code for a browser. */
  async createCode({ request }: Visit): Promise<Answer> {
    const bearer = readBearer(readHeader(request, 'authorization'));
    if (bearer === undefined || bearer === 'ambiguous') {
      return refuse(401, 'WrongToken', 'A code is made for the token in the header Authorization: Bearer.');
    }
    const result = await this.#desk.createCodeFor(bearer);
    return 'refusal' in result ? result.refusal : { status: 201, body: { code: result.code } };
  }

  #welcome(host: Visit['host'], result: Awaited<ReturnType<SignInDesk['signInWithCode']>>): Answer {
    if ('refusal' in result) return result.refusal;
    const { session } = result;
    return {
      status: 200,
      headers: { 'set-cookie': buildSessionCookie(session.id, host) },
      body: this.#describe(session),
    };
  }

  #describe(session: Session): SessionReply {
    const { imageHosts, hasGateways, namespace } = this.#settings;
    return {
      user: session.viewer.name,
      groups: session.viewer.groups,
      mode: session.mode,
      csrf: session.csrf,
      expires: new Date(session.until).toISOString(),
      namespaces: namespace === undefined ? [] : [namespace],
      imageHosts,
      flows: hasGateways && session.token !== undefined,
    };
  }
}
