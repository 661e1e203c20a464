import { buildBusy, reject } from './authenticate-client.ts';
import { issueTokens, makeId } from './issue-tokens.ts';
import { isPairAllowed } from './pairing.ts';
import type { Grant } from './token-endpoint.ts';

const wrongUser = 'No user found for the given username and password';

/** Grant `password` (RFC 6749 section 4.3): opens a session. Writes nothing, so it works while the store is away. */
export const grantPassword: Grant = async (context, keys, client, { parameters, network }) => {
  const username = parameters.get('username') ?? '';
  const password = parameters.get('password') ?? '';
  if (username === '' || password === '') {
    return reject(context, 'Parameter "grant_type", "username" or "password" is missing, empty or invalid');
  }
  const user = context.directory.findByUsername(username);
  if (!user) return reject(context, wrongUser);
  const now = context.clock();
  const verdict = await context.checker.check(user, 'password', [password], { keys: keys.ring, now, network });
  if (verdict.kind === 'busy') return buildBusy(context, verdict.retryAfter);
  if (verdict.kind === 'retired') context.reports.retired(user, 'password', verdict.version);
  if (verdict.kind !== 'accepted' || !isPairAllowed(client.connection, user, context.settings.pairing)) {
    return reject(context, wrongUser);
  }
  if (parameters.get('scope')) return reject(context, 'An unsupported scope was requested.');
  context.reports.counted('granted');
  const session = { id: makeId(), number: 1, client, user: { connection: user, version: verdict.version } };
  return issueTokens(context, keys, session, now);
};
