import { buildQuery } from '../query/build-query.ts';
import type { Parameters } from '../query/read-parameters.ts';

/** The query of a list as the client asked it, for links to its other pages. */
export interface PageRequest {
  /** Path of the target. */
  readonly path: string;
  /** From the query alone, decoded, as the client sent them. */
  readonly parameters: Parameters;
}

/** What follows and precedes a page, as far as the upstream said so. */
export interface PageNeighbours {
  readonly hasPrevious: boolean;
  readonly hasNext: boolean;
  /** Sealed; absent: there is no next page that could be asked for by a cursor. */
  readonly nextCursor?: string | undefined;
}

type Link = readonly [relation: string, href: string];

/**
 * The links of a page: what the client asked, with another page or cursor. They begin with a slash; whoever sends the
 * reply puts the public address before them. Nothing of what was added for the upstream is in them.
 */
export function buildPageLinks(request: PageRequest, neighbours: PageNeighbours): Readonly<Record<string, object>> {
  const isCursor = request.parameters.get('pagination_type') === 'search_after';
  const links = isCursor ? buildCursorLinks(request, neighbours) : buildNumberLinks(request, neighbours);
  return Object.fromEntries(links.map(([relation, href]) => [relation, { href }]));
}

function buildNumberLinks(request: PageRequest, { hasPrevious, hasNext }: PageNeighbours): readonly Link[] {
  const others = listOthers(request);
  const page = Number(request.parameters.get('page') ?? '1');
  const link = (relation: string, to: number): Link => [relation, hrefOf(request, [['page', String(to)], ...others])];
  return [
    link('self', page),
    link('first', 1),
    ...(hasPrevious && page > 1 ? [link('previous', page - 1)] : []),
    ...(hasNext ? [link('next', page + 1)] : []),
  ];
}

function buildCursorLinks(request: PageRequest, { nextCursor }: PageNeighbours): readonly Link[] {
  const others = listOthers(request);
  const cursor = request.parameters.get('search_after') ?? '';
  const withCursor = (to: string) => hrefOf(request, to === '' ? others : [...others, ['search_after', to]]);
  return [
    ['self', withCursor(cursor)],
    ['first', withCursor('')],
    ...(nextCursor === undefined ? [] : [['next', withCursor(nextCursor)] as const]),
  ];
}

function listOthers({ parameters }: PageRequest): readonly (readonly [string, string])[] {
  return [...parameters].filter(([name]) => name !== 'page' && name !== 'search_after');
}

function hrefOf({ path }: PageRequest, parameters: readonly (readonly [string, string])[]): string {
  return path + buildQuery(parameters);
}
