import { randomBytes } from 'node:crypto';
import type { SessionMode } from '../../../api/dashboard-api.ts';
import { isKubeError } from '../../../kube/kube-error.ts';
import { type Answer, refuse } from '../answer.ts';
import { translateKubeError } from '../translate-kube-error.ts';
import type { ClusterLogin, ViewerLogin } from './cluster-login.ts';
import { OneTimeCodes } from './one-time-codes.ts';
import { readTokenEnd } from './read-token-end.ts';
import { Session, type TokenHolder } from './session.ts';
import { SessionTable } from './session-table.ts';
import { readViewer } from './viewer.ts';

/** Longest life of a session, in milliseconds. */
const longestSession = 8 * 3_600_000;

/** Sign-ins that may ask the cluster at the same time. */
const signInsAtOnce = 32;

/** Who signed in, or why nobody did. */
export type SignInResult = { readonly session: Session } | { readonly refusal: Answer };

/** What a request brings to say who sends it. */
export interface Credentials {
  /** The token in `Authorization`. */
  readonly bearer: string | undefined;
  /** Value of the session cookie. */
  readonly cookie: string | undefined;
}

/** Opens sessions: for a token that was pasted, a code, or the token that an OIDC proxy sends with every request. */
export class SignInDesk {
  readonly sessions: SessionTable;
  readonly #login: ClusterLogin;
  readonly #clock: () => number;
  /** What a code stands for: a token, or the kubeconfig where there is none. */
  readonly #codes: OneTimeCodes<{ readonly token: string | undefined }>;
  #asking = 0;
  readonly #underWay = new Map<string, Promise<SignInResult>>();

  constructor(login: ClusterLogin, clock: () => number) {
    this.#login = login;
    this.#clock = clock;
    this.sessions = new SessionTable(clock);
    this.#codes = new OneTimeCodes(clock);
  }

  /**
   * Whose request this is. A token in `Authorization` counts before the cookie, and a session that a proxy's token opened
   * is good with such a token alone: behind the proxy's back the cookie opens nothing. `undefined`: nobody is signed in.
   */
  async find({ bearer, cookie }: Credentials): Promise<SignInResult | undefined> {
    const known = cookie === undefined ? undefined : this.sessions.find(cookie);
    if (bearer === undefined || this.#login.mode === 'kubeconfig') {
      return known === undefined || known.mode === 'proxy' ? undefined : { session: known };
    }
    if (known?.mode === 'proxy' && known.token === bearer) return { session: known };
    const same = this.sessions.findByToken(bearer);
    if (same !== undefined) return { session: same };
    return this.#once(bearer, () => this.#openByProxy(bearer, known));
  }

  signInWithToken(token: string): Promise<SignInResult> {
    if (this.#login.mode === 'kubeconfig') {
      const sentence = 'This dashboard shows what its kubeconfig may see. Open the address that the program printed.';
      return Promise.resolve({ refusal: refuse(401, 'WrongToken', sentence) });
    }
    const login = this.#login;
    return this.#limit(() => this.#open(login, token, 'token'));
  }

  async signInWithCode(code: string): Promise<SignInResult> {
    const found = this.#codes.take(code);
    if (found === undefined) {
      const sentence = 'This address has been used or is older than a minute. Ask for a new one, or paste a token.';
      return { refusal: refuse(401, 'WrongCode', sentence) };
    }
    return found.token === undefined ? this.#openForKubeconfig() : this.signInWithToken(found.token);
  }

  /** A code for the kubeconfig's viewer. */
  createCode(): string {
    return this.#codes.create({ token: undefined });
  }

  /** A code for whoever this token belongs to, or why the cluster does not take it. */
  async createCodeFor(token: string): Promise<{ readonly code: string } | { readonly refusal: Answer }> {
    if (this.#login.mode === 'kubeconfig') return { refusal: refuse(404, 'NotFound', 'There is no such path.') };
    const client = this.#login.open({ current: token });
    try {
      await readViewer(client);
      return { code: this.#codes.create({ token }) };
    } catch (error) {
      return { refusal: refuseSignIn(error) };
    } finally {
      await client.close();
    }
  }

  async #openByProxy(token: string, known: Session | undefined): Promise<SignInResult> {
    if (this.#login.mode === 'kubeconfig') throw new Error('a kubeconfig has no proxy in front of it');
    const result = await this.#open(this.#login, token, 'proxy');
    if ('refusal' in result) return result;
    const { session } = result;
    // The proxy renewed the token of somebody who is here already: the page keeps its session.
    if (known?.mode === 'proxy' && !known.ended.aborted && known.viewer.name === session.viewer.name) {
      known.renew(token, session.until);
      this.sessions.end(session, 'Replaced.');
      return { session: known };
    }
    return result;
  }

  async #open(login: ViewerLogin, token: string, mode: SessionMode): Promise<SignInResult> {
    const now = this.#clock();
    const until = Math.min(now + longestSession, readTokenEnd(token) ?? Number.POSITIVE_INFINITY);
    const ended = 'This token has ended. Get a new one and sign in with it.';
    if (until <= now) return { refusal: refuse(401, 'WrongToken', ended) };
    const holder: TokenHolder = { current: token };
    const client = login.open(holder);
    try {
      const viewer = await readViewer(client);
      const session = new Session({ ...randomNames(), mode, viewer, client, token: holder }, until);
      session.ended.addEventListener('abort', () => void client.close());
      this.sessions.add(session);
      return { session };
    } catch (error) {
      await client.close();
      return { refusal: refuseSignIn(error) };
    }
  }

  async #openForKubeconfig(): Promise<SignInResult> {
    if (this.#login.mode !== 'kubeconfig') throw new Error('such a code is made for a kubeconfig alone');
    const { client, readToken } = this.#login;
    try {
      const viewer = await readViewer(client);
      const token = { current: await readToken() };
      const session = new Session(
        { ...randomNames(), mode: 'kubeconfig', viewer, client, token },
        this.#clock() + longestSession,
      );
      this.sessions.add(session);
      return { session };
    } catch (error) {
      return { refusal: refuseSignIn(error) };
    }
  }

  /** Many requests with one new token open one session. */
  #once(token: string, open: () => Promise<SignInResult>): Promise<SignInResult> {
    const waiting = this.#underWay.get(token);
    if (waiting !== undefined) return waiting;
    const opened = this.#limit(open).finally(() => this.#underWay.delete(token));
    this.#underWay.set(token, opened);
    return opened;
  }

  async #limit(open: () => Promise<SignInResult>): Promise<SignInResult> {
    if (this.#asking >= signInsAtOnce) {
      const sentence = 'Too many people sign in at the same time. Try again in a moment.';
      return { refusal: refuse(429, 'TooMany', sentence) };
    }
    this.#asking += 1;
    try {
      return await open();
    } finally {
      this.#asking -= 1;
    }
  }
}

function randomNames(): { readonly id: string; readonly csrf: string } {
  return { id: randomBytes(32).toString('base64url'), csrf: randomBytes(32).toString('base64url') };
}

function refuseSignIn(error: unknown): Answer {
  if (!isKubeError(error)) throw error;
  if (error.code !== 'Unauthorized' || error.status !== 401) return translateKubeError(error);
  const sentence = 'The cluster does not know this token: it has ended, was withdrawn, or belongs to another cluster.';
  return refuse(401, 'WrongToken', sentence);
}
