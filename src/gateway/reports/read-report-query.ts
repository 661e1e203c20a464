/** What a viewer asks for. */
export interface ReportScope {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  /** Absent: all Connections; never there without `namespace`. */
  readonly name?: string;
}

/** A question to the admin port, or what is wrong with it. */
export type ReportQuery =
  | { readonly kind: 'query'; readonly scope: ReportScope; readonly hours: number }
  | { readonly kind: 'wrong'; readonly message: string };

const defaultHours = 192;
const mostHours = 240;
const known = new Set(['namespace', 'name', 'hours']);
/** Names of objects; what is no name cannot be asked about. */
const namePattern = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** @param query from behind the `?`. */
export function readReportQuery(query: string): ReportQuery {
  const parameters = new URLSearchParams(query);
  for (const key of parameters.keys()) {
    if (!known.has(key))
      return wrong(`There is no parameter "${key.slice(0, 64)}": namespace, name and hours are known.`);
    if (parameters.getAll(key).length > 1) return wrong(`The parameter "${key}" stands there twice.`);
  }
  const namespace = parameters.get('namespace');
  const name = parameters.get('name');
  if (name !== null && namespace === null) return wrong('The parameter "name" needs "namespace".');
  for (const [key, value] of Object.entries({ namespace, name })) {
    if (value !== null && !namePattern.test(value)) return wrong(`The parameter "${key}" is no name of an object.`);
  }
  const text = parameters.get('hours') ?? String(defaultHours);
  const hours = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (hours < 1 || hours > mostHours) return wrong(`The parameter "hours" is a whole number from 1 to ${mostHours}.`);
  const scope = { ...(namespace !== null && { namespace }), ...(name !== null && { name }) };
  return { kind: 'query', scope, hours };
}

function wrong(message: string): ReportQuery {
  return { kind: 'wrong', message };
}
