import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An API that answers at once and always the same. */
export interface BenchUpstream {
  readonly origin: string;
  stop(): Promise<void>;
}

const products = '/api/rest/v1/products';
const collection = 'application/vnd.akeneo.collection+json';

/** A page of a hundred products with some forty values each, as catalogs have them. */
function buildPage(): Buffer {
  const items = Array.from({ length: 100 }, (_, index) => ({
    _links: { self: { href: `http://pim.internal${products}/product-${index}` } },
    identifier: `product-${index}`,
    family: 'tents',
    categories: ['master', 'tents'],
    values: Object.fromEntries(
      Array.from({ length: 40 }, (_value, attribute) => [
        `attribute_${attribute}`,
        [{ locale: 'en_US', scope: null, data: `A text of some length about attribute ${attribute} of ${index}` }],
      ]),
    ),
    associations: {},
  }));
  return Buffer.from(JSON.stringify({ _links: {}, current_page: 1, _embedded: { items } }));
}

/** Answers a list with a page, a collection with a line each, and every other write with 204. */
export async function startBenchUpstream(): Promise<BenchUpstream> {
  const page = buildPage();
  const lines = Array.from({ length: 100 }, (_, index) =>
    JSON.stringify({ line: index + 1, identifier: `product-${index}`, status_code: index % 10 === 0 ? 201 : 204 }),
  ).join('\n');
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      if (request.method === 'GET') response.writeHead(200, { 'content-type': 'application/json' }).end(page);
      else if (request.url === products) response.writeHead(200, { 'content-type': collection }).end(lines);
      else response.writeHead(204).end();
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
