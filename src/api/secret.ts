import type { ObjectMeta, OwnerReference } from './object-meta.ts';

/** A core/v1 Secret as it is read. */
export interface Secret extends SecretContent {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta & { readonly namespace: string };
}

/** A Secret as it is sent: with `uid` and `resourceVersion` it replaces the one that it was read from. */
export interface SecretDraft extends SecretContent {
  readonly apiVersion: 'v1';
  readonly kind: 'Secret';
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly uid?: string;
    readonly resourceVersion?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: readonly OwnerReference[];
  };
}

interface SecretContent {
  readonly type?: string;
  readonly immutable?: boolean;
  /** Values are base64. */
  readonly data?: Readonly<Record<string, string>>;
}

/** The plain text of a key, `undefined` when the Secret has no such key. */
export function readSecretText(secret: Secret, key: string): string | undefined {
  const encoded = secret.data?.[key];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8');
}

/** Whether `spec.secret.type` may say this; the rule of the CRD. */
export function isSecretTypeAllowed(type: string): boolean {
  return /^(?:Opaque|kubernetes\.io\/basic-auth|servicebinding\.io\/[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)$/.test(
    type,
  );
}
