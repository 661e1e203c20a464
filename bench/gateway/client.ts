import type { Texts } from './start-scene.ts';

export interface Tokens {
  readonly access: string;
  readonly refresh: string;
}

/** A request as it goes over the wire. */
export function buildRequest(
  method: string,
  target: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): string {
  const all = { host: 'bench.example', ...headers, ...(body !== '' && { 'content-length': String(body.length) }) };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${target} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** A request for tokens, with the client of one connection and the user of another or the same. */
export function buildLogin(client: Texts, { username, password }: Texts): string {
  const body = JSON.stringify({ grant_type: 'password', username, password });
  return buildRequest('POST', '/api/oauth/v1/token', buildHeaders(client), body);
}

export async function logIn(origin: string, texts: Texts): Promise<Tokens> {
  const { username, password } = texts;
  return askForTokens(origin, texts, { grant_type: 'password', username, password });
}

export async function refresh(origin: string, texts: Texts, token: string): Promise<Tokens> {
  return askForTokens(origin, texts, { grant_type: 'refresh_token', refresh_token: token });
}

async function askForTokens(origin: string, texts: Texts, body: object): Promise<Tokens> {
  const request = { method: 'POST', headers: buildHeaders(texts), body: JSON.stringify(body) };
  const answer = await fetch(`${origin}/api/oauth/v1/token`, request);
  const read = (await answer.json()) as { access_token: string; refresh_token: string; message: string };
  if (answer.status !== 200) throw new Error(`tokens were refused: ${answer.status} ${read.message}`);
  return { access: read.access_token, refresh: read.refresh_token };
}

function buildHeaders(texts: Texts): Record<string, string> {
  const basic = Buffer.from(`${texts['client-id']}:${texts['client-secret']}`).toString('base64');
  return { authorization: `Basic ${basic}`, 'content-type': 'application/json' };
}
