import { buildCelValue } from './build-cel-value.ts';
import { type Expression, parseExpression } from './cel-environment.ts';
import type { Finding } from './finding.ts';

/** A ValidatingAdmissionPolicy, as far as it can be told without an API server. */
export interface Policy {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly paramKind?: { readonly kind: string };
    readonly matchConstraints: {
      readonly resourceRules: readonly {
        readonly apiGroups: readonly string[];
        readonly resources: readonly string[];
        readonly operations: readonly string[];
      }[];
    };
    readonly matchConditions?: readonly { readonly expression: string }[];
    readonly variables?: readonly { readonly name: string; readonly expression: string }[];
    readonly validations: readonly {
      readonly expression: string;
      readonly message?: string;
      readonly messageExpression?: string;
    }[];
  };
}

/** What is asked about: the creation of an object. */
export interface Creation {
  readonly group: string;
  readonly plural: string;
  readonly object: Readonly<Record<string, unknown>>;
  /** Objects of the same files by kind, for policies that have parameters. */
  readonly others: readonly Readonly<Record<string, unknown>>[];
}

/**
 * What admission would say. Policies that ask who somebody is (`authorizer`) cannot be told here and are left out; those
 * with parameters are asked about those parameters that stand in the same files.
 */
export function checkPolicies(policies: readonly Policy[], creation: Creation): readonly Finding[] {
  return policies.filter((policy) => isAbout(policy, creation)).flatMap((policy) => checkPolicy(policy, creation));
}

function isAbout({ spec }: Policy, { group, plural }: Creation): boolean {
  if (JSON.stringify(spec).includes('authorizer.')) return false;
  return spec.matchConstraints.resourceRules.some(
    ({ apiGroups, resources, operations }) =>
      apiGroups.includes(group) && resources.includes(plural) && operations.includes('CREATE'),
  );
}

function checkPolicy({ spec }: Policy, { object, others }: Creation): readonly Finding[] {
  const { paramKind, matchConditions = [], validations } = spec;
  const params = paramKind === undefined ? [undefined] : others.filter(({ kind }) => kind === paramKind.kind);
  return params.flatMap((param) => {
    const scope = buildScope(spec.variables ?? [], {
      object: buildCelValue(object),
      oldObject: null,
      params: buildCelValue(param ?? null),
    });
    if (!matchConditions.every(({ expression }) => parseExpression(expression)(scope) === true)) return [];
    return validations
      .filter(({ expression }) => parseExpression(expression)(scope) !== true)
      .map(({ message, messageExpression, expression }) => ({
        path: '',
        message: buildMessage(scope, message ?? `failed: ${expression}`, messageExpression),
      }));
  });
}

type Scope = Readonly<Record<string, unknown>>;

/** Variables are worked out when they are first looked at: some mean something only where a rule has failed. */
function buildScope(variables: readonly { readonly name: string; readonly expression: string }[], base: Scope): Scope {
  const values = {};
  const scope = { ...base, variables: values };
  for (const { name, expression } of variables) defineLazily(values, name, parseExpression(expression), scope);
  return scope;
}

function defineLazily(values: object, name: string, expression: Expression, scope: Scope): void {
  Object.defineProperty(values, name, {
    enumerable: true,
    configurable: true,
    get() {
      const value = expression(scope);
      Object.defineProperty(values, name, { enumerable: true, value });
      return value;
    },
  });
}

function buildMessage(scope: Scope, message: string, expression: string | undefined): string {
  if (expression === undefined) return message;
  try {
    const built = parseExpression(expression)(scope);
    return typeof built === 'string' && built !== '' ? built : message;
  } catch {
    return message;
  }
}
