import type { AccessClaims } from '../../src/gateway/token/access-claims.ts';
import { makeAccessToken } from '../../src/gateway/token/access-token.ts';
import { runSideBySide } from '../issue/run-side-by-side.ts';
import { median } from '../issue/statistics.ts';
import { buildRequest, logIn } from './client.ts';
import { type MeasuredLoad, runLoad } from './run-load.ts';
import type { GatewayScene } from './start-scene.ts';

/** As many as the gateway cannot remember: round and round, none of them is known when it comes. */
const mostTokens = 30_000;
/** Logins at the gateway itself, each of which gives a token that it remembers. */
const mostLogins = 10_000;
const path = '/authz/api/rest/v1/products';

/** Medians of several rounds. */
export interface RateResult {
  readonly name: string;
  readonly rate: number;
  readonly processor: number;
  readonly p99: number;
}

/** A bare server and `/authz`, with one token and with every token different, one after the other, in rounds. */
export async function measureAuthz(
  scene: GatewayScene,
  { rounds, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<readonly RateResult[]> {
  const { gateway, bare, generated } = scene;
  const { access } = await logIn(gateway.origin, generated);
  const made = await makeTokens(scene, access, mostTokens);
  const issued: string[] = [];
  await runSideBySide(mostLogins, 16, async () => {
    issued.push((await logIn(gateway.origin, generated)).access);
  });
  const authz = (token: string): string => buildRequest('GET', path, { authorization: `Bearer ${token}` });
  const cases = [
    { name: 'a bare node:http server', server: bare, requests: [authz(access)] },
    { name: '/authz, one token', server: gateway, requests: [authz(access)] },
    { name: '/authz, every token different, issued here', server: gateway, requests: issued.map(authz) },
    { name: '/authz, every token different, of another replica', server: gateway, requests: made.map(authz) },
  ];
  const found = new Map<string, MeasuredLoad[]>(cases.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, server, requests } of cases) {
      const load = { port: server.port, connections: 1000, warmUp: 1, seconds, requests, every: 0 };
      found.get(name)?.push(await runLoad(server.pid, load));
    }
  }
  return [...found].map(([name, loads]) => summarize(name, loads));
}

export function summarize(name: string, loads: readonly MeasuredLoad[]): RateResult {
  const middle = (read: (load: MeasuredLoad) => number): number => median(loads.map(read));
  return {
    name,
    rate: middle(({ rate }) => rate),
    processor: middle(({ processor }) => processor),
    p99: middle(({ p99 }) => p99),
  };
}

/** Tokens like this one, each with an id of its own, signed with the gateway's key. */
async function makeTokens({ keys }: GatewayScene, token: string, count: number): Promise<readonly string[]> {
  const payload = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  const claims = JSON.parse(payload) as AccessClaims;
  const tokens: string[] = [];
  for (let index = 0; index < count; index++) {
    tokens.push(await makeAccessToken(keys, { ...claims, jti: index.toString(16).padStart(32, '0') }));
  }
  return tokens;
}
