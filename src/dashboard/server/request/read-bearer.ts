/** Longest token that is looked at; one with hundreds of groups is shorter. */
const longest = 32_768;

/** Characters of a bearer token (RFC 6750 section 2.1). */
const tokenPattern = /^[A-Za-z0-9\-._~+/]+=*$/;

/** A token as a person pastes it, blanks and line breaks around it cut off; `undefined` when it cannot be one. */
export function readToken(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  const token = text.trim().replace(/^Bearer\s+/i, '');
  return token.length <= longest && tokenPattern.test(token) ? token : undefined;
}

/**
 * The token in the values of all `Authorization` headers. `undefined`: there is none of the scheme Bearer. `ambiguous`:
 * several headers or something that no token can be, which nobody should guess about.
 */
export function readBearer(values: readonly string[]): string | 'ambiguous' | undefined {
  const bearers = values.filter((value) => /^bearer\b/i.test(value));
  if (bearers.length === 0) return undefined;
  const token = values.length === 1 ? readToken(values[0]) : undefined;
  return token !== undefined && /^bearer +\S+$/i.test(values[0] ?? '') ? token : 'ambiguous';
}
