import { randomBytes } from 'node:crypto';

/** The one connection that the sample API knows. */
export interface SampleCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly username: string;
  readonly password: string;
}

/** Password and refresh grant for one connection. */
export class SampleLogin {
  /** Requests for tokens so far, by grant. */
  readonly grants: string[] = [];
  readonly #credentials: SampleCredentials;
  readonly #access = new Set<string>();
  readonly #refresh = new Set<string>();

  constructor(credentials: SampleCredentials) {
    this.#credentials = credentials;
  }

  /** The reply to a token request, or why there is none. */
  grant(authorization: string, fields: Readonly<Record<string, unknown>>): object | 'wrong client' | 'wrong grant' {
    const { clientId, clientSecret, username, password } = this.#credentials;
    this.grants.push(String(fields.grant_type));
    if (authorization !== `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`)
      return 'wrong client';
    const byPassword = fields.grant_type === 'password' && fields.username === username && fields.password === password;
    const byRefresh = fields.grant_type === 'refresh_token' && this.#refresh.delete(String(fields.refresh_token));
    if (!byPassword && !byRefresh) return 'wrong grant';
    const [access, refresh] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')];
    this.#access.add(access);
    this.#refresh.add(refresh);
    return { access_token: access, expires_in: 3600, token_type: 'bearer', scope: null, refresh_token: refresh };
  }

  accepts(authorization: string): boolean {
    return authorization.startsWith('Bearer ') && this.#access.has(authorization.slice(7));
  }

  /** No token counts any more. */
  endTokens(): void {
    this.#access.clear();
    this.#refresh.clear();
  }
}
