/** The words that users, operator and gateway agree on: API group, labels, annotations and keys. */

/** API group of every custom resource. */
export const group = 'connect.pim.dev';
/** The one served version. */
export const version = 'v1beta1';
/** `apiVersion` of every custom resource. */
export const apiVersion = 'connect.pim.dev/v1beta1';

/** `spec.roleRef.name` when the manifest names none. */
export const defaultRole = 'user';
/** `spec.groupRef.name` when the manifest names none. */
export const defaultGroup = 'all';

/** Value of `app.kubernetes.io/managed-by` on every Secret that the operator writes, and the `provider` key in it. */
export const managerName = 'connection-operator';

/** Where the programs run, and where the Leases are: operators that shared no namespace would not see each other. */
export const systemNamespace = 'connection-system';

/** Labels that the operator puts on a Secret. */
export const labels = {
  managedBy: 'app.kubernetes.io/managed-by',
  connection: 'connect.pim.dev/connection',
} as const;

/** Annotations on a Connection that ask for new values. */
export const rotationAnnotations = {
  rotateClientSecret: 'connect.pim.dev/rotate-client-secret',
  rotatePassword: 'connect.pim.dev/rotate-password',
  rotate: 'connect.pim.dev/rotate',
  revoke: 'connect.pim.dev/revoke',
} as const;

/** Annotations on a credentials Secret: `adopt` is its owner's, `issued` is the operator's mark. */
export const secretAnnotations = {
  adopt: 'connect.pim.dev/adopt',
  issued: 'connect.pim.dev/issued',
} as const;

/** Annotations on the key Secret. */
export const keyAnnotations = {
  rotate: 'connect.pim.dev/rotate-keys',
  revoke: 'connect.pim.dev/revoke-keys',
  handled: 'connect.pim.dev/keys-handled',
} as const;

/** Keys that the operator writes into a credentials Secret; `spec.secret.data` may name none of them. */
export const secretKeys = {
  clientId: 'client-id',
  clientSecret: 'client-secret',
  username: 'username',
  password: 'password',
  type: 'type',
  provider: 'provider',
  uri: 'uri',
  tokenUri: 'token-uri',
  auth: 'auth',
} as const;

/** The two secret values of a connection, as `status.credentials` and `status.rotation` name them. */
export type Part = 'clientSecret' | 'password';
/** Both parts, in the order in which they are shown. */
export const parts: readonly Part[] = ['clientSecret', 'password'];
