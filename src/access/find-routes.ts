import type { AkeneoEndpoint, ProductData } from '../api/akeneo-endpoints.ts';
import { buildRouteKey, type Route, type RouteTable } from './build-route-table.ts';
import { checkScriptName } from './check-script-name.ts';
import { type Method, readJudgedMethod } from './read-method.ts';
import type { Target } from './read-target.ts';

/** What the table of endpoints says about a request. */
export interface FoundRoutes {
  /** Every endpoint that matches, the most literal first; each one's permission is needed. Empty: none is known. */
  readonly endpoints: readonly AkeneoEndpoint[];
  /** Whether there is one. */
  readonly known: boolean;
  /** What the placeholders of the first endpoint stand for, decoded; a code with slashes is one entry. */
  readonly parameters: readonly string[];
  /** Needs no token. */
  readonly open: boolean;
  /** Takes a file as multipart or answers with its bytes. */
  readonly files: boolean;
  /**
   * The strictest of the endpoints. `unknown` where there is none: a rule may reach product data by a path that nobody
   * here knows, so a restricted connection is refused there too. `undefined`: carries none.
   */
  readonly productData: ProductData | 'unknown' | undefined;
}

const nothingFound: FoundRoutes = {
  endpoints: [],
  known: false,
  parameters: [],
  open: false,
  files: false,
  productData: 'unknown',
};

/** Looks a request up. HEAD is looked up as GET. */
export function findRoutes(table: RouteTable, method: Method, target: Target): FoundRoutes {
  if (target.trailing) return nothingFound;
  const candidates = table.get(buildRouteKey(readJudgedMethod(method), target.segments)) ?? [];
  const endpoints: AkeneoEndpoint[] = [];
  let parameters: readonly string[] | undefined;
  for (const route of candidates) {
    const matched = matchRoute(route, target.segments);
    if (matched === undefined) continue;
    endpoints.push(route.endpoint);
    parameters ??= matched;
  }
  const [first] = endpoints;
  if (first === undefined || parameters === undefined) return nothingFound;
  return {
    endpoints,
    known: true,
    parameters,
    open: endpoints.every((endpoint) => endpoint.open === true),
    files: first.files === true,
    productData: findStrictest(endpoints),
  };
}

function findStrictest(endpoints: readonly AkeneoEndpoint[]): ProductData | undefined {
  const kinds = endpoints.map((endpoint) => endpoint.productData);
  return kinds.includes('refused') ? 'refused' : kinds.find((kind) => kind !== undefined);
}

/** What the placeholders stand for, or `undefined`. A path has at most one placeholder for several segments. */
function matchRoute({ parts }: Route, segments: readonly string[]): readonly string[] | undefined {
  const spare = segments.length - parts.length;
  if (spare < 0) return undefined;
  const parameters: string[] = [];
  let at = 0;
  for (const part of parts) {
    const next = segments[at] ?? '';
    if (part.kind === 'literal') {
      if (next !== part.text) return undefined;
      at++;
      continue;
    }
    const taken = part.kind === 'one' ? [next] : segments.slice(at, at + spare + 1);
    if (taken.some(checkScriptName)) return undefined;
    parameters.push(taken.join('/'));
    at += taken.length;
  }
  return at === segments.length ? parameters : undefined;
}
