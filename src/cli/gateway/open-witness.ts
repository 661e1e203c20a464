import { setTimeout as sleep } from 'node:timers/promises';
import { secretKeys } from '../../api/names.ts';
import type { OpenCluster } from '../open-cluster.ts';
import type { CommandLine } from '../read-command-line.ts';
import type { SecretTexts } from '../read-secret-texts.ts';
import { reachGateway } from './reach-gateway.ts';

/** A session that was opened with the old values: when it ends at a gateway, that gateway refuses them. */
export interface Witness {
  /** Gateways that let it in. */
  readonly gateways: number;
  /** Milliseconds since the epoch at which the last of the gateways refused; `undefined`: not all until `deadline`. */
  waitForRefusal(deadline: number): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Milliseconds between two looks: what is measured is no finer than this. */
const pause = 25;
/** Longest wait for one answer. */
const patience = 10_000;
/** Where a token is judged: `/authz` asks nobody behind the gateway; some gateways want it asked in another way. */
const places = ['/authz/api/rest/v1/categories', '/api/rest/v1/categories'];

/**
 * Logs in at each gateway with the values of the Secret as they are now. The old values themselves are not tried after
 * the rotation: that would be reported as a connector that still uses them.
 */
export async function openWitness(
  cluster: OpenCluster,
  line: CommandLine,
  texts: SecretTexts,
): Promise<Witness | { readonly missing: string }> {
  const reach = await reachGateway(cluster, line, 'api');
  if ('missing' in reach) return reach;
  const sessions = await Promise.all(reach.origins.map((origin) => openSession(origin, texts)));
  const open = sessions.filter((session) => typeof session === 'object');
  if (open.length === 0) {
    await reach.close();
    return { missing: sessions.find((session) => typeof session === 'string') ?? 'no gateway answered' };
  }
  return {
    gateways: open.length,
    async waitForRefusal(deadline) {
      const ends = await Promise.all(open.map((session) => waitForEnd(session, deadline)));
      return ends.includes(undefined) ? undefined : Math.max(...ends.map((end) => end ?? 0));
    },
    close: () => reach.close(),
  };
}

interface Session {
  readonly address: string;
  readonly token: string;
}

/** A sentence when the gateway lets nobody in with these values. */
async function openSession(origin: string, texts: SecretTexts): Promise<Session | string> {
  const basic = Buffer.from(`${texts[secretKeys.clientId]}:${texts[secretKeys.clientSecret]}`).toString('base64');
  const body = {
    grant_type: 'password',
    username: texts[secretKeys.username],
    password: texts[secretKeys.password],
  };
  try {
    const answer = await fetch(`${origin}/api/oauth/v1/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${basic}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(patience),
    });
    const { access_token: token } = (await answer.json()) as { access_token?: string };
    if (token === undefined)
      return `the gateway at ${origin} refused a login with the values of before (${answer.status})`;
    for (const place of places) {
      const address = `${origin}${place}`;
      if ((await isRefused(address, 'nobody')) && !(await isRefused(address, token))) return { address, token };
    }
    return `the gateway at ${origin} does not say whether a token is good`;
  } catch {
    return `there is no gateway at ${origin}`;
  }
}

async function waitForEnd({ address, token }: Session, deadline: number): Promise<number | undefined> {
  while (Date.now() < deadline) {
    if (await isRefused(address, token).catch(() => false)) return Date.now();
    await sleep(pause);
  }
  return undefined;
}

async function isRefused(address: string, token: string): Promise<boolean> {
  const answer = await fetch(address, {
    headers: { authorization: `Bearer ${token}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(patience),
  });
  await answer.body?.cancel();
  return answer.status === 401;
}
