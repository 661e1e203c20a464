import { buildCelValue } from './build-cel-value.ts';
import { parseExpression } from './cel-environment.ts';
import { type CrdRule, type CrdSchema, findChild, isObject } from './crd-schema.ts';
import { type Finding, joinPath } from './finding.ts';

/**
 * The CEL rules of a CRD on a new object, each where it stands. Rules that compare with an older object (`oldSelf`) say
 * nothing about a new one, as in the API server.
 */
export function checkRules(value: unknown, schema: CrdSchema, path = ''): readonly Finding[] {
  if (value === undefined || value === null) return [];
  const own = (schema['x-kubernetes-validations'] ?? [])
    .filter(({ rule }) => !/\boldSelf\b/.test(rule))
    .flatMap((rule) => checkRule(rule, buildCelValue(value, schema), path));
  return [...own, ...checkChildren(value, schema, path)];
}

function checkChildren(value: unknown, schema: CrdSchema, path: string): readonly Finding[] {
  if (Array.isArray(value)) {
    const { items } = schema;
    return items === undefined ? [] : value.flatMap((item, at) => checkRules(item, items, joinPath(path, at)));
  }
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, child]) => {
    const known = findChild(schema, name);
    return known === undefined ? [] : checkRules(child, known, joinPath(path, name));
  });
}

function checkRule(
  { rule, message, messageExpression, fieldPath }: CrdRule,
  self: unknown,
  path: string,
): readonly Finding[] {
  const place = path + (path === '' ? (fieldPath ?? '').slice(1) : (fieldPath ?? ''));
  try {
    if (parseExpression(rule)({ self }) === true) return [];
    return [
      {
        path: place,
        message: `Invalid value: ${buildMessage(self, message ?? `failed rule: ${rule}`, messageExpression)}`,
      },
    ];
  } catch {
    return [{ path: place, message: `Invalid value: the rule cannot be evaluated: ${message ?? rule}` }];
  }
}

function buildMessage(self: unknown, message: string, expression: string | undefined): string {
  if (expression === undefined) return message;
  try {
    const built = parseExpression(expression)({ self });
    return typeof built === 'string' && built !== '' ? built : message;
  } catch {
    return message;
  }
}
