import { type CatalogRefusal, refuse } from '../catalog-plan.ts';
import { parseJson } from '../json/parse-json.ts';
import { choiceParameters } from './check-list-parameters.ts';
import type { Parameters } from './read-parameters.ts';

/** The documentation names a parameter by the name of its definition; both mean the same. */
const aliases: Readonly<Record<string, string>> = { with_quality_scores__products: 'with_quality_scores' };
const known: ReadonlySet<string> = new Set(choiceParameters);

/** Reads the body of a `…/search`: parameters by name, texts or booleans. */
export function readSearchBody(body: Buffer): Parameters | CatalogRefusal {
  const doc = parseJson(body);
  if (doc === 'key twice') return refuse(400, 'The JSON body has a key twice.');
  if (doc === 'not JSON' || doc.kind(doc.root) !== 'object') return refuse(400, 'Invalid json message received');
  const parameters = new Map<string, string>();
  for (const { key, value } of doc.members(doc.root)) {
    const name = aliases[key] ?? key;
    if (!known.has(name)) return refuse(422, `Property "${key}" does not exist.`);
    if (parameters.has(name)) return refuse(400, `"${name}" is given more than once.`);
    const kind = doc.kind(value);
    const text = kind === 'true' || kind === 'false' ? kind : doc.string(value);
    if (text === undefined) return refuse(422, `Property "${key}" expects a string or a boolean.`);
    parameters.set(name, text);
  }
  return parameters;
}
