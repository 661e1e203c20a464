import { isDeepStrictEqual } from 'node:util';
import { apiVersion, labels, managerName, secretAnnotations, secretKeys } from '../../api/names.ts';
import type { OwnerReference } from '../../api/object-meta.ts';
import { isSecretTypeAllowed, type Secret, type SecretDraft } from '../../api/secret.ts';
import type { Identity } from '../../credentials/identity.ts';
import { buildMark, type MarkFacts } from '../../credentials/mark.ts';
import type { ObservedConnection } from '../observe/observed-connection.ts';
import { ownersOf, type Values } from './read-secret.ts';
import { wantedSecretName } from './wanted-secret-name.ts';

/** What goes into a Secret besides what the spec says. */
export interface SecretInput {
  readonly identity: Identity;
  readonly values: Values;
  readonly auth: string | undefined;
  /** Rendered templates. */
  readonly rendered: Readonly<Record<string, string>>;
  /** Data of an adopted Secret that stays, still in base64. */
  readonly kept: Readonly<Record<string, string>>;
  readonly facts: Pick<MarkFacts, 'versions' | 'handled'>;
  /** The Secret that is there, whose foreign labels and annotations stay; absent: a new one. */
  readonly previous: Secret | undefined;
  /** Labels and annotations (as in the mark) that the spec asked for when `previous` was written. */
  readonly previousMetadata: readonly string[];
}

/** The whole Secret as it should be, mark included. Same input, same Secret. */
export function buildSecret(observed: ObservedConnection, input: SecretInput): SecretDraft {
  const { connection, keys } = observed;
  const { identity, values, auth, previous } = input;
  const name = wantedSecretName(connection);
  const asked = connection.spec.secret ?? {};
  const metadataKeys = [
    ...Object.keys(asked.labels ?? {}).map((key) => `label ${key}`),
    ...Object.keys(asked.annotations ?? {}).map((key) => `annotation ${key}`),
  ].sort();
  const content = { namespace: connection.metadata.namespace, secret: name, connection: connection.metadata.name };
  const facts = { ...input.facts, kept: Object.keys(input.kept).sort(), metadata: metadataKeys };
  const mark = buildMark(keys, { ...content, ...identity, ...values, auth }, facts);
  const stale = (kind: string) => (key: string) => input.previousMetadata.includes(`${kind} ${key}`);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...(previous && versionOf(previous)),
      name,
      namespace: connection.metadata.namespace,
      labels: {
        ...without(previous?.metadata.labels, stale('label')),
        ...asked.labels,
        [labels.managedBy]: managerName,
        [labels.connection]: connection.metadata.name,
      },
      annotations: {
        ...without(previous?.metadata.annotations, stale('annotation')),
        ...asked.annotations,
        [secretAnnotations.issued]: mark,
      },
      ownerReferences: [ownerReference(observed), ...otherOwners(observed, previous)],
    },
    type: asked.type !== undefined && isSecretTypeAllowed(asked.type) ? asked.type : 'Opaque',
    ...(previous?.immutable === true && { immutable: true }),
    data: { ...input.kept, ...encode(dataOf(observed, input)) },
  };
}

/** Whether the Secret that is there says something else than the one that should be. */
export function differs(actual: Secret, wanted: SecretDraft): boolean {
  return !(
    isSameMap(actual.metadata.labels, wanted.metadata.labels) &&
    isSameMap(actual.metadata.annotations, wanted.metadata.annotations) &&
    isSameMap(actual.data, wanted.data) &&
    (actual.type ?? 'Opaque') === wanted.type &&
    isDeepStrictEqual(ownersOf(actual), wanted.metadata.ownerReferences)
  );
}

/** Whether changing `actual` into `wanted` needs a new object: the API server refuses to edit these in place. */
export function needsNewObject(actual: Secret, wanted: SecretDraft): boolean {
  const isDataFixed = actual.immutable === true && !isSameMap(actual.data, wanted.data);
  return isDataFixed || (actual.type ?? 'Opaque') !== wanted.type;
}

/**
 * The replacement that brings `actual` as near to `wanted` as can be done in place; `undefined` when it is there. Of a
 * Secret whose data cannot be edited the metadata can: it has to stay in our watch, and to go with its Connection.
 */
export function buildRepair(actual: Secret, wanted: SecretDraft): SecretDraft | undefined {
  const repaired = needsNewObject(actual, wanted) ? withDataOf(actual, wanted) : wanted;
  return differs(actual, repaired) ? repaired : undefined;
}

function withDataOf(actual: Secret, wanted: SecretDraft): SecretDraft {
  const marked = [
    secretKeys.clientId,
    secretKeys.clientSecret,
    secretKeys.username,
    secretKeys.password,
    secretKeys.auth,
  ];
  const { [secretAnnotations.issued]: newMark, ...others } = wanted.metadata.annotations;
  // The mark speaks for what really stands there, or it stays what it was.
  const isTrue = marked.every((key) => actual.data?.[key] === wanted.data?.[key]);
  const mark = isTrue ? newMark : actual.metadata.annotations?.[secretAnnotations.issued];
  const annotations = { ...others, ...(mark !== undefined && { [secretAnnotations.issued]: mark }) };
  const metadata = { ...wanted.metadata, annotations };
  return { ...wanted, metadata, type: actual.type ?? 'Opaque', data: actual.data ?? {} };
}

/** The same Secret as a new object: without the version and uid of the one that goes. */
export function asNewObject(secret: SecretDraft): SecretDraft {
  const { metadata, immutable: _immutable, ...rest } = secret;
  const { resourceVersion: _version, uid: _uid, ...fresh } = metadata;
  return { ...rest, metadata: fresh };
}

function dataOf({ gatewayUrl }: ObservedConnection, input: SecretInput): Record<string, string> {
  const { identity, values, auth, rendered } = input;
  return {
    ...rendered,
    [secretKeys.clientId]: identity.clientId,
    [secretKeys.clientSecret]: values.clientSecret,
    [secretKeys.username]: identity.username,
    [secretKeys.password]: values.password,
    [secretKeys.type]: 'pim',
    [secretKeys.provider]: managerName,
    ...(gatewayUrl !== undefined && { [secretKeys.uri]: gatewayUrl, [secretKeys.tokenUri]: tokenUriOf(gatewayUrl) }),
    ...(auth !== undefined && { [secretKeys.auth]: auth }),
  };
}

/** Keys that the operator writes or takes away; where it knows no gateway, an address that an owner wrote is left to him. */
export function ownKeys({ gatewayUrl }: ObservedConnection): readonly string[] {
  const addresses: readonly string[] = [secretKeys.uri, secretKeys.tokenUri];
  return Object.values(secretKeys).filter((key) => gatewayUrl !== undefined || !addresses.includes(key));
}

/** Address of the token endpoint behind this gateway. */
export function tokenUriOf(gatewayUrl: string): string {
  return `${gatewayUrl}/api/oauth/v1/token`;
}

function ownerReference({ connection }: ObservedConnection): OwnerReference {
  const { name, uid } = connection.metadata;
  // blockOwnerDeletion: false, or clusters with OwnerReferencesPermissionEnforcement ask for rights on finalizers.
  return { apiVersion, kind: 'Connection', name, uid, controller: true, blockOwnerDeletion: false };
}

/** Owners besides a Connection of this name, which a restore left behind under its old uid. */
function otherOwners({ connection }: ObservedConnection, previous: Secret | undefined): readonly OwnerReference[] {
  if (!previous) return [];
  return ownersOf(previous).filter(
    ({ kind, name, controller }) =>
      controller !== true && !(kind === 'Connection' && name === connection.metadata.name),
  );
}

function versionOf({ metadata }: Secret): { uid: string; resourceVersion: string } {
  return { uid: metadata.uid, resourceVersion: metadata.resourceVersion };
}

/** The same keys with the same texts; the API leaves an empty map out. */
function isSameMap(one: Readonly<Record<string, string>> = {}, other: Readonly<Record<string, string>> = {}): boolean {
  const keys = Object.keys(one);
  // An absent key reads as undefined, which is no text: as many keys with the same texts are the same keys.
  return keys.length === Object.keys(other).length && keys.every((key) => one[key] === other[key]);
}

function without(
  map: Readonly<Record<string, string>> | undefined,
  isStale: (key: string) => boolean,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).filter(([key]) => !isStale(key)));
}

function encode(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'utf8').toString('base64')]),
  );
}
