/** What a request asks for. */
export interface RequestPath {
  /** Begins with a slash; plain characters only, no empty segment, none of dots alone. */
  readonly path: string;
  readonly query: URLSearchParams;
}

/**
 * Reads the target of a request. Paths of pages, files, namespaces and Connections are made of letters, digits, `.`, `_`
 * and `-`: whatever else stands in one, encoded or not, leads nowhere, and is `undefined`.
 */
export function readPath(target: string): RequestPath | undefined {
  const cut = target.indexOf('?');
  const path = cut < 0 ? target : target.slice(0, cut);
  const [root, ...segments] = path.split('/');
  // A slash at the end leaves an empty one.
  const named = segments.at(-1) === '' ? segments.slice(0, -1) : segments;
  if (root !== '' || segments.length === 0 || !named.every(isPlain)) return undefined;
  return { path, query: new URLSearchParams(cut < 0 ? '' : target.slice(cut + 1)) };
}

const isPlain = (segment: string): boolean => /^[A-Za-z0-9_.-]+$/.test(segment) && !/^\.+$/.test(segment);
