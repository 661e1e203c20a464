import { StoreError } from '../store/store.ts';
import { reject } from './authenticate-client.ts';
import { findLogin } from './find-login.ts';
import { issueTokens } from './issue-tokens.ts';
import { buildError } from './own-request.ts';
import { readRefreshToken } from './refresh-token.ts';
import type { Grant } from './token-endpoint.ts';

const wrongToken = 'Refresh token is invalid or has expired';

/**
 * Grant `refresh_token`: the token is taken in the store, once over all gateways, before the reply. The new pair goes on
 * with the client secret that was presented now and the password version of the login.
 */
export const grantRefresh: Grant = async (context, keys, client, { parameters }) => {
  const token = parameters.get('refresh_token') ?? '';
  if (token === '') return reject(context, 'Parameter "grant_type" or "refresh_token" is missing or empty');
  const { clock, settings, store, reports } = context;
  const now = clock();
  const grant = readRefreshToken(keys, settings.name, token);
  const login = grant && findLogin(context, grant, now);
  if (!login || login.client.metadata.uid !== client.connection.metadata.uid) return reject(context, wrongToken);
  if (parameters.get('scope')) return reject(context, 'An unsupported scope was requested.');
  const { session, number, userVersion } = grant;
  try {
    const taken = { session, number, expires: grant.expires * 1000 };
    if (!(await store.takeRefresh(taken, now + settings.refreshLifetime * 1000))) {
      reports.counted('reused');
      return buildError(422, wrongToken);
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    reports.counted('unavailable');
    return buildError(503, 'Refresh tokens cannot be taken at the moment. Try again later.', { 'retry-after': '5' });
  }
  reports.counted('refreshed');
  const user = { connection: login.user, version: userVersion };
  return issueTokens(context, keys, { id: session, number: number + 1, client, user }, now);
};
