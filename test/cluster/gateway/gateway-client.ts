/** What a client holds after a login. */
export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** An answer of the token endpoint. */
export interface TokenAnswer {
  readonly status: number;
  /** Absent when it was refused. */
  readonly tokens?: Tokens;
  /** What an error says. */
  readonly message?: string;
}

/** The plain texts of a Secret, by key. */
export type Texts = Readonly<Record<string, string>>;

/** Logs in with the texts of a Secret. */
export function login(origin: string, texts: Texts): Promise<TokenAnswer> {
  const { username, password } = texts;
  return requestToken(origin, texts, { grant_type: 'password', username, password });
}

/** Trades a refresh token for new tokens. */
export function refresh(origin: string, texts: Texts, token: string): Promise<TokenAnswer> {
  return requestToken(origin, texts, { grant_type: 'refresh_token', refresh_token: token });
}

/** Logs in and returns the tokens; throws when that is refused. */
export async function openSession(origin: string, texts: Texts): Promise<Tokens> {
  const { status, tokens, message } = await login(origin, texts);
  if (tokens === undefined) throw new Error(`a login was refused: ${status} ${message}`);
  return tokens;
}

/** Status of a revocation (RFC 7009). */
export async function revokeToken(origin: string, texts: Texts, token: string): Promise<number> {
  const answer = await fetch(`${origin}/oauth/revoke`, {
    method: 'POST',
    headers: { authorization: basic(texts) },
    body: new URLSearchParams({ token }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

/** Status of a call with an access token; `path` as in `/api/rest/v1/categories`. */
export async function callStatus(
  origin: string,
  path: string,
  token: string,
  init: { readonly method?: string; readonly body?: string } = {},
): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, ...(init.body && { 'content-type': 'application/json' }) };
  const answer = await fetch(`${origin}${path}`, { ...init, headers });
  await answer.arrayBuffer();
  return answer.status;
}

async function requestToken(origin: string, texts: Texts, body: object): Promise<TokenAnswer> {
  const answer = await fetch(`${origin}/api/oauth/v1/token`, {
    method: 'POST',
    headers: { authorization: basic(texts), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const { status } = answer;
  const read = (await answer.json()) as { access_token: string; refresh_token: string; message: string };
  if (status !== 200) return { status, message: read.message };
  return { status, tokens: { access: read.access_token, refresh: read.refresh_token } };
}

export function basic(texts: Texts): string {
  return `Basic ${Buffer.from(`${texts['client-id']}:${texts['client-secret']}`).toString('base64')}`;
}
