import type { Dispatcher } from 'undici';
import { request } from 'undici';
import type { UpstreamAuth } from '../config/gateway-config.ts';
import { type CredentialHeader, LoginError, type UpstreamCredentials } from './upstream-credentials.ts';

export interface AkeneoLoginOptions {
  readonly origin: string;
  readonly auth: Extract<UpstreamAuth, { readonly type: 'akeneo' }>;
  readonly dispatcher: Dispatcher;
  /** Milliseconds on a clock that never goes backwards. */
  readonly clock: () => number;
}

interface Login {
  readonly header: CredentialHeader;
  readonly refreshToken: string | undefined;
  /** When it is replaced, before the PIM refuses it. */
  readonly renewAt: number;
  readonly endsAt: number;
}

/** A login takes this long at most, in milliseconds. */
const patience = 10_000;
/** After a failed login the next one waits, in milliseconds: a PIM that is down is not asked by every call. */
const pause = 1_000;
/**
 * A 403 may mean that the PIM has forgotten the token, or that the gateway's user may not do this, where no login helps:
 * so there is one for it in this time, in milliseconds.
 */
const pauseWhenForbidden = 60_000;
/** A token is replaced when a tenth of its life is left, at most this much, in milliseconds. */
const margin = 60_000;

/**
 * The gateway's own connection in an Akeneo PIM: password grant, then refresh. One login at a time, which all calls
 * share; a PIM that refuses the refresh token is asked with the password.
 */
export class AkeneoLogin implements UpstreamCredentials {
  readonly refusals: ReadonlySet<number> = new Set([401, 403]);
  readonly #options: AkeneoLoginOptions;
  #login: Login | undefined;
  #underWay: Promise<Login> | undefined;
  #failure: { readonly error: LoginError; readonly until: number } | undefined;
  /** Until then a 403 is no reason for a login. */
  #forbiddenUntil = Number.NEGATIVE_INFINITY;

  constructor(options: AkeneoLoginOptions) {
    this.#options = options;
  }

  async read(): Promise<CredentialHeader> {
    const login = this.#login;
    if (login && this.#options.clock() < login.renewAt) return login.header;
    try {
      return (await this.#renewOnce()).header;
    } catch (error) {
      if (login && this.#options.clock() < login.endsAt) return login.header;
      throw error;
    }
  }

  async renew(refused: CredentialHeader | undefined, status: number): Promise<boolean> {
    if (this.#login && this.#login.header.value !== refused?.value) return true;
    if (this.#login && status === 403) {
      const now = this.#options.clock();
      if (now < this.#forbiddenUntil) return false;
      this.#forbiddenUntil = now + pauseWhenForbidden;
    }
    // What the PIM refuses before its time is worth nothing, and its refresh token may be gone with it.
    this.#login = undefined;
    return this.#renewOnce().then(
      () => true,
      () => false,
    );
  }

  #renewOnce(): Promise<Login> {
    const failure = this.#failure;
    if (failure && this.#options.clock() < failure.until) return Promise.reject(failure.error);
    this.#underWay ??= this.#renew().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  async #renew(): Promise<Login> {
    try {
      const refreshToken = this.#login?.refreshToken;
      const refreshed = refreshToken && (await this.#ask({ grant_type: 'refresh_token', refresh_token: refreshToken }));
      const { username, password } = this.#options.auth;
      const login = refreshed || (await this.#ask({ grant_type: 'password', username, password }));
      if (!login) throw new LoginError("the upstream refuses the gateway's client id, secret, username or password");
      this.#login = login;
      this.#failure = undefined;
      return login;
    } catch (thrown) {
      const error = thrown instanceof LoginError ? thrown : new LoginError('the upstream gives no tokens');
      this.#failure = { error, until: this.#options.clock() + pause };
      throw error;
    }
  }

  /** `undefined` when the PIM says that this is wrong. */
  async #ask(grant: Readonly<Record<string, string>>): Promise<Login | undefined> {
    const { origin, auth, dispatcher, clock } = this.#options;
    const basic = Buffer.from(`${auth.clientId}:${auth.clientSecret}`, 'utf8').toString('base64');
    const { statusCode, body } = await request(`${origin}/api/oauth/v1/token`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json', authorization: `Basic ${basic}` },
      body: JSON.stringify(grant),
      signal: AbortSignal.timeout(patience),
    });
    if (statusCode !== 200) {
      await body.dump();
      if (statusCode >= 500 || statusCode === 429)
        throw new LoginError(`the upstream answers a login with ${statusCode}`);
      return undefined;
    }
    return readLogin(await readJson(body), clock());
  }
}

/** No answer to a login is longer, in bytes. */
const mostAnswer = 65_536;

async function readJson(body: AsyncIterable<Buffer>): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostAnswer) break;
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    return undefined;
  }
}

function readLogin(answer: unknown, now: number): Login {
  const {
    access_token: token,
    refresh_token: refresh,
    expires_in: seconds,
  } = (answer ?? {}) as Record<string, unknown>;
  if (typeof token !== 'string' || !/^[\x21-\x7e]{1,8192}$/.test(token))
    throw new LoginError('the upstream answers a login without a token');
  const life = (typeof seconds === 'number' && seconds > 0 ? seconds : 3600) * 1000;
  return {
    header: { name: 'authorization', value: `Bearer ${token}` },
    refreshToken: typeof refresh === 'string' ? refresh : undefined,
    renewAt: now + life - Math.min(margin, life / 10),
    endsAt: now + life,
  };
}
