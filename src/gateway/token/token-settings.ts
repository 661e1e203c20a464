/** What the configuration says about tokens. */
export interface TokenSettings {
  /** The gateway's name: audience of every token. */
  readonly name: string;
  /** Issuer: the public address when it is configured, else the name. Never taken from a request. */
  readonly issuer: string;
  /** Seconds that an access token lives. */
  readonly accessLifetime: number;
  /** Seconds that a refresh token lives. */
  readonly refreshLifetime: number;
  /** Whether a client id may be used with the username of another connection. */
  readonly pairing: 'warn' | 'namespace' | 'enforce';
}
