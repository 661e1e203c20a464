/** The header by which the gateway shows the upstream who it is. */
export interface CredentialHeader {
  readonly name: string;
  readonly value: string;
}

/** The upstream gives the gateway no login; the message says why, without a value. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  readonly code = 'UpstreamLogin';
  readonly retry = true;
}

/** The gateway's own credentials towards the upstream. */
export interface UpstreamCredentials {
  /** For the next request; `undefined` where the upstream asks for none. Rejects with `LoginError`. */
  read(): Promise<CredentialHeader | undefined>;
  /**
   * The upstream refused what `refused` said, with one of `refusals`. Resolves with true when there is something newer to
   * try, whoever asked for it first. Never rejects.
   */
  renew(refused: CredentialHeader | undefined, status: number): Promise<boolean>;
  /** Statuses by which the upstream says that it means the gateway, not its client. */
  readonly refusals: ReadonlySet<number>;
}

/** No credentials. A 401 still cannot mean the client, whose token was verified here. */
export const noCredentials: UpstreamCredentials = {
  read: async () => undefined,
  renew: async () => false,
  refusals: new Set([401]),
};

/** One header for ever, as the configuration has it. */
export function buildFixedCredentials(header: CredentialHeader): UpstreamCredentials {
  return { read: async () => header, renew: async () => false, refusals: new Set([401, 403]) };
}
