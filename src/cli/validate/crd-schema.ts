/** A rule of `x-kubernetes-validations`. */
export interface CrdRule {
  readonly rule: string;
  readonly message?: string;
  /** CEL that makes the message; `message` counts when it fails. */
  readonly messageExpression?: string;
  /** From the place of the rule, as in `.code`. */
  readonly fieldPath?: string;
}

/** The part of a structural schema that is looked at beside what JSON Schema says. */
export interface CrdSchema {
  readonly type?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, CrdSchema>>;
  readonly additionalProperties?: CrdSchema;
  readonly items?: CrdSchema;
  readonly nullable?: boolean;
  readonly 'x-kubernetes-validations'?: readonly CrdRule[];
  readonly 'x-kubernetes-list-type'?: 'atomic' | 'set' | 'map';
}

/** A custom resource definition, as far as a manifest is judged by it. */
export interface Crd {
  readonly spec: {
    readonly group: string;
    readonly scope: 'Namespaced' | 'Cluster';
    readonly names: { readonly kind: string; readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly schema: { readonly openAPIV3Schema: CrdSchema } }[];
  };
}

/** Anything that is an object in JSON. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The schema of a field: named, or that of every key of a map. `undefined`: there is no such field. */
export function findChild(schema: CrdSchema | undefined, name: string): CrdSchema | undefined {
  // A field may be named like something that every JavaScript object has.
  const named = Object.hasOwn(schema?.properties ?? {}, name) ? schema?.properties?.[name] : undefined;
  return named ?? schema?.additionalProperties;
}
