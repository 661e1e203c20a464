/** How a call ended, for metrics and logs. */
export const decisions = [
  'allowed',
  /** No token, or one that does not count. */
  'unauthenticated',
  /** The role has no overall access, or role or group are gone or may not be used. */
  'no_access',
  /** The role does not allow this call, or the call is not of a form that is allowed. */
  'forbidden',
  /** The group does not see all of the catalog. */
  'catalog',
  'limited',
  /** What is known of Connections is too old. */
  'stale',
  /** It was allowed, but the upstream gave no answer. */
  'upstream_error',
] as const;

export type Decision = (typeof decisions)[number];
