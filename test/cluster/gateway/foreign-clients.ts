import { createRequire } from 'node:module';

/** The part of `node-akeneo-api` that is used here; its own types say nothing. Its settings are those of the module. */
export interface NodeAkeneoApi {
  setLogger(logger: Readonly<Record<'debug' | 'info' | 'warn' | 'error', () => void>>): void;
  setBaseUrl(value: string): void;
  setClientId(value: string | undefined): void;
  setSecret(value: string | undefined): void;
  setUsername(value: string | undefined): void;
  setPassword(value: string | undefined): void;
  /** Every page. */
  get(apiUrl: string): Promise<readonly { readonly identifier: string }[]>;
  patch(apiUrl: string, data: object): Promise<{ readonly statusCode: number }>;
  patchVndAkeneoCollection(
    apiUrl: string,
    lines: readonly object[],
  ): Promise<{ readonly statusCode: number; readonly responses: readonly { readonly status_code: number }[] }>;
}

/** The part of `simple-oauth2` that is used here; it comes without types. */
export interface SimpleOauth2 {
  readonly ResourceOwnerPassword: new (options: {
    readonly client: { readonly id: string | undefined; readonly secret: string | undefined };
    readonly auth: { readonly tokenHost: string; readonly tokenPath: string; readonly revokePath: string };
    readonly options: { readonly bodyFormat: 'form' | 'json'; readonly authorizationMethod: 'header' | 'body' };
  }) => { getToken(params: object): Promise<SimpleToken> };
}

export interface SimpleToken {
  readonly token: { readonly access_token: string; readonly refresh_token: string; readonly expires_in: number };
  expired(): boolean;
  refresh(): Promise<SimpleToken>;
  revoke(type: 'access_token' | 'refresh_token'): Promise<void>;
}

const require = createRequire(import.meta.url);

/** A copy of its own: the package keeps its one token in a variable. */
export function loadNodeAkeneoApi(): NodeAkeneoApi {
  const path = require.resolve('node-akeneo-api');
  delete require.cache[path];
  const client = require(path) as NodeAkeneoApi;
  const say = (): void => undefined;
  // Its log would show passwords.
  client.setLogger({ debug: say, info: say, warn: say, error: say });
  return client;
}

export function loadSimpleOauth2(): SimpleOauth2 {
  return require('simple-oauth2') as SimpleOauth2;
}
