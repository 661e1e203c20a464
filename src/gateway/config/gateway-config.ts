import type { UnconfirmedEndpoints } from '../../access/decide-access.ts';
import type { ListenAddress } from '../../process/read-listen-address.ts';
import type { TrustedProxies } from '../request/parse-trusted-proxies.ts';
import type { AuthzSource } from '../request/read-authz-request.ts';
import type { PublicAddress } from '../request/read-public-address.ts';

/** How the gateway shows the upstream who it is itself. */
export type UpstreamAuth =
  | { readonly type: 'none' }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | {
      readonly type: 'akeneo';
      readonly clientId: string;
      readonly clientSecret: string;
      readonly username: string;
      readonly password: string;
    };

/** Whether a client id of one Connection may be used with the username of another. */
export type CredentialPairing = 'warn' | 'namespace' | 'enforce';

/** The configuration file, checked, with every default filled in. Times are milliseconds. */
export interface GatewayConfig {
  /** Audience of tokens. */
  readonly name: string;
  readonly listen: ListenAddress;
  /** Names of PEM files; absent: no TLS. */
  readonly tls?: { readonly cert: string; readonly key: string };
  readonly admin: ListenAddress;
  /** Empty namespaces: all. Empty selector: all. */
  readonly connections: { readonly namespaces: readonly string[]; readonly selector: string };
  /** Absent: from the request. */
  readonly publicUrl?: PublicAddress;
  readonly trustedProxies: TrustedProxies;
  readonly keySecret: { readonly namespace: string; readonly name: string };
  readonly upstream: {
    /** Scheme, host and port alone. */
    readonly url: URL;
    readonly auth: UpstreamAuth;
    readonly dropHeaders: readonly string[];
  };
  readonly tokens: { readonly access: number; readonly refresh: number };
  /** Of one Connection, in this process; 0: none. */
  readonly limits: { readonly concurrent: number; readonly perSecond: number };
  readonly credentialPairing: CredentialPairing;
  readonly authz: { readonly from: AuthzSource };
  readonly unconfirmedEndpoints: UnconfirmedEndpoints;
  readonly maxStaleness: number;
  readonly onStale: 'keep' | 'refuse';
  readonly flows: { readonly store: string; readonly flush: number; readonly retention: number };
}
