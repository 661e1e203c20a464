/** One side of a token: whose it is and which version of its value was presented. */
export interface BoundSide {
  /** `metadata.uid` of the Connection. */
  readonly uid: string;
  readonly version: string;
}

/** What an access token carries, RFC 9068 and what binds it to its connections. Times in seconds since the epoch. */
export interface AccessClaims {
  readonly iss: string;
  readonly aud: string;
  /** The username. */
  readonly sub: string;
  readonly client_id: string;
  readonly iat: number;
  readonly exp: number;
  /** Id of this token. */
  readonly jti: string;
  /** Session that it belongs to. */
  readonly sid: string;
  readonly client: BoundSide;
  readonly user: BoundSide;
}

/** The claims in a verified payload; `undefined` when one is missing or of another type. */
export function readAccessClaims(payload: Readonly<Record<string, unknown>>): AccessClaims | undefined {
  const texts = ['iss', 'aud', 'sub', 'client_id', 'jti', 'sid'].every((name) => typeof payload[name] === 'string');
  const times = ['iat', 'exp'].every((name) => Number.isSafeInteger(payload[name]));
  return texts && times && isSide(payload.client) && isSide(payload.user)
    ? (payload as unknown as AccessClaims)
    : undefined;
}

function isSide(value: unknown): value is BoundSide {
  const { uid, version } = (value ?? {}) as Partial<BoundSide>;
  return typeof uid === 'string' && typeof version === 'string';
}
