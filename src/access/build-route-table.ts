import { type AkeneoEndpoint, akeneoEndpoints } from '../api/akeneo-endpoints.ts';

/** One part of an endpoint's path. `one` is a placeholder for one segment, `many` for one or more. */
export type PathPart = { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'one' | 'many' };

/** An endpoint, ready to be compared with a path. */
export interface Route {
  readonly endpoint: AkeneoEndpoint;
  readonly parts: readonly PathPart[];
  /** Literal parts: of two routes that match, the one with more of them says what the request is. */
  readonly literals: number;
}

/** Routes by method and collection (`products` in `/api/rest/v1/products`), the most literal first. */
export type RouteTable = ReadonlyMap<string, readonly Route[]>;

/** Made once, at start. */
export function buildRouteTable(endpoints: readonly AkeneoEndpoint[] = akeneoEndpoints): RouteTable {
  const table = new Map<string, Route[]>();
  for (const endpoint of endpoints) {
    const route = buildRoute(endpoint);
    const key = buildRouteKey(endpoint.method, endpoint.path.slice(1).split('/'));
    table.set(key, [...(table.get(key) ?? []), route]);
  }
  for (const routes of table.values()) routes.sort((a, b) => b.literals - a.literals);
  return table;
}

/** Where in the table the routes of a request stand. */
export function buildRouteKey(method: string, segments: readonly string[]): string {
  return `${method} ${segments[3] ?? ''}`;
}

function buildRoute(endpoint: AkeneoEndpoint): Route {
  const parts = endpoint.path
    .slice(1)
    .split('/')
    .map((text): PathPart => {
      if (!text.startsWith('{')) return { kind: 'literal', text };
      return { kind: endpoint.slashes === true ? 'many' : 'one' };
    });
  return { endpoint, parts, literals: parts.filter((part) => part.kind === 'literal').length };
}
