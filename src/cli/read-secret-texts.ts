import type { Connection } from '../api/generated/connection.ts';
import { secretKeys } from '../api/names.ts';
import type { Secret } from '../api/secret.ts';
import { secretPath } from '../kube/resource-paths.ts';
import type { OpenCluster } from './open-cluster.ts';

/** Plain texts of a Secret, by key. */
export type SecretTexts = Readonly<Record<string, string>>;

/** Throws an `Error` when nothing is issued yet, and a `KubeError` for whoever may not read the Secret. */
export async function readSecretTexts(
  { client }: OpenCluster,
  { metadata, status }: Connection,
): Promise<{ readonly name: string; readonly texts: SecretTexts }> {
  const name = status?.binding?.name;
  if (name === undefined) {
    const ready = status?.conditions?.find(({ type }) => type === 'Ready');
    throw new Error(
      `Connection ${metadata.namespace}/${metadata.name} has no credentials yet: ${ready?.message ?? 'the operator has not looked at it'}`,
    );
  }
  const secret = await client.get<Secret>(secretPath(metadata.namespace, name));
  const texts = Object.entries(secret.data ?? {}).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()]);
  return { name, texts: Object.fromEntries(texts) };
}

/** The values that a rotation replaces. */
export function valuesOf(texts: SecretTexts): { readonly clientSecret: string; readonly password: string } {
  return { clientSecret: texts[secretKeys.clientSecret] ?? '', password: texts[secretKeys.password] ?? '' };
}
