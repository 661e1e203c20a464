import type { Connection } from '../../api/generated/connection.ts';
import { labels, type Part, parts, secretAnnotations, secretKeys } from '../../api/names.ts';
import type { OwnerReference } from '../../api/object-meta.ts';
import { readSecretText, type Secret } from '../../api/secret.ts';
import type { Identity } from '../../credentials/identity.ts';
import type { KeyRing } from '../../credentials/key-ring.ts';
import { isMarkRight, type Mark, type MarkedContent, parseMark } from '../../credentials/mark.ts';

/** The two secret values. */
export type Values = Readonly<Record<Part, string>>;

/** What stands in a Secret, believed or not; keys that are missing are absent. */
export interface SecretContent {
  readonly identity: Partial<Identity>;
  readonly values: Partial<Values>;
  readonly auth: string | undefined;
  /** What the mark claims, whether or not it is right. */
  readonly mark: Mark | undefined;
  /** Whether an operator with one of the ring's keys wrote exactly this content into this Secret for this Connection. */
  readonly isMarkRight: boolean;
}

/** Reads our keys and the mark of a Secret that may belong to this Connection. */
export function readSecret(secret: Secret, connectionName: string, keys: KeyRing): SecretContent {
  const identity = textsOf(secret, { clientId: secretKeys.clientId, username: secretKeys.username });
  const values = textsOf(secret, { clientSecret: secretKeys.clientSecret, password: secretKeys.password });
  const auth = readSecretText(secret, secretKeys.auth);
  const mark = parseMark(secret.metadata.annotations?.[secretAnnotations.issued]);
  const content = { namespace: secret.metadata.namespace ?? '', secret: secret.metadata.name };
  const right =
    mark !== undefined &&
    isWhole({ ...identity, ...values }) &&
    isMarkRight(keys, mark, { ...content, connection: connectionName, ...identity, ...values, auth } as MarkedContent);
  return { identity, values, auth, mark, isMarkRight: right };
}

/** Whether the Connection is the controller of this Secret. Proves nothing about its values. */
export function controls(connection: Connection, secret: Secret): boolean {
  return ownersOf(secret).some(({ uid, controller }) => uid === connection.metadata.uid && controller === true);
}

/** Whether something else than a Connection of this name (this one, or the one before a restore) owns the Secret. */
export function hasOtherOwner(connection: Connection, secret: Secret): boolean {
  return ownersOf(secret).some(
    (owner) =>
      owner.uid !== connection.metadata.uid &&
      !(owner.kind === 'Connection' && owner.name === connection.metadata.name),
  );
}

/** Who looks after this Secret instead of a person, in words for a message; `undefined` when nobody visibly does. */
export function findManager(connection: Connection, secret: Secret): string | undefined {
  const owner = ownersOf(secret).find(({ uid }) => uid !== connection.metadata.uid);
  if (owner) return `${owner.kind} ${owner.name} owns it`;
  const manager = secret.metadata.labels?.[labels.managedBy];
  if (manager !== undefined && manager !== 'connection-operator') return `${manager} manages it`;
  const sign = [...managerSigns].find(
    ([key]) => secret.metadata.labels?.[key] !== undefined || secret.metadata.annotations?.[key] !== undefined,
  );
  return sign && `${sign[1]} manages it`;
}

/** Labels and annotations that tools put on Secrets which they write again and again. */
const managerSigns: ReadonlyMap<string, string> = new Map([
  ['argocd.argoproj.io/tracking-id', 'Argo CD'],
  ['argocd.argoproj.io/instance', 'Argo CD'],
  ['kustomize.toolkit.fluxcd.io/name', 'Flux'],
  ['helm.toolkit.fluxcd.io/name', 'Flux'],
  ['meta.helm.sh/release-name', 'Helm'],
  ['reconcile.external-secrets.io/managed', 'External Secrets'],
  ['reconcile.external-secrets.io/data-hash', 'External Secrets'],
  ['sealedsecrets.bitnami.com/managed', 'Sealed Secrets'],
  ['cert-manager.io/certificate-name', 'cert-manager'],
]);

/** The owner references of a Secret; the API leaves the list out when it is empty. */
export function ownersOf(secret: Secret): readonly OwnerReference[] {
  return secret.metadata.ownerReferences ?? [];
}

function textsOf<K extends string>(secret: Secret, keys: Readonly<Record<K, string>>): Partial<Record<K, string>> {
  const texts: Partial<Record<K, string>> = {};
  for (const name of Object.keys(keys) as K[]) {
    const text = readSecretText(secret, keys[name]);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}

function isWhole(texts: Partial<Identity & Values>): boolean {
  return (
    texts.clientId !== undefined && texts.username !== undefined && parts.every((part) => texts[part] !== undefined)
  );
}
