import { dump } from 'js-yaml';

/** `json` or `yaml`, as `-o` asks for. Keys keep their order. */
export function formatOutput(format: string, value: unknown): string {
  if (format === 'json') return JSON.stringify(value, undefined, 2);
  return dump(dropUndefined(value), { lineWidth: -1, noRefs: true }).trimEnd();
}

/** An object of the API server, without the names of who wrote which field, as kubectl shows it. */
export function formatObject(format: string, object: { readonly metadata: object }): string {
  const { managedFields: _, ...metadata } = object.metadata as { readonly managedFields?: unknown };
  return formatOutput(format, { ...object, metadata });
}

/** js-yaml refuses `undefined`, JSON leaves it out. */
function dropUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
