/**
 * When a JWT says that it ends, in milliseconds since 1970; `undefined` for any other token and for one without end.
 * Nothing is verified: whether the token is good is for the cluster to say, each time.
 */
export function readTokenEnd(token: string): number | undefined {
  const [, claims, signature, ...rest] = token.split('.');
  if (claims === undefined || signature === undefined || rest.length > 0) return undefined;
  try {
    const { exp } = Object(JSON.parse(Buffer.from(claims, 'base64url').toString('utf8'))) as { exp?: unknown };
    return typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
