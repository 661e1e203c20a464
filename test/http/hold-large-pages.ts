/**
 * A process of its own that is a PIM with a page of a hundred large products, and several connectors that ask for it at
 * once when told so: beside the process whose memory is looked at.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Ask `url` so many times at once, as these connectors in turn. */
export interface LargePagesRequest {
  readonly url: string;
  readonly tokens: readonly string[];
  readonly times: number;
}

/** The port, first; then the bytes of each answer of a request. */
export interface LargePagesReply {
  readonly port?: number;
  readonly sizes?: readonly number[];
}

const attributes = Array.from({ length: 100 }, (_, at) => ({
  code: `a${at}`,
  group: at % 2 === 0 ? 'general' : 'internal',
  type: 'pim_catalog_textarea',
  localizable: false,
}));
const value = [{ locale: null, scope: null, data: 'x'.repeat(2_000) }];
const values = Object.fromEntries(attributes.map(({ code }) => [code, value]));
const list = (items: readonly object[]): string => JSON.stringify({ _links: {}, _embedded: { items } });
const product = (at: number): object => ({
  identifier: `p${at}`,
  categories: ['shown'],
  values,
  associations: { X_SELL: { products: [`p${(at + 1) % 100}`, 'gone'], product_models: [], groups: [] } },
});
/** About 20 MB. */
const page = list(Array.from({ length: 100 }, (_, at) => product(at)));
const names = list(Array.from({ length: 100 }, (_, at) => ({ identifier: `p${at}`, categories: ['shown'] })));
const lists: Readonly<Record<string, string>> = {
  '/api/rest/v1/categories': list([{ code: 'shown' }, { code: 'other' }]),
  '/api/rest/v1/attributes': list(attributes),
};

const server = createServer((request, response) => {
  const [path = '', query = ''] = (request.url ?? '').split('?');
  const isLookup = decodeURIComponent(query).includes('"identifier"');
  const body = lists[path] ?? (isLookup ? names : path === '/api/rest/v1/products' ? page : undefined);
  response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
  response.end(body ?? '{"code":404,"message":"no"}');
});

async function ask({ url, tokens, times }: LargePagesRequest): Promise<readonly number[]> {
  return await Promise.all(
    Array.from({ length: times }, async (_, at) => {
      const reply = await fetch(url, { headers: { authorization: `Bearer ${tokens[at % tokens.length]}` } });
      let size = 0;
      if (reply.status === 200) for await (const chunk of reply.body ?? []) size += chunk.length;
      return size;
    }),
  );
}

const say = (reply: LargePagesReply): unknown => process.send?.(reply);
process.on('message', (request: LargePagesRequest) => void ask(request).then((sizes) => say({ sizes })));
process.on('disconnect', () => process.exit(0));
server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }));
