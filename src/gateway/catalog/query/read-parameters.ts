import { type CatalogRefusal, refuse } from '../catalog-plan.ts';

/** Query parameters, decoded, in the order in which they were sent. */
export type Parameters = ReadonlyMap<string, string>;

/** Longest name that is repeated in an answer. */
const longestName = 60;

/**
 * Reads a query. Every name is one of `known`, spelled exactly so, once. Anything else is refused: PHP would take
 * `search.after` or `search%5B%5D` for another name, and which of two values counts is anybody's guess.
 *
 * @param query empty or from the `?` on
 */
export function readParameters(query: string, known: ReadonlySet<string>): Parameters | CatalogRefusal {
  const parameters = new Map<string, string>();
  for (const piece of query.slice(1).split('&')) {
    if (piece === '') continue;
    const equals = piece.indexOf('=');
    const name = decode(equals < 0 ? piece : piece.slice(0, equals));
    const value = decode(equals < 0 ? '' : piece.slice(equals + 1));
    if (name === undefined || value === undefined) return refuse(400, 'The query is not percent-encoded UTF-8.');
    if (!known.has(name)) {
      return refuse(422, `The query parameter "${name.slice(0, longestName)}" is not known on this endpoint.`);
    }
    if (parameters.has(name)) return refuse(400, `The query parameter "${name}" is given more than once.`);
    parameters.set(name, value);
  }
  return parameters;
}

/** `undefined` for what is no UTF-8 when decoded. */
function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}
