import { setTimeout as sleep } from 'node:timers/promises';
import { type Kubectl, succeed } from '../apply-project.ts';

export interface SampleTrafficOptions {
  readonly kubectl: Kubectl;
  /** Where clients reach the gateway. */
  readonly gateway: string;
  /** Hears what went wrong, a line each. */
  readonly report: (line: string) => void;
  /** Shortest and longest pause of a connector between two calls, in milliseconds. Default 1,500 and 5,000. */
  readonly pause?: readonly [number, number];
}

export interface SampleTraffic {
  /** Ends it when the calls under way have ended. */
  stop(): Promise<void>;
}

/** A call that a connector makes. */
interface Call {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly path: string;
  readonly body?: string;
  readonly contentType?: string;
}

const collection = 'application/vnd.akeneo.collection+json';
const pick = <T>(items: readonly T[]): T => items[Math.floor(Math.random() * items.length)] as T;
const number = (from: number, to: number): number => from + Math.floor(Math.random() * (to - from + 1));
const value = (data: unknown): object[] => [{ locale: null, scope: null, data }];

/** Products that the sample API has from the start; lamps are not sold on line. */
const products = Array.from({ length: 30 }, (_, index) => index + 1).map(
  (at) => `${['tent', 'boot', 'lamp'][at % 3]}-${String(at).padStart(3, '0')}`,
);

/** What the connectors of `examples/` do all day: the ERP and the DAM write, the shop reads. Some calls go wrong. */
const connectors: Readonly<Record<string, () => Call>> = {
  erp: buildErpCall,
  dam: buildDamCall,
  ecommerce: () => ({ method: 'GET', path: `/api/rest/v1/products?limit=${number(5, 25)}&page=${number(1, 2)}` }),
};

/** Lets the connectors of the examples call the gateway until it is stopped, each with the credentials in its Secret. */
export function startSampleTraffic(options: SampleTrafficOptions): SampleTraffic {
  const ending = new AbortController();
  const runs = Object.entries(connectors).map(([name, buildCall]) => run(name, buildCall, options, ending.signal));
  return {
    async stop() {
      ending.abort();
      await Promise.all(runs);
    },
  };
}

async function run(
  name: string,
  buildCall: () => Call,
  options: SampleTrafficOptions,
  signal: AbortSignal,
): Promise<void> {
  const [shortest, longest] = options.pause ?? [1_500, 5_000];
  let token: string | undefined;
  while (!signal.aborted) {
    try {
      token ??= await logIn(name, options);
      const status = await send(options.gateway, token, buildCall());
      // Rotated or suspended: whoever has the new Secret gets in again.
      if (status === 401) token = undefined;
    } catch (error) {
      options.report(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
    }
    await sleep(number(shortest, longest), undefined, { signal }).catch(() => undefined);
  }
}

/** The token of a password grant with what the Secret holds now. */
async function logIn(name: string, { kubectl, gateway }: SampleTrafficOptions): Promise<string> {
  const args = ['get', 'secret', `${name}-credentials`, '-n', 'connectors', '-o', 'json'];
  const { data } = JSON.parse(await succeed(kubectl, args)) as { data: Record<string, string> };
  const text = (key: string): string => Buffer.from(data[key] ?? '', 'base64').toString('utf8');
  const answer = await fetch(`${gateway}/api/oauth/v1/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${text('client-id')}:${text('client-secret')}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ grant_type: 'password', username: text('username'), password: text('password') }),
  });
  const body = (await answer.json()) as { access_token?: string; message?: string };
  if (body.access_token === undefined) throw new Error(`no token: ${answer.status} ${body.message}`);
  return body.access_token;
}

async function send(gateway: string, token: string, { method, path, body, contentType }: Call): Promise<number> {
  const answer = await fetch(`${gateway}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': contentType ?? 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
  await answer.arrayBuffer();
  return answer.status;
}

function buildErpCall(): Call {
  const values = (): object => ({
    cost: value([{ amount: `${number(5, 400)}.90`, currency: 'EUR' }]),
    weight: value({ amount: number(100, 4_000), unit: 'GRAM' }),
  });
  const kind = Math.random();
  if (kind < 0.5) {
    return {
      method: 'PATCH',
      path: `/api/rest/v1/products/${pick(products)}`,
      body: JSON.stringify({ values: values() }),
    };
  }
  if (kind < 0.75) {
    const lines = Array.from({ length: number(2, 8) }, () =>
      JSON.stringify({ identifier: pick(products), values: values() }),
    );
    return { method: 'PATCH', path: '/api/rest/v1/products', body: lines.join('\n'), contentType: collection };
  }
  // A product that is there already is an error of the data, in one call of eight.
  const identifier = kind < 0.87 ? `new-${Date.now().toString(36)}` : pick(products);
  const product = { identifier, family: 'equipment', categories: ['tents'], values: values() };
  return { method: 'POST', path: '/api/rest/v1/products', body: JSON.stringify(product) };
}

function buildDamCall(): Call {
  const body = JSON.stringify({ values: { picture: value('1/a/f/tent.svg') } });
  return { method: 'PATCH', path: `/api/rest/v1/products/${pick(products)}`, body };
}
