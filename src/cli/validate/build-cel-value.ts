import { type CrdSchema, findChild, isObject } from './crd-schema.ts';

/**
 * A value of a manifest for CEL. Objects are maps there, whatever their keys are called; numbers of an integer field are
 * `int`, which is a `bigint`.
 */
export function buildCelValue(value: unknown, schema?: CrdSchema): unknown {
  if (typeof value === 'number' && schema?.type === 'integer') return BigInt(value);
  if (Array.isArray(value)) return value.map((item) => buildCelValue(item, schema?.items));
  if (!isObject(value)) return value;
  return new Map(Object.entries(value).map(([name, child]) => [name, buildCelValue(child, findChild(schema, name))]));
}
